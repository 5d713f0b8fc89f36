"""Make the Article of a page from its main content and from what the other stages found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .. import urls
from ..records import Article, Page, Person, Topic
from . import (
    byline,
    dates,
    faq,
    images,
    language,
    near,
    opt_outs,
    render,
    robots,
    rules,
    signing_blocks,
    tags,
    topics,
    versions,
)
from .blocks import Block, Segments
from .canonical import article_id
from .context import Context
from .parsed_page import ParsedPage

__all__ = ["Kept", "Maker", "anchors_of", "headings_of", "summary_of"]

_SUMMARY = 200  # characters of a summary taken from the text; chosen by hand


@dataclass(frozen=True, slots=True)
class Kept:
    """What the judging stages chose: the blocks of the text, the title, who signed, the canonical URL."""

    blocks: list[Block]
    heading: str
    signed: byline.Byline
    canonical: str


@dataclass(frozen=True, slots=True)
class Maker:
    """Everything about a page that its article is made of."""

    page: Page
    context: Context
    parsed_page: ParsedPage
    segments: Segments
    ruled: rules.Ruled
    wanted: robots.Directives

    def article(self, chosen: Kept) -> tuple[Article, tuple[tuple[str, str], ...]]:
        """Return the article, and for each of its fields where the value comes from."""
        kept, heading, signed = chosen.blocks, chosen.heading, chosen.signed
        text = render.text(kept)
        headings = headings_of(kept)
        written_in = language.detect(text, self.parsed_page.language or self._usual_language())
        around = signing_blocks.near(self.segments.blocks, kept, self.context.persons)
        when = self._dates(kept, around, written_in)
        authors, author_origin = self._authors(signed)
        labels = self._labels(kept, around, authors)
        article = Article(
            id=article_id(chosen.canonical),
            url=self.page.final_url,
            site=self.context.site,
            title=heading,
            text=text,
            headings=headings,
            anchors=anchors_of(kept),
            authors=authors,
            reviewed_by=signed.reviewed_by,
            source=signed.source,
            published=when.published,
            modified=when.modified,
            reviewed_on=when.reviewed_on,
            review_due=when.review_due,
            language=written_in,
            topics=self._topics(labels, topics.Wording(heading, headings, text), written_in),
            summary=summary_of(self.parsed_page.first("description", "og:description"), text),
            image=urls.canonical(self.parsed_page.first("og:image"), self.page.final_url)
            if self.parsed_page.first("og:image")
            else None,
            images=images.of(self.segments, kept, self.page.final_url),
            faq=faq.answered(self.parsed_page, text),
            versions=versions.of(self.parsed_page, self.page.final_url),
            word_count=sum(block.words for block in kept),
            fingerprint=near.simhash(text),
            limits=self.wanted.limits,
            opt_outs=opt_outs.of_page(self.page, self.parsed_page, self.wanted.rules, self.context.opt_outs),
        )
        origins = {
            "text": "owner" if self.context.rules.content else "scored",
            "authors": author_origin, "source": "attribution",
            "published": when.origin, "modified": when.modified_origin,
            "reviewed_on": when.reviewed_origin, "review_due": "line", "language": "detected",
            "summary": "meta" if self.parsed_page.first("description", "og:description") else "text",
            "image": "meta",
        }  # fmt: skip
        return article, tuple(
            (name, origin) for name, origin in origins.items() if name == "text" or getattr(article, name)
        )

    def _usual_language(self) -> str | None:
        return self.context.model.languages[0][0] if self.context.model.languages else None

    def _dates(self, kept: Sequence[Block], around: Sequence[Block], written_in: str | None) -> dates.Dates:
        day = self.page.fetched_at.date()
        writing = dates.writing_of(self.parsed_page, written_in)
        from_page = dates.find(self.parsed_page, around, kept, writing, day)
        chosen = dates.parse_day(self.ruled.date, writing, day) if self.ruled.date else None
        return replace(from_page, published=chosen, origin="owner") if chosen else from_page

    def _authors(self, signed: byline.Byline) -> tuple[tuple[Person, ...], str]:
        chosen = tuple(self.context.persons.split(self.ruled.author)) if self.ruled.author else ()
        return (chosen, "owner") if chosen else (signed.authors, signed.origin)

    def _labels(self, kept: Sequence[Block], around: Sequence[Block], authors: Sequence[Person]) -> list[str]:
        return tags.given(
            self.parsed_page,
            self.segments.blocks,
            around,
            kept,
            keywords_trusted=self.context.model.keywords_trusted,
            others=[person.name for person in authors],
        )

    def _topics(
        self, labels: Sequence[str], wording: topics.Wording, written_in: str | None
    ) -> tuple[Topic, ...]:
        from_page = topics.find(labels, wording, self.context.vocabulary, written_in)
        chosen = tuple(Topic(label, None, "owner") for label in self.ruled.topics)
        return chosen or from_page


def headings_of(kept: Sequence[Block]) -> tuple[str, ...]:
    """Return the texts of the headings among the kept blocks."""
    return tuple(block.text for block in kept if block.is_heading)


def anchors_of(kept: Sequence[Block]) -> tuple[str, ...]:
    """Return for each heading the id that a link can lead to; "" for one without; () if none has any."""
    anchors = tuple(_anchor(block) for block in kept if block.is_heading)
    return anchors if any(anchors) else ()


def _anchor(block: Block) -> str:
    elements = (element for element in block.element.iter() if isinstance(element.tag, str))
    named = (e.get("id") or (e.get("name") if e.tag == "a" else "") for e in elements)
    return next((name for name in named if name), "")


def summary_of(described: str, text: str) -> str:
    """Return the publisher's description, or the first words of the text if there is none."""
    if described:
        return described
    plain = " ".join(text.split())
    return plain if len(plain) <= _SUMMARY else plain[: plain.rfind(" ", 0, _SUMMARY)] + " …"
