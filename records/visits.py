"""What a crawl knows of URLs and what it got from them: links, entries, visits, pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

__all__ = [
    "FrontierEntry", "Hints", "Link", "OutcomeKind", "Page", "RobotsAnswer", "UrlKind", "Visit",
    "VisitOutcome",
]  # fmt: skip


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
    START = "start"  # where the owner lets a crawl begin: a page, a feed or a sitemap
    TDMREP = "tdmrep"  # the site's file of text-mining reservations


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
    UNKNOWN_HOST = "no such host"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable answer"
    CUT = "cut answer"  # it ended early, without its last tag
    EMPTY = "empty answer"
    CHALLENGE = "challenge page"  # of a bot wall, in place of the page
    STAND_IN = "another page in its place"  # such as a login or maintenance page, on many URLs at once


_EARLIER_NAMES = {"unknown host": OutcomeKind.UNKNOWN_HOST}  # as older catalogues have them
_REFUSALS = frozenset(
    (OutcomeKind.FORBIDDEN, OutcomeKind.DELAY_TOO_LONG, OutcomeKind.CHALLENGE, OutcomeKind.STAND_IN)
)
_GONE = (404, 410, 451)  # answers that say that a page is not there, or may not be


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitOutcome:
    """The outcome of one visit.

    The catalogue and people read its text form: "200", "timeout", "refused: private address".
    """

    kind: OutcomeKind
    status: int | None = None  # HTTP status; None unless ANSWERED
    detail: str = ""  # for people: why it was refused or could not be reached

    @classmethod
    def answered(cls, status: int) -> VisitOutcome:
        """Return the outcome of an answer with an HTTP status."""
        return cls(kind=OutcomeKind.ANSWERED, status=status)

    @classmethod
    def from_text(cls, text: str) -> VisitOutcome:
        """Parse the text form of an outcome; a text that is none is an unreadable answer."""
        kind, _, detail = text.partition(": ")
        if kind.isdecimal():
            return cls(kind=OutcomeKind.ANSWERED, status=int(kind), detail=detail)
        if not cls.is_text(text):
            return cls(kind=OutcomeKind.UNREADABLE, detail=text)
        return cls(kind=_EARLIER_NAMES.get(kind) or OutcomeKind(kind), detail=detail)

    @classmethod
    def is_text(cls, text: str) -> bool:
        """Whether a text is the text form of an outcome."""
        kind = text.partition(": ")[0]
        return kind.isdecimal() or kind in _EARLIER_NAMES or kind in set(OutcomeKind)

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
    def is_inconclusive(self) -> bool:
        """Whether the outcome leaves open what became of the page: what is known of it must be kept."""
        if self.kind is OutcomeKind.ANSWERED:
            return self.status is not None and self.status >= 400 and self.status not in _GONE
        return self.kind is not OutcomeKind.MOVED

    @property
    def is_refusal(self) -> bool:
        """Whether the site answers, but not with the page: by robots.txt, a client error or a bot wall."""
        if self.kind is OutcomeKind.ANSWERED:
            return self.is_inconclusive and self.status is not None and self.status < 500
        return self.kind in _REFUSALS

    @property
    def is_failure(self) -> bool:
        """Whether the visit ended without an answer below 500, a redirect or a rule of robots.txt."""
        if self.kind is OutcomeKind.ANSWERED:
            return self.status is not None and self.status >= 500
        return self.kind not in (OutcomeKind.MOVED, OutcomeKind.FORBIDDEN, OutcomeKind.STAND_IN)


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
