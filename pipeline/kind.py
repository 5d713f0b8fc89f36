"""The kind of a page. Only articles go on; a page of any other kind is a Rejection with its reason.

The URL decides where it is unambiguous. Otherwise a trained classifier decides by the URL, by what the page
says about itself, and by what its main content consists of (`page_features.measure_page` and `measure`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import numpy as np

from ..records import Reason
from ..urls import path_of_folder
from . import faq, metadata
from .blocks import Block, plain
from .content import Judgement
from .forest import Forest
from .page_features import GOOD_WORDS
from .parsed_page import ParsedPage

__all__ = ["FEWEST_WORDS", "KINDS", "OWNERS_KINDS", "Ruling", "is_faq", "judge", "measure", "probabilities"]

# An article has at least this many words: shorter texts are teasers, and posts of 42 words were seen
# (docs/measurements.md, page-kind)
FEWEST_WORDS = 40
_LISTING_PATH = re.compile(
    r"/(?:category|categories|tags?|author|archives?(?!/\d)|topics?|page|search|feed)(?:/|$)"
    r"|/page/\d+/?$"
    r"|/(?:19|20)\d\d(?:/\d\d){0,2}/?$"
    r"|/(?:blog|news|articles?|posts|sitemap|library|resources"
    r"|testimonials?|reviews?|gallery|portfolio)(?:/index)?(?:\.html?"
    r"|\.php)?/?$",
    re.IGNORECASE,
)
_CONTACT_PATH = re.compile(
    r"/(?:contact(?:[-_]?us)?|[ck]onta[ck]to?|contato|contatti|kontakty|contactez[-_]nous|nous[-_]contacter"
    r"|iletisim|kapcsolat|yhteystiedot|(?:new[-_])?appointments?"
    r"|book(?:ing)?(?:[-_]\w+)?|locations?|directions|find[-_]us"
    r"|hours|office[-_](?:hours|tour)|"
    r"about(?:[-_]?us)?"
    r"|staff"
    r"|our[-_]team"
    r"|meet[-_][\w-]+"
    r"|new[-_]patients?(?:[-_]\w+)*"
    r"|insurance"
    r"|payment"
    r"|forms?"
    r"|careers?"
    r"|events?"
    r"|links?"
    r")"
    r"(?:\.html?|\.php)?/?$",
    re.IGNORECASE,
)
# Paths of pages about the site itself, also with words before them ("library-privacy"); an article about
# such a thing has other words in it ("privacy-of-teens", "oatmeal-cookies")
_LEGAL_WORDS = (
    r"(?:policy|policies|notice|notices|practices|statement|settings|preferences|information|rights|privacy"
    r"|security|compliance|consent|terms|conditions|services?|use|sale|delivery|of|and|the|for|your|our|us"
    r"|eu|uk|ca|\d+)"
)
_LEGAL_PATH = re.compile(
    r"/(?:(?:privacy|cookies?|terms|hipaa|accessibility|legal|refunds?|shipping|returns?)"
    rf"(?:[-_]{_LEGAL_WORDS})*"
    rf"|[\w-]+[-_](?:(?:privacy|hipaa)(?:[-_]{_LEGAL_WORDS})*|(?:cookies?|terms)(?:[-_]{_LEGAL_WORDS})+)"
    r"|(?:[\w-]+[-_])?disclaimer|good[-_]faith[-_]estimate|impressum|datenschutz(?:erkl(?:ae|ä)rung)?"
    r"|login|register|thank[-_]you|specials?|special[-_]offers?|mentions[-_]l[eé]gales|aviso[-_]legal"
    r"|pol[ií]tica[-_]de[-_](?:privacidade?|cookies)|politique[-_]de[-_]confidentialit[eé]|note[-_]legali"
    r"|informativa[-_]privacy|privacyverklaring|polityka[-_]prywatno[sś]ci|gizlilik[-_]politikas[iı])"
    r"(?:\.html?|\.php)?/?$",
    re.IGNORECASE,
)
_HOME_PATH = re.compile(
    r"/(?:index|home(?:[-_]?page)?|default)?(?:\.html?|\.php|\.aspx?)?/?|/(?:[a-z]{2}(?:-[a-z]{2})?)/?",
    re.IGNORECASE,
)
# What lists of questions are called in addresses and titles, in the languages of `language.py`'s usual sites;
# collected by hand
_FAQ = re.compile(
    r"faqs?|q and a|(?:(?:our|your|patient|common|frequent(?:ly)?) )+(?:asked )?questions"
    r"(?: and answers| faqs?)?"
    r"|h(?:ä|ae|a)ufig(?:e|ste)?(?: gestellte)? fragen|fragen und antworten|preguntas (?:m[aá]s )?frecuentes"
    r"|questions? (?:les plus )?fr[eé]quentes?|foire aux questions|domande(?: pi[uù])? frequenti"
    r"|perguntas(?: mais)? frequentes|d[uú]vidas frequentes|veel ?gestelde vragen"
    r"|najcz[eę][sś]ciej zadawane pytania|pytania i odpowiedzi|[cč]ast[eé] (?:dotazy|ot[aá]zky)"
    r"|s[iı]k(?:[cç]a)? sorulan(?:lar| sorular)|sss|часто задаваемые вопросы|вопросы и ответы|часті запитання"
    r"|vanliga fr[aå]gor|ofte stil(?:te|lede) sp[oø]rsm[aå]l|usein kysyttyä|gyakori k[eé]rd[eé]sek"
    r"|[iî]ntreb[aă]ri frecvente|συχνές ερωτήσεις|שאלות (?:נפוצות|ותשובות)|الأسئلة الشائعة"
    r"|よくある(?:ご)?質問"
    r"|常见问题|常見問題|자주 묻는 질문|câu hỏi thường gặp|คำถามที่พบบ่อย",
    re.IGNORECASE,
)
_ASKED = 0.5  # share of the kept words in declared questions and answers from which a page is a list of them
_ERROR = re.compile(
    r"(?:page|file) (?:not found|cannot be found|does not exist)"
    r"|\b404\b"
    r"|nothing (?:was )?found"
    r"|seite nicht gefunden"
    r"|página no encontrada",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?:\w+ ){0,2}(?:disclaimer|privacy (?:policy|notice"
    r"|practices)|terms (?:of (?:use|service)|and conditions)"
    r"|cookie policy)",
    re.IGNORECASE,
)
_PRODUCT_TYPES = frozenset({"product", "offer", "individualproduct", "productgroup"})
_FORUM_TYPES = frozenset({"discussionforumposting", "qapage"})
_ARTICLE_TYPES = frozenset({"article", "blogposting", "newsarticle", "medicalwebpage"})
# Probability of being an article from which a page is kept (docs/measurements.md, page-kind). Service pages
# of clinics explain conditions and treatments much as articles do, so only a page quite unlike an article is
# rejected as a service page.
# Probability of being an article from which a page is one although its URL has a word such as "contact";
# chosen by hand
_OUTVOTES_PATH = 0.6
_KEPT_FOR_A_DOUBT = 0.2
_KEPT_BESIDE_SERVICE = 0.05  # if the most probable other kind is a service page

KINDS = ("article", "documentation", "listing", "service", "product", "forum", "home")
# What an owner can keep (`SiteRules.kinds`)
OWNERS_KINDS = (*(kind for kind in KINDS if kind != "documentation"), "contact", "faq")
_ARTICLES = ("article", "documentation")  # both are texts for readers, and both are kept
_REASONS = {
    "listing": Reason.LISTING,
    "service": Reason.CONTACT,
    "product": Reason.PRODUCT,
    "forum": Reason.FORUM,
    "home": Reason.HOME,
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """The kind of a page and, unless it is kept, the reason for its rejection."""

    kind: str  # one of KINDS, "contact", "faq" or "error"
    reason: Reason | None = None  # None if the page is kept
    detail: str = ""  # what the ruling is based on


def measure(judgement: Judgement) -> list[float]:
    """Return the features of a page for `probabilities`: those of the whole page and of its main content."""
    blocks, scores = judgement.blocks, judgement.scores
    kept = [position for position in sorted(judgement.chosen) if position not in judgement.dropped]
    words = sum(blocks[position].words for position in kept)
    every = sum(block.words for block in blocks) or 1
    linked = sum(blocks[position].words * blocks[position].link_density for position in kept)
    prose = sum(blocks[position].words >= GOOD_WORDS for position in kept)
    sure = sum(scores[position] * blocks[position].words for position in kept)
    headings = sum(blocks[position].is_heading for position in kept)
    linked_headings = sum(
        blocks[position].is_heading and blocks[position].link_density > 0.8 for position in kept
    )
    count = len(kept) or 1
    return [
        *judgement.page, math.log1p(words), words / every, linked / (words or 1), prose, prose / count,
        sure / (words or 1), headings / count, linked_headings, math.log1p(count), words / count,
    ]  # fmt: skip


def probabilities(row: Sequence[float], trained: Forest) -> dict[str, float]:
    """Return the probability of every kind; the probabilities add up to 1."""
    powers = np.exp(trained.score_kinds(np.asarray([row], np.float32), len(KINDS))[0])
    return dict(zip(KINDS, (powers / powers.sum()).tolist(), strict=True))


def judge(parsed_page: ParsedPage, kept: Sequence[Block], title: str, likely: Mapping[str, float]) -> Ruling:
    """Return the kind of a page. `likely` holds its `probabilities`; empty if they were not computed."""
    path = path_of_folder(parsed_page.url)
    words = sum(block.words for block in kept if not block.is_heading)
    if _ERROR.search(title or parsed_page.title) and words < 3 * FEWEST_WORDS:
        return Ruling("error", Reason.ERROR_PAGE, f"titled {title or parsed_page.title!r}")
    if _HOME_PATH.fullmatch(path) and "?" not in parsed_page.url:
        return Ruling("home", Reason.HOME, "the URL of a home page")
    if _LISTING_PATH.search(path):
        return Ruling("listing", Reason.LISTING, "the URL of a listing")
    if _CONTACT_PATH.search(path) and _article(likely) < _OUTVOTES_PATH:
        return Ruling("contact", Reason.CONTACT, "the URL of a contact or service page")
    if _LEGAL_PATH.search(path):
        return Ruling("contact", Reason.CONTACT, "the URL of a page about the site itself")
    if _LEGAL.fullmatch(title.strip()):
        return Ruling("contact", Reason.CONTACT, f"titled {title!r}")
    return _by_type(parsed_page) or _by_likeness(likely) or _by_length(words)


def is_faq(parsed_page: ParsedPage, kept: Sequence[Block], title: str) -> bool:
    """Whether a page is a list of questions and answers: by its address, its title or most of its text."""
    last = unquote(path_of_folder(parsed_page.url).rstrip("/").rpartition("/")[2])
    name = plain(re.sub(r"\.(?:html?|php|aspx)$", "", last).replace("_", " "))
    if _FAQ.fullmatch(name) or _FAQ.fullmatch(plain(title)):
        return True
    pairs = faq.declared(parsed_page)
    asked = sum(kept[position].words for position in faq.shown(pairs, kept)) if pairs else 0
    return asked >= _ASKED * sum(block.words for block in kept) > 0


def _by_type(parsed_page: ParsedPage) -> Ruling | None:
    """Return the ruling for a page that calls itself a product or a forum, else None.

    A page that calls itself both a product and an article in its JSON-LD is not a product.
    """
    kinds = {kind for node in parsed_page.data for kind in metadata.types(node)}
    claimed = parsed_page.first("og:type").lower()
    if (kinds & _PRODUCT_TYPES and not kinds & _ARTICLE_TYPES) or claimed == "product":
        return Ruling("product", Reason.PRODUCT, "calls itself a product")
    return Ruling("forum", Reason.FORUM, "calls itself a forum") if kinds & _FORUM_TYPES else None


def _article(likely: Mapping[str, float]) -> float:
    """Return the probability that a page is an article; 0 if it was not computed."""
    return sum(likely.get(kind, 0.0) for kind in _ARTICLES)


def _by_likeness(likely: Mapping[str, float]) -> Ruling | None:
    article = _article(likely)
    best = max(_REASONS, key=lambda kind: likely.get(kind, 0.0))
    if not likely or article >= (_KEPT_BESIDE_SERVICE if best == "service" else _KEPT_FOR_A_DOUBT):
        return None
    return Ruling(
        best,
        _REASONS[best],
        f"looks like a {best} page ({likely[best]:.0%}), not like an article ({article:.0%})",
    )


def _by_length(words: int) -> Ruling:
    return (
        Ruling("article", Reason.THIN, f"{words} words of main content")
        if words < FEWEST_WORDS
        else Ruling("article")
    )
