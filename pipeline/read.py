"""Read a Page: the stages in order.

    refuse      what is no readable document       (status, type, size, robots)
    decode      bytes to characters                decode.py
    rules       the owner's selectors              rules.py      Beautiful Soup
    parse       characters to one tree             document.py   lxml
    segment     tree to blocks                     blocks.py
    observe     what this page shows of its site   site.py
    judge       which blocks are main content      content.py
    title, byline, kind, dates, language, topics, fingerprint

Every stage is a function of values; `Context` holds all that is known beyond the page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .. import urls
from ..article import Article, Page, Person, Reason, Rejection, SnippetLimits, Topic
from ..vocabulary.concepts import Vocabulary
from . import byline, content, dates, duplicates, fingerprint, kind, language, metadata, person, plaintext, render, robots, rules, site, title, topics
from .blocks import Block, segment
from .content import Verdict
from .decode import decode
from .document import Document, parse
from .site import Notes, SiteModel

__all__ = ["MAX_MARKUP", "VERSION", "Context", "Reading", "article_id", "examine", "examine_text", "read"]

VERSION = "1"  # raise it when a change here should make stored pages be read again
MAX_MARKUP = 3_000_000  # bytes; a longer page is refused (docs/measurements.md, answer-limits)
_SUMMARY = 200  # characters
_EMPTY_SHELL = 30  # words of text on a page that is a shell for scripts
_HTML = re.compile(r"text/html|application/xhtml\+xml|^$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beyond the page."""

    site: str
    vocabulary: Vocabulary
    model: SiteModel = field(default_factory=SiteModel)
    rules: rules.SiteRules = rules.NO_RULES


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a page. Picklable without `verdicts`, which only `examine` fills."""

    outcome: Article | Rejection
    notes: Notes | None = None  # None if the page is no document
    canonical: str = ""  # the believed canonical URL
    digest: str = ""  # of the normalised text; "" for a Rejection
    verdicts: tuple[Verdict, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()  # field -> where its value comes from


def read(page: Page, context: Context) -> Reading:
    """Read a page. Never raises on any bytes."""
    return replace(examine(page, context), verdicts=())


def examine(page: Page, context: Context) -> Reading:
    """Read a page and keep the verdict on every block, for people."""
    refused = _refusal(page, context.rules)
    if refused:
        return Reading(refused)
    ruled = rules.apply(decode(page.body, page.charset), context.rules)
    document = parse(ruled.markup, page.final_url)
    if document is None:
        return Reading(Rejection(page.url, Reason.UNREADABLE, "no markup in it"))
    blocks = segment(document)
    notes = site.observe(document, blocks, tuple(metadata.authors(document)))
    wanted = robots.directives(page, document)
    if wanted.noindex:
        return Reading(Rejection(page.url, Reason.NOINDEX, "asked for by the page"), notes)
    return _Desk(page, context, document, blocks, ruled, wanted.limits).reading(notes)


def _refusal(page: Page, site_rules: rules.SiteRules) -> Rejection | None:
    kind_of = page.header("content-type")
    path = urls.path_of(page.final_url)
    if page.status >= 300:
        return Rejection(page.url, Reason.ERROR_PAGE, f"status {page.status}{', moved' if page.status < 400 else ''}")
    if not _HTML.search(kind_of.split(";")[0].strip()):
        return Rejection(page.url, Reason.NOT_HTML, kind_of)
    if len(page.body) > MAX_MARKUP:
        return Rejection(page.url, Reason.TOO_LARGE, f"{len(page.body):,} bytes of markup")
    if any(pattern.fullmatch(path) for pattern in site_rules.exclude):
        return Rejection(page.url, Reason.EXCLUDED, "by the site's settings")
    if robots.directives(page, None).noindex:
        return Rejection(page.url, Reason.NOINDEX, "asked for by a header")
    return None


@dataclass(frozen=True, slots=True)
class _Desk:
    """One page being read, with all that lies on the desk while the stages are asked in turn."""

    page: Page
    context: Context
    document: Document
    blocks: list[Block]
    ruled: rules.Ruled
    limits: SnippetLimits

    def reading(self, notes: Notes) -> Reading:
        verdicts = self._judged()
        kept = [verdict.block for verdict in verdicts if verdict.kept]
        model = self.context.model
        heading, title_origin = title.find(self.document, self.blocks, kept, model)
        signed = byline.find(self.document, self.blocks, kept, model)
        verdicts = _without(verdicts, signed.blocks, heading)
        canonical = believed_canonical(self.document, model)
        refused = self._no_article(verdicts, heading)
        if refused:
            return Reading(refused, notes, canonical, "", tuple(verdicts))
        article, origins = self._article([v.block for v in verdicts if v.kept], heading, signed, canonical)
        if self.context.rules.language and article.language not in self.context.rules.language:
            wrong = Rejection(self.page.url, Reason.WRONG_LANGUAGE, str(article.language))
            return Reading(wrong, notes, canonical, "", tuple(verdicts))
        origins = (("title", title_origin), *origins)
        return Reading(article, notes, canonical, duplicates.digest(article.text), tuple(verdicts), origins)

    def _judged(self) -> list[Verdict]:
        chosen = self.document.root.find(f".//*[@{rules.CHOSEN}]") if self.context.rules.content else None
        return content.judge_chosen(self.blocks, chosen) if chosen is not None else content.judge(self.blocks, self.context.model)

    def _no_article(self, verdicts: Sequence[Verdict], heading: str) -> Rejection | None:
        words = sum(block.words for block in self.blocks)
        if words < _EMPTY_SHELL and self.document.root.find(".//script") is not None:
            return Rejection(self.page.url, Reason.NEEDS_JAVASCRIPT, f"{words} words of text beside scripts")
        found = kind.judge(self.document, verdicts, heading)
        return Rejection(self.page.url, *found) if found else None

    def _article(self, kept: list[Block], heading: str, signed: byline.Byline, canonical: str) -> tuple[Article, tuple[tuple[str, str], ...]]:
        text = render.text(kept)
        headings = _headings(kept)
        published, modified = self._dates(kept)
        authors, author_origin = self._authors(signed)
        article = Article(
            id=article_id(canonical),
            url=self.page.final_url,
            site=self.context.site,
            title=heading,
            text=text,
            headings=headings,
            authors=authors,
            reviewed_by=signed.reviewed_by,
            source=signed.source,
            published=published,
            modified=modified,
            language=language.detect(text, self.document.language),
            topics=self._topics(kept, topics.Wording(heading, headings, text)),
            summary=_summary(self.document.first("description", "og:description"), text),
            image=urls.canonical(self.document.first("og:image"), self.page.final_url) if self.document.first("og:image") else None,
            word_count=sum(block.words for block in kept),
            fingerprint=fingerprint.simhash(text),
            limits=self.limits,
        )
        return article, (("authors", author_origin),)

    def _dates(self, kept: Sequence[Block]) -> dates.Dates:
        day = self.page.fetched_at.date()
        chosen = dates.parse_day(self.ruled.date, day) if self.ruled.date else None
        published, modified = dates.find(self.document, byline.near(self.blocks, kept), day)
        return chosen or published, modified

    def _authors(self, signed: byline.Byline) -> tuple[tuple[Person, ...], str]:
        chosen = tuple(person.split(self.ruled.author)) if self.ruled.author else ()
        return (chosen, "owner") if chosen else (signed.authors, signed.origin)

    def _topics(self, kept: Sequence[Block], wording: topics.Wording) -> tuple[Topic, ...]:
        found = topics.find(self.document, kept[0].element if kept else None, wording, self.context.vocabulary)
        chosen = tuple(Topic(label, None, "owner") for label in self.ruled.topics)
        return chosen or found


def _without(verdicts: Sequence[Verdict], signed: Sequence[Block], heading: str) -> list[Verdict]:
    """Take the byline and the title out of the text, now that they have been read."""
    names = {id(block) for block in signed}
    result = []
    for verdict in verdicts:
        if verdict.kept and id(verdict.block) in names:
            verdict = Verdict(verdict.block, False, "byline")
        elif verdict.kept and title.is_title(verdict.block.text, heading):
            verdict = Verdict(verdict.block, False, "title")
        result.append(verdict)
    return result


def believed_canonical(document: Document, model: SiteModel) -> str:
    """Give the canonical URL the page claims where it can be true, else its own address.

    It cannot be true on another site, on the home page, or where different pages claim the same one.
    """
    claimed = document.canonical
    if not claimed or not urls.same_site(claimed, document.url) or claimed in model.shared_canonicals:
        return document.url
    return claimed if urls.path_of(claimed) != "/" else document.url


def article_id(canonical: str) -> str:
    """Give the id of an article: the first 20 hex digits of the SHA-256 of its canonical URL."""
    return hashlib.sha256(canonical.encode()).hexdigest()[:20]


def _headings(kept: Sequence[Block]) -> tuple[str, ...]:
    return tuple(block.text for block in kept if block.is_heading)


def _summary(described: str, text: str) -> str:
    """Give the publisher's description, or the first words of the text."""
    if described:
        return described
    plain = " ".join(text.split())
    return plain if len(plain) <= _SUMMARY else plain[: plain.rfind(" ", 0, _SUMMARY)] + " …"


def examine_text(text: str, context: Context, url: str = "") -> Reading:
    """Read a plain-text dump of a page."""
    blocks = plaintext.segment(text)
    place = plaintext.title_place(blocks)
    heading = blocks[place].text if place is not None else ""
    verdicts = content.judge(blocks, context.model)
    start = place if place is not None else 0
    verdicts = [Verdict(v.block, False, "before the title") if n < start else v for n, v in enumerate(verdicts)]
    kept = [v.block for v in verdicts if v.kept]
    signed = byline.find_in_text(kept)
    verdicts = _without(verdicts, signed.blocks, heading)
    kept = [v.block for v in verdicts if v.kept]
    words = sum(block.words for block in kept)
    if words < kind.FEWEST_WORDS:
        return Reading(Rejection(url, Reason.THIN, f"{words} words of main content"), verdicts=tuple(verdicts))
    body, headings = render.text(kept), _headings(kept)
    article = Article(
        id=article_id(url or duplicates.digest(body)),
        url=url,
        site=context.site,
        title=heading,
        text=body,
        headings=headings,
        authors=signed.authors,
        reviewed_by=signed.reviewed_by,
        source=signed.source,
        language=language.detect(body),
        topics=tuple(topics.from_vocabulary(topics.Wording(heading, headings, body), context.vocabulary)),
        summary=_summary("", body),
        word_count=words,
        fingerprint=fingerprint.simhash(body),
    )
    return Reading(article, None, url, duplicates.digest(body), tuple(verdicts), (("title", "first heading"), ("authors", signed.origin)))


def unreadable(page: Page, detail: str) -> Reading:
    """Give the reading of a page that could not be read in time or memory."""
    return Reading(Rejection(page.url, Reason.UNREADABLE, detail))
