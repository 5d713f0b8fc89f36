"""Articles and rejections, and the JSON form of an article.

`to_record` and `from_record` are the only JSON form of an Article (catalogue, export, import, CLI).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal

__all__ = [
    "Answered", "Article", "ArticleKeys", "Fingerprinted", "Image", "Origin", "Person", "Reason", "Rejection",
    "SnippetLimits",
    "Source", "Topic", "Version", "from_record", "to_record",
]  # fmt: skip

Origin = Literal["publisher", "vocabulary", "owner"]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who is named in a byline."""

    as_written: str  # "Peter F. Ullrich, Jr., MD"
    name: str  # "Peter F. Ullrich, Jr."
    credentials: tuple[str, ...] = ()  # ("MD",), in the order written
    role: str | None = None  # "Senior Director", None if the page does not say


@dataclass(frozen=True, slots=True)
class Source:
    """Where the publisher says the text was found: "found on Spine-Health"."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """What an article is about."""

    label: str
    concept: str | None = None  # id in the vocabulary ("mesh:D017116"); None if no concept matches
    origin: Origin = "publisher"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in the text of an article."""

    url: str
    alt: str = ""  # its alternative text
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer, as the page declares them."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Version:
    """The same article in another language."""

    language: str  # BCP 47 tag as the page writes it, in lower case
    url: str


@dataclass(frozen=True, slots=True)
class SnippetLimits:
    """What robots meta tags allow a search page to show of the text."""

    nosnippet: bool = False
    max_snippet: int | None = None  # characters; None means no limit

    def shown(self, text: str) -> str:
        """Return as much of a text as may be shown."""
        return "" if self.nosnippet else text[: self.max_snippet]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The main content of a page, and what is known about it."""

    id: str  # first 20 hex digits of the SHA-256 of its canonical URL at first sight
    url: str
    site: str  # the site's name in the catalogue
    kind: str = "article"
    title: str
    text: str  # without the title; blocks separated by one blank line, no trailing newline
    headings: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()  # for each heading the id that a link can lead to, "" if it has none
    authors: tuple[Person, ...] = ()
    reviewed_by: tuple[Person, ...] = ()
    source: Source | None = None
    published: date | None = None
    modified: date | None = None
    reviewed_on: date | None = None  # when a professional last reviewed it, as the page says
    review_due: date | None = None  # the page's own "next review due"
    language: str | None = None  # ISO 639-1; None if it could not be detected
    topics: tuple[Topic, ...] = ()
    also_at: tuple[str, ...] = ()  # other URLs of the same article, sorted
    near: tuple[str, ...] = ()  # URLs of its near-duplicates, an attributed source first
    summary: str = ""  # the publisher's description, or the first sentences of the text
    image: str | None = None
    images: tuple[Image, ...] = ()  # the pictures in the text, in order
    faq: tuple[Answered, ...] = ()  # questions that the text answers, as the page declares them
    versions: tuple[Version, ...] = ()  # the article in other languages, sorted by language
    word_count: int = 0
    fingerprint: int = 0  # 64-bit simhash of the text
    limits: SnippetLimits = field(default_factory=SnippetLimits)
    # uses that the publisher reserves, sorted: "ai-train=no", "noai", "tdm-reservation"
    opt_outs: tuple[str, ...] = ()


DAYS = ("published", "modified", "reviewed_on", "review_due")  # fields that hold a day
_TEXTS = ("headings", "anchors", "also_at", "near", "opt_outs")  # fields that hold texts
# fields that hold records, and of which class they are
_PARTS: dict[str, type] = {"topics": Topic, "images": Image, "faq": Answered, "versions": Version}
_FIELDS = frozenset(field.name for field in dataclasses.fields(Article))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleKeys:
    """The keys that show whether two pages hold the same article."""

    url: str
    canonical: str  # believed canonical URL; the page's own if it claims none
    digest: str  # of the normalised text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprinted:
    """The fingerprint of an article, which shows its near-duplicates."""

    site: str
    url: str
    fingerprint: int  # 64-bit simhash of the text


class Reason(StrEnum):
    """Why a page is not an article. The list is closed."""

    LISTING = "listing"
    HOME = "home"
    CONTACT = "contact"
    PRODUCT = "product"
    FORUM = "forum"
    THIN = "thin"
    NOINDEX = "noindex"
    NEEDS_JAVASCRIPT = "needs_javascript"
    ERROR_PAGE = "error page"
    NOT_HTML = "not html"
    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"
    WRONG_LANGUAGE = "wrong language"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A page that is not an article, and why."""

    url: str
    reason: Reason
    detail: str = ""  # for people: what was seen


def to_record(article: Article) -> dict[str, Any]:
    """Return an article as JSON values, keyed by the field names of the class."""
    record = dataclasses.asdict(article)
    for name in DAYS:
        record[name] = record[name].isoformat() if record[name] else None
    record["fingerprint"] = f"{article.fingerprint:016x}"
    return record


def from_record(record: dict[str, Any]) -> Article:
    """Rebuild the article that `to_record` wrote.

    Unknown fields are ignored, so that a newer catalogue can be read. KeyError or TypeError if a required
    field is missing, ValueError if a date or fingerprint is malformed.
    """
    values = {name: value for name, value in record.items() if name in _FIELDS}
    for name, part in _PARTS.items():
        values[name] = tuple(part(**entry) for entry in values.get(name) or ())
    for name in ("authors", "reviewed_by"):
        values[name] = tuple(_person(entry) for entry in values.get(name) or ())
    values["source"] = Source(**values["source"]) if values.get("source") else None
    values["limits"] = SnippetLimits(**(values.get("limits") or {}))
    for name in DAYS:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    for name in _TEXTS:
        values[name] = tuple(values.get(name) or ())
    values["fingerprint"] = int(values.get("fingerprint") or "0", 16)
    return Article(**values)


def _person(entry: dict[str, Any]) -> Person:
    return Person(**{**entry, "credentials": tuple(entry.get("credentials") or ())})
