"""Extract an Article from a Page: the stages in order.

    refuse      what is not a readable document      opening.py    (status, type, size, robots)
    decode      bytes to characters                  decode.py
    rules       the owner's selectors                rules.py      Beautiful Soup
    parse       characters to one tree               document.py   lxml
    segment     tree to blocks                       segment.py
    observe     what this page shows of its site     site.py
    judge       which blocks are main content        content.py
    title, byline, kind, dates, language, topics, fingerprint

`observe` runs the stages needed to learn a site; `extract` runs all of them.

Every stage is a function of values; `Context` holds everything that is known in addition to the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..records import Article, Page, Reason, Rejection
from . import (
    byline,
    content,
    duplicates,
    images,
    kind,
    metadata,
    practice_page,
    robots,
    rules,
    site,
    tag_rows,
    title,
    topics,
)
from . import override as overrides
from .article import Kept, Maker, headings_of, summary_of
from .blocks import Block, Picture, Segments
from .canonical import believed_canonical
from .content import Judgement, Verdict
from .context import Context
from .opening import Opening, open_page, refusal
from .parsed_page import ParsedPage
from .site import Notes

__all__ = [
    "Context", "Extraction", "examine", "extract", "headings_of", "observe", "summary_of", "texts",
    "unreadable", "without_byline",
]  # fmt: skip

_NOT_SHOWN = ("noindex", "nofollow", "none")  # rules that are named in the reason
_EMPTY_SHELL = 30  # words; a page with scripts and less text is an empty shell for them; chosen by hand


@dataclass(frozen=True, slots=True)
class Extraction:
    """The result for one page. Only what `extract` returns can be pickled: no judgement, no pictures."""

    outcome: Article | Rejection
    notes: Notes | None = None  # None if the page is not a document
    canonical: str = ""  # the believed canonical URL
    digest: str = ""  # of the normalised text; "" for a Rejection
    judgement: Judgement | None = None
    pictures: tuple[Picture, ...] = ()  # those of the text; each stands before the kept block of its number
    origins: tuple[tuple[str, str], ...] = ()  # (field, where its value comes from)
    refused: Rejection | None = None  # why the page would be rejected without `Context.force`
    noarchive: bool = False  # whether the page asks that no copy of it is kept
    expires: float | None = None  # when the page wants to be shown no longer, in Unix seconds
    unnamed: tuple[str, ...] = ()  # concepts of topics that neither the title nor a heading names

    @property
    def verdicts(self) -> list[Verdict]:
        """Return for every block whether it was kept and why; empty without a judgement."""
        return self.judgement.verdicts() if self.judgement else []


def extract(page: Page, context: Context) -> Extraction:
    """Extract an article from a page; never raise, whatever its bytes."""
    return replace(examine(page, context), judgement=None, pictures=())


def observe(page: Page, context: Context) -> Notes | None:
    """Return what a page shows of its site; None if it is not a document."""
    opening = open_page(page, context.rules) if refusal(page, context.rules) is None else None
    return _notes(opening) if opening else None


def texts(page: Page) -> list[Block]:
    """Return every block of a page without judging any; empty if it is not a document."""
    opening = open_page(page, rules.NO_RULES)
    return opening.segments.blocks if opening else []


def examine(page: Page, context: Context) -> Extraction:
    """Extract an article from a page and keep the judgement on every block, for people to read."""
    refused = refusal(page, context.rules)
    if refused:
        return Extraction(refused)
    opening = open_page(page, context.rules)
    if opening is None:
        return Extraction(Rejection(page.url, Reason.UNREADABLE, "no markup in it that can be read"))
    too_much = opening.refusal(page)
    if too_much:
        return Extraction(too_much)
    notes = _notes(opening)
    wanted = robots.directives(page, opening.parsed_page)
    if wanted.noindex and not context.force:
        asked = ", ".join(rule for rule in _NOT_SHOWN if rule in wanted.rules) or "unavailable_after"
        refused = Rejection(page.url, Reason.NOINDEX, f"the page asks for it: {asked}")
        return Extraction(refused, notes, noarchive=wanted.noarchive)
    extraction = _Stages(page, context, opening.parsed_page, opening.segments, opening.ruled, wanted).run(
        notes
    )
    until = wanted.expires.timestamp() if wanted.expires else None
    return replace(extraction, noarchive=wanted.noarchive, expires=until)


def _notes(opening: Opening) -> Notes:
    claimed = tuple(metadata.authors(opening.parsed_page))
    return site.observe(
        opening.parsed_page, opening.segments.blocks, claimed, metadata.people(opening.parsed_page)
    )


@dataclass(frozen=True, slots=True)
class _Stages:
    """The stages from `judge` on, with the values of one page that they share."""

    page: Page
    context: Context
    parsed_page: ParsedPage
    segments: Segments
    ruled: rules.Ruled
    wanted: robots.Directives

    @property
    def blocks(self) -> list[Block]:
        return self.segments.blocks

    def run(self, notes: Notes) -> Extraction:
        judgement = self._judged()
        if self.context.force and not judgement.kept:
            judgement = judgement.whole()
        model = self.context.model
        heading, title_origin = title.find(self.parsed_page, self.blocks, judgement.kept, model)
        signed = byline.find(self.parsed_page, self.blocks, judgement.kept, model, self.context.persons)
        judgement = without_byline(judgement, signed.blocks, heading)
        judgement = _without_tags(judgement)
        canonical = believed_canonical(self.parsed_page, model)
        refused, found_kind = self._refused(judgement, heading)
        if found_kind in practice_page.KINDS and found_kind in self.context.rules.kinds:
            judgement = practice_page.with_facts(
                judgement, self.segments, self.context.model.shares(self.blocks)
            )
            judgement = without_byline(judgement, (), heading)
        if refused and not self.context.force:
            return Extraction(refused, notes, canonical, "", judgement)
        kept = Kept(judgement.kept, heading, signed, canonical)
        article, origins = Maker(
            self.page, self.context, self.parsed_page, self.segments, self.ruled, self.wanted
        ).article(kept)
        if self.context.rules.language and article.language not in self.context.rules.language:
            wrong = Rejection(self.page.url, Reason.WRONG_LANGUAGE, str(article.language))
            return Extraction(wrong, notes, canonical, "", judgement)
        origins = (("title", title_origin), *origins)
        article = replace(article, kind=found_kind)
        override = self.context.rules.override(self.page.url, self.page.final_url, canonical)
        if override and override.exclude:
            return Extraction(
                Rejection(self.page.url, Reason.EXCLUDED, "by the owner's override"),
                notes,
                canonical,
                "",
                judgement,
            )
        if override:
            article = overrides.apply(article, override, self.context.vocabulary, self.context.persons)
            origins = tuple(
                (name, "owner" if name in override.fields else origin) for name, origin in origins
            )
        return Extraction(
            article,
            notes,
            canonical,
            duplicates.digest(article.text),
            judgement,
            tuple(images.within(self.segments, kept.blocks)),
            origins,
            refused,
            unnamed=topics.unnamed(
                article.topics,
                topics.Wording(article.title, article.headings, ""),
                self.context.vocabulary,
                article.language,
            ),
        )

    def _judged(self) -> Judgement:
        chosen = self.parsed_page.root.find(f".//*[@{rules.CHOSEN}]") if self.context.rules.content else None
        if chosen is not None:
            return content.judge_chosen(self.blocks, chosen)
        return content.judge(self.segments, self.parsed_page, self.context.model, self.context.trained)

    def _refused(self, judgement: Judgement, heading: str) -> tuple[Rejection | None, str]:
        """Return why the page is not an article (None if it is one), and what kind of page it is."""
        words = sum(block.words for block in self.blocks)
        if words < _EMPTY_SHELL and self.parsed_page.root.find(".//script") is not None:
            return Rejection(
                self.page.url, Reason.NEEDS_JAVASCRIPT, f"{words} words of text next to scripts"
            ), "article"
        ruling = kind.judge(self.parsed_page, judgement.kept, heading, self._likely(judgement))
        if "faq" in self.context.rules.kinds and kind.is_faq(self.parsed_page, judgement.kept, heading):
            return None, "faq"
        wanted = ruling.kind in self.context.rules.kinds and ruling.reason is not Reason.THIN
        if ruling.reason is None or wanted:
            return None, ruling.kind
        return Rejection(self.page.url, ruling.reason, ruling.detail), ruling.kind

    def _likely(self, judgement: Judgement) -> Mapping[str, float]:
        if self.context.rules.content:  # the owner's rule says where the articles are
            return {}
        return (
            kind.probabilities(kind.measure(judgement), self.context.trained.kinds) if judgement.page else {}
        )


def without_byline(judgement: Judgement, signed: Sequence[Block], heading: str) -> Judgement:
    """Return the judgement without the blocks of the byline and of the title, which have their own fields."""
    names = {id(block) for block in signed}
    gone = {}
    for position, block in enumerate(judgement.blocks):
        if id(block) in names and position in judgement.chosen:
            gone[position] = "byline"
        elif (position in judgement.chosen or block.tag == "h1") and title.is_title(block.text, heading):
            gone[position] = "title"
    return judgement.without(gone)


def _without_tags(judgement: Judgement) -> Judgement:
    rows = {id(block) for block in tag_rows.rows_among(judgement.kept)}
    return judgement.without(
        {position: "tags" for position, block in enumerate(judgement.blocks) if id(block) in rows}
    )


def unreadable(page: Page, detail: str) -> Extraction:
    """Return the extraction of a page that took too much time or memory."""
    return Extraction(Rejection(page.url, Reason.UNREADABLE, detail))
