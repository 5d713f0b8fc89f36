"""Read a Page: the stages in order.

    refuse      what is no readable document       (status, type, size, robots)
    decode      bytes to characters                decode.py
    rules       the owner's selectors              rules.py      Beautiful Soup
    parse       characters to one tree             document.py   lxml
    segment     tree to blocks                     blocks.py
    observe     what this page shows of its site   site.py
    judge       which blocks are main content      content.py
    title, byline, kind, dates, language, topics, fingerprint

`observe` goes as far as the site needs to be learned, `read` to the end.

Every stage is a function of values; `Context` holds all that is known beyond the page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .. import urls
from ..article import Article, Page, Person, Reason, Rejection, SnippetLimits, Topic
from ..vocabulary.concepts import Vocabulary
from . import (
    byline,
    content,
    dates,
    duplicates,
    fingerprint,
    kind,
    language,
    metadata,
    person,
    plaintext,
    render,
    robots,
    rules,
    signature,
    site,
    tags,
    title,
    topics,
)
from . import correction as corrections
from .blocks import Block, Segments, segment
from .content import Judgement, Verdict
from .decode import decode
from .document import Document, parse
from .site import Notes, SiteModel
from .trained import Trained

__all__ = ["MAX_MARKUP", "VERSION", "Context", "Reading", "article_id", "examine", "examine_text", "observe", "read", "texts", "unreadable"]

VERSION = "2"  # raise it when a change here should make stored pages be read again
MAX_MARKUP = 3_000_000  # bytes; a longer page is refused (docs/measurements.md, answer-limits)
_SUMMARY = 200  # characters
_EMPTY_SHELL = 30  # words of text on a page that is a shell for scripts
_MOST_BLOCKS = 50_000  # of text; the longest of 2,742 real pages has 2,641
_DEEPEST = 2_040  # boxes in each other; libxml2 drops what lies deeper than 2,048 elements
_HTML = re.compile(r"text/html|application/xhtml\+xml|^$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beyond the page."""

    site: str
    vocabulary: Vocabulary
    trained: Trained
    model: SiteModel = field(default_factory=SiteModel)
    rules: rules.SiteRules = rules.NO_RULES
    force: bool = False  # make an article of every page that has text, and say in `Reading.refused` what speaks against it


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a page. Picklable without `judgement`, which only `examine` fills."""

    outcome: Article | Rejection
    notes: Notes | None = None  # None if the page is no document
    canonical: str = ""  # the believed canonical URL
    digest: str = ""  # of the normalised text; "" for a Rejection
    judgement: Judgement | None = None
    origins: tuple[tuple[str, str], ...] = ()  # field -> where its value comes from
    refused: Rejection | None = None  # why a forced article is none
    noarchive: bool = False  # the page asks that no copy of it is kept

    @property
    def verdicts(self) -> list[Verdict]:
        """What became of every block."""
        return self.judgement.verdicts() if self.judgement else []


def read(page: Page, context: Context) -> Reading:
    """Read a page. Never raises on any bytes."""
    return replace(examine(page, context), judgement=None)


def observe(page: Page, context: Context) -> Notes | None:
    """Note what a page shows of its site; None if it is no document."""
    opening = _opened(page, context.rules) if _refusal(page, context.rules) is None else None
    return _notes(opening) if opening else None


def texts(page: Page) -> list[Block]:
    """Give every block of a page, without judging any; empty if it is no document."""
    opening = _opened(page, rules.NO_RULES)
    return opening.segments.blocks if opening else []


def examine(page: Page, context: Context) -> Reading:
    """Read a page and keep the judgement on every block, for people."""
    refused = _refusal(page, context.rules)
    if refused:
        return Reading(refused)
    opening = _opened(page, context.rules)
    if opening is None:
        return Reading(Rejection(page.url, Reason.UNREADABLE, "no markup in it that can be read"))
    unfit = _unfit(page, opening.segments)
    if unfit:
        return Reading(unfit)
    notes = _notes(opening)
    wanted = robots.directives(page, opening.document)
    if wanted.noindex and not context.force:
        return Reading(Rejection(page.url, Reason.NOINDEX, "asked for by the page"), notes, noarchive=wanted.noarchive)
    reading = _Desk(page, context, opening.document, opening.segments, opening.ruled, wanted.limits).reading(notes)
    return replace(reading, noarchive=wanted.noarchive)


@dataclass(frozen=True, slots=True)
class _Opening:
    """A page as far as its own markup goes."""

    ruled: rules.Ruled
    document: Document
    segments: Segments


def _opened(page: Page, site_rules: rules.SiteRules) -> _Opening | None:
    ruled = rules.apply(decode(page.body, page.charset), site_rules)
    document = parse(ruled.markup, page.final_url, page.hints)
    return _Opening(ruled, document, segment(document)) if document is not None else None


def _unfit(page: Page, segments: Segments) -> Rejection | None:
    if len(segments.blocks) > _MOST_BLOCKS:
        return Rejection(page.url, Reason.TOO_LARGE, f"{len(segments.blocks):,} blocks of text")
    if segments.depth >= _DEEPEST:
        return Rejection(page.url, Reason.UNREADABLE, f"nested deeper than {_DEEPEST:,} elements")
    return None


def _notes(opening: _Opening) -> Notes:
    return site.observe(opening.document, opening.segments.blocks, tuple(metadata.authors(opening.document)))


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
    segments: Segments
    ruled: rules.Ruled
    limits: SnippetLimits

    @property
    def blocks(self) -> list[Block]:
        return self.segments.blocks

    def reading(self, notes: Notes) -> Reading:
        judgement = self._judged()
        model = self.context.model
        heading, title_origin = title.find(self.document, self.blocks, judgement.kept, model)
        signed = byline.find(self.document, self.blocks, judgement.kept, model)
        judgement = _without(judgement, signed.blocks, heading)
        canonical = believed_canonical(self.document, model)
        refused, found_kind = self._refused(judgement, heading)
        if refused and not self.context.force:
            return Reading(refused, notes, canonical, "", judgement)
        article, origins = self._article(judgement.kept, heading, signed, canonical)
        if self.context.rules.language and article.language not in self.context.rules.language:
            wrong = Rejection(self.page.url, Reason.WRONG_LANGUAGE, str(article.language))
            return Reading(wrong, notes, canonical, "", judgement)
        origins = (("title", title_origin), *origins)
        article = replace(article, kind=found_kind)
        correction = self.context.rules.correction(self.page.url, self.page.final_url, canonical)
        if correction and correction.exclude:
            return Reading(Rejection(self.page.url, Reason.EXCLUDED, "by the owner's override"), notes, canonical, "", judgement)
        if correction:
            article = corrections.apply(article, correction, self.context.vocabulary)
            origins = tuple((name, "owner" if name in correction.fields else origin) for name, origin in origins)
        return Reading(article, notes, canonical, duplicates.digest(article.text), judgement, origins, refused)

    def _judged(self) -> Judgement:
        chosen = self.document.root.find(f".//*[@{rules.CHOSEN}]") if self.context.rules.content else None
        if chosen is not None:
            return content.judge_chosen(self.blocks, chosen)
        return content.judge(self.segments, self.document, self.context.model, self.context.trained)

    def _refused(self, judgement: Judgement, heading: str) -> tuple[Rejection | None, str]:
        """Say why the page is no article, if it is none, and what kind of page it is."""
        words = sum(block.words for block in self.blocks)
        if words < _EMPTY_SHELL and self.document.root.find(".//script") is not None:
            return Rejection(self.page.url, Reason.NEEDS_JAVASCRIPT, f"{words} words of text beside scripts"), "article"
        ruling = kind.judge(self.document, judgement.kept, heading, self._likely(judgement))
        wanted = ruling.kind in self.context.rules.kinds and ruling.reason is not Reason.THIN
        if ruling.reason is None or wanted:
            return None, ruling.kind
        return Rejection(self.page.url, ruling.reason, ruling.detail), ruling.kind

    def _likely(self, judgement: Judgement) -> Mapping[str, float]:
        if self.context.rules.content:  # the owner has said where the articles are
            return {}
        return kind.probabilities(kind.measure(judgement), self.context.trained.kinds) if judgement.page else {}

    def _article(self, kept: list[Block], heading: str, signed: byline.Byline, canonical: str) -> tuple[Article, tuple[tuple[str, str], ...]]:
        text = render.text(kept)
        headings = _headings(kept)
        when = self._dates(kept)
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
            published=when.published,
            modified=when.modified,
            language=language.detect(text, self.document.language or self._usual_language()),
            topics=self._topics(kept, topics.Wording(heading, headings, text)),
            summary=_summary(self.document.first("description", "og:description"), text),
            image=urls.canonical(self.document.first("og:image"), self.page.final_url) if self.document.first("og:image") else None,
            word_count=sum(block.words for block in kept),
            fingerprint=fingerprint.simhash(text),
            limits=self.limits,
        )
        origins = {
            "text": "owner" if self.context.rules.content else "scored", "authors": author_origin, "source": "attribution", "published": when.origin,
            "modified": when.modified_origin, "language": "detected", "summary": "meta" if self.document.first("description", "og:description") else "text",
            "image": "meta",
        }  # fmt: skip
        return article, tuple((name, origin) for name, origin in origins.items() if name == "text" or getattr(article, name))

    def _usual_language(self) -> str | None:
        return self.context.model.languages[0][0] if self.context.model.languages else None

    def _dates(self, kept: Sequence[Block]) -> dates.Dates:
        day = self.page.fetched_at.date()
        found = dates.find(self.document, signature.near(self.blocks, kept), day)
        chosen = dates.parse_day(self.ruled.date, day) if self.ruled.date else None
        return replace(found, published=chosen, origin="owner") if chosen else found

    def _authors(self, signed: byline.Byline) -> tuple[tuple[Person, ...], str]:
        chosen = tuple(person.split(self.ruled.author)) if self.ruled.author else ()
        return (chosen, "owner") if chosen else (signed.authors, signed.origin)

    def _topics(self, kept: Sequence[Block], wording: topics.Wording) -> tuple[Topic, ...]:
        labels = tags.given(self.document, kept[0].element if kept else None, keywords_trusted=self.context.model.keywords_trusted)
        found = topics.find(labels, wording, self.context.vocabulary)
        chosen = tuple(Topic(label, None, "owner") for label in self.ruled.topics)
        return chosen or found


def _without(judgement: Judgement, signed: Sequence[Block], heading: str) -> Judgement:
    """Take the byline and the title out of the text, now that they have been read."""
    names = {id(block) for block in signed}
    gone = {}
    for place in judgement.chosen:
        block = judgement.blocks[place]
        if id(block) in names:
            gone[place] = "byline"
        elif title.is_title(block.text, heading):
            gone[place] = "title"
    return judgement.without(gone)


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
    judgement = content.judge_text(blocks).without(dict.fromkeys(range(place or 0), "before the title"))
    signed = byline.find_in_text(judgement.kept)
    judgement = _without(judgement, signed.blocks, heading)
    kept = judgement.kept
    words = sum(block.words for block in kept)
    if words < kind.FEWEST_WORDS:
        return Reading(Rejection(url, Reason.THIN, f"{words} words of main content"), judgement=judgement)
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
    return Reading(article, None, url, duplicates.digest(body), judgement, (("title", "first heading"), ("authors", signed.origin)))


def unreadable(page: Page, detail: str) -> Reading:
    """Give the reading of a page that could not be read in time or memory."""
    return Reading(Rejection(page.url, Reason.UNREADABLE, detail))
