"""The records that travel between packages: links and visits, then Page, Article, Rejection and their parts.

All records are frozen: a stage never changes one, it returns a new one. `to_record` and `from_record` are the
only JSON form of an Article (catalogue, export, import, CLI).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

__all__ = [
    "Article", "ArticleKeys", "Fingerprinted", "FrontierEntry", "Hints", "Link", "Origin", "OutcomeKind",
    "Page", "Person", "Reason", "Rejection", "RobotsAnswer", "SnippetLimits", "Source", "Topic", "UrlKind",
    "Visit", "VisitOutcome", "from_record", "to_record",
]  # fmt: skip

Origin = Literal["publisher", "vocabulary", "owner"]


@dataclass(frozen=True, slots=True)
class Hints:
    """What a site's own list of posts says about a page, in addition to the page itself."""

    published: date | None = None
    modified: date | None = None
    authors: tuple[str, ...] = ()  # names as the site has them; some may be accounts
    topics: tuple[str, ...] = ()  # labels of categories and tags


@dataclass(frozen=True, slots=True)
class Page:
    """A document, as it was fetched."""

    url: str  # canonical form of the URL that was requested
    final_url: str  # URL of the answer; equals url unless the server redirected us
    status: int  # HTTP status code
    fetched_at: datetime  # UTC, timezone-aware
    headers: tuple[tuple[str, str], ...]  # names in lower case, in the order received; a selection
    body: bytes  # as sent, after content decoding (gzip, br, zstd), before character decoding
    charset: str | None = None  # what the Content-Type header declared, unchecked
    hints: Hints | None = None  # None if no list of posts says anything about it

    def header(self, name: str) -> str:
        """Join the values of one header with ", "; "" if it was not sent."""
        return ", ".join(value for key, value in self.headers if key == name)


class UrlKind(StrEnum):
    """What a URL of the frontier is fetched for. The values are stored in the catalogue."""

    PAGE = "page"
    SITEMAP = "sitemap"
    FEED = "feed"
    POSTS = "posts"  # the list of posts of a WordPress API
    MORE_POSTS = "more posts"  # a further page of that list; fetched only if linked
    ROBOTS = "robots"


class OutcomeKind(StrEnum):
    """How a visit ended. The catalogue stores the values; for ANSWERED, it stores the HTTP status instead."""

    ANSWERED = "answered"  # with a status that is not a redirect
    MOVED = "moved"  # the server redirects to another URL
    FORBIDDEN = "robots"  # by robots.txt
    ROBOTS_UNREACHABLE = "robots.txt unreachable"
    DELAY_TOO_LONG = "crawl delay too long"  # robots.txt asks for a longer delay than we wait
    REFUSED = "refused"  # by the address guard
    TOO_LARGE = "too large"
    TIMEOUT = "timeout"
    UNKNOWN_HOST = "unknown host"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitOutcome:
    """The outcome of one visit.

    The catalogue and people read its text form: "200", "timeout", "refused: private address".
    """

    kind: OutcomeKind
    status: int | None = None  # HTTP status; None unless ANSWERED
    detail: str = ""  # of REFUSED: why

    @classmethod
    def answered(cls, status: int) -> VisitOutcome:
        """Return the outcome of an answer with an HTTP status."""
        return cls(kind=OutcomeKind.ANSWERED, status=status)

    @classmethod
    def from_text(cls, text: str) -> VisitOutcome:
        """Parse the text form of an outcome; ValueError if it is not one."""
        if text.isdecimal():
            return cls.answered(int(text))
        kind, _, detail = text.partition(": ")
        return cls(kind=OutcomeKind(kind), detail=detail)

    def __str__(self) -> str:
        text = str(self.status) if self.kind is OutcomeKind.ANSWERED else self.kind.value
        return f"{text}: {self.detail}" if self.detail else text

    @property
    def is_success(self) -> bool:
        """Whether the server answered with the page."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_unchanged(self) -> bool:
        """Whether the server says that the stored version is still current (304)."""
        return self.status == 304

    @property
    def is_failure(self) -> bool:
        """Whether the visit ended without an answer below 500, a redirect or a rule of robots.txt."""
        if self.kind is OutcomeKind.ANSWERED:
            return self.status is not None and self.status >= 500
        return self.kind not in (OutcomeKind.MOVED, OutcomeKind.FORBIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A URL that was found on a page or in a sitemap, feed or list of posts."""

    url: str  # canonical
    kind: UrlKind
    depth: int  # links followed from a seed to reach it, 0 for a seed
    priority: int  # higher is fetched first
    modified: float | None = None  # Unix seconds, according to a sitemap or feed
    hints: Hints | None = None  # what a list of posts says about the page


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierEntry:
    """A URL to fetch now."""

    id: int
    url: str
    kind: UrlKind
    depth: int
    tries: int = 0  # earlier tries in this run that failed
    etag: str = ""  # of the stored version; "" if it has none
    last_modified: str = ""  # of the stored version, as in its header; "" if it has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The result of visiting one entry of the frontier."""

    id: int  # of the entry
    outcome: VisitOutcome
    page: Page | None = None  # None if there is nothing new to store
    links: Sequence[Link] = ()
    retry_at: float | None = None  # Unix seconds; None if the entry is finished
    etag: str = ""  # validators for the next time
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """A robots.txt, as an origin served it."""

    fetched_at: float  # Unix seconds
    status: int  # below 500
    text: str  # decoded as Latin-1, byte for byte


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
    authors: tuple[Person, ...] = ()
    reviewed_by: tuple[Person, ...] = ()
    source: Source | None = None
    published: date | None = None
    modified: date | None = None
    language: str | None = None  # ISO 639-1; None if it could not be detected
    topics: tuple[Topic, ...] = ()
    also_at: tuple[str, ...] = ()  # other URLs of the same article, sorted
    near: tuple[str, ...] = ()  # URLs of its near-duplicates, an attributed source first
    summary: str = ""  # the publisher's description, or the first sentences of the text
    image: str | None = None
    word_count: int = 0
    fingerprint: int = 0  # 64-bit simhash of the text
    limits: SnippetLimits = field(default_factory=SnippetLimits)


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
    for name in ("published", "modified"):
        record[name] = record[name].isoformat() if record[name] else None
    record["fingerprint"] = f"{article.fingerprint:016x}"
    return record


def from_record(record: dict[str, Any]) -> Article:
    """Rebuild the article that `to_record` wrote.

    Unknown fields are ignored, so that a newer catalogue can be read. KeyError or TypeError if a required
    field is missing, ValueError if a date or fingerprint is malformed.
    """
    values = {name: value for name, value in record.items() if name in _FIELDS}
    for name in ("authors", "reviewed_by"):
        values[name] = tuple(_person(entry) for entry in values.get(name) or ())
    values["topics"] = tuple(Topic(**entry) for entry in values.get("topics") or ())
    values["source"] = Source(**values["source"]) if values.get("source") else None
    values["limits"] = SnippetLimits(**(values.get("limits") or {}))
    for name in ("published", "modified"):
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    for name in ("headings", "also_at", "near"):
        values[name] = tuple(values.get(name) or ())
    values["fingerprint"] = int(values.get("fingerprint") or "0", 16)
    return Article(**values)


def _person(entry: dict[str, Any]) -> Person:
    return Person(**{**entry, "credentials": tuple(entry.get("credentials") or ())})
