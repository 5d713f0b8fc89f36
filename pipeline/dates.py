"""When the article was published and last changed.

JSON-LD and meta tags first, then <time>, then the site's own list of posts, then what htmldate finds in the visible text and the URL.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import dateparser
import htmldate

from . import metadata
from .blocks import Block
from .document import Document

__all__ = ["Dates", "find", "parse_day"]

_ISO = re.compile(r"(19[89]\d|20\d\d)-(\d\d)-(\d\d)")
_PUBLISHED_META = ("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "pubdate", "sailthru.date",
                   "parsely-pub-date", "og:published_time", "citation_publication_date")  # fmt: skip
_MODIFIED_META = (
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "dcterms.modified",
    "last-modified",
)

_IN_WORDS = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st"
    r"|nd|rd|th)?,? \d{4}\b"
    r"|\b\d{1,2}\.? (?:de )?[a-zäéû]{3,10}\.? (?:de )?\d{4}\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"updated|modified|reviewed|aktualisiert|actualizado|mis à jour|bijgewerkt|aggiornato", re.IGNORECASE
)
_LONGEST_LINE = 12  # words


@dataclass(frozen=True, slots=True)
class Dates:
    """When an article was published and last changed, and what says so."""

    published: date | None = None
    modified: date | None = None
    origin: str = "none"  # of `published`: json-ld, meta, time, posts, line, page, none
    modified_origin: str = "none"


def find(document: Document, near: Sequence[Block], seen_on: date) -> Dates:
    """Give the dates of publication and of the last change; None where the page does not say.

    `near` are the blocks around the article, whose short lines may be its date. `seen_on` is the day of fetching: no page is
    from later than the day after it.
    """
    latest = seen_on + timedelta(days=1)
    published, origin = _first(
        latest,
        ("json-ld", _from_json_ld(document, "datePublished")),
        ("meta", _from_meta(document, _PUBLISHED_META)),
        ("time", _from_time(document)),
        ("posts", _said(document.hints.published)),
    )
    modified, modified_origin = _first(
        latest,
        ("json-ld", _from_json_ld(document, "dateModified")),
        ("meta", _from_meta(document, _MODIFIED_META)),
        ("posts", _said(document.hints.modified)),
    )
    if published is None:
        published, origin = _from_lines(near, seen_on, changed=False), "line"
    if published is None:
        published, origin = _from_page(document, latest), "page"
    if modified is None:
        modified, modified_origin = _from_lines(near, seen_on, changed=True), "line"
    if modified and published and modified < published:
        modified = None
    return Dates(
        published, modified, origin if published else "none", modified_origin if modified else "none"
    )


def parse_day(text: str, seen_on: date) -> date | None:
    """Read a date as the owner's selector finds it, in ISO form or in words."""
    if day := _day(text):
        return day
    match = _IN_WORDS.search(text)
    found = dateparser.parse(match.group(), settings={"STRICT_PARSING": True}) if match else None
    return found.date() if found and found.date() <= seen_on + timedelta(days=1) else None


def _first(latest: date, *groups: tuple[str, list[str]]) -> tuple[date | None, str]:
    found = (
        (day, origin) for origin, texts in groups for text in texts if (day := _day(text)) and day <= latest
    )
    return next(found, (None, "none"))


def _day(text: str) -> date | None:
    match = _ISO.search(text)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _said(day: date | None) -> list[str]:
    return [day.isoformat()] if day else []


def _from_json_ld(document: Document, name: str) -> list[str]:
    return [text for node in metadata.articles(document) for text in metadata.strings(node.get(name))]


def _from_meta(document: Document, names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in document.meta.get(name, ())]


def _from_time(document: Document) -> list[str]:
    """Read <time>, those that say "published" first, those of related posts and comments not at all."""
    marks = [
        e for e in document.root.iter("span", "time", "p", "div") if e.get("itemprop") == "datePublished"
    ]
    if named := [str(day) for e in marks if (day := e.get("content") or e.get("datetime"))]:
        return named
    times = [t for t in document.root.iter("time") if t.get("datetime")]
    marked = [
        t
        for t in times
        if "published" in (t.get("class") or "")
        or t.get("itemprop") == "datePublished"
        or t.get("pubdate") is not None
    ]
    days = {_day(str(t.get("datetime"))) for t in times}
    return [str(t.get("datetime")) for t in marked or (times if len(days) == 1 else [])]


def _from_lines(near: Sequence[Block], seen_on: date, *, changed: bool) -> date | None:
    """Read a short line that holds a date in words, as stands under a title; `changed` asks for "Updated on …"."""
    lines = (block.text for block in near if block.words <= _LONGEST_LINE and _IN_WORDS.search(block.text))
    wanted = (line for line in lines if bool(_CHANGED.search(line)) is changed)
    return next((day for line in wanted if (day := parse_day(line, seen_on))), None)


def _from_page(document: Document, latest: date) -> date | None:
    try:
        found = htmldate.find_date(
            document.markup,
            original_date=True,
            extensive_search=False,
            url=document.url,
            max_date=latest.isoformat(),
        )
    except (ValueError, TypeError, AttributeError, RecursionError):  # htmldate on hostile attribute values
        return None
    return _day(found or "")
