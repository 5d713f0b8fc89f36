"""When the article was published and last changed.

Sources in order: JSON-LD, meta tags, <time>, the site's own list of posts, a short line near the article, and
last what htmldate finds in the visible text and the URL.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import dateparser
import htmldate
import lxml.etree

from . import metadata
from .blocks import Block
from .parsed_page import ParsedPage

__all__ = ["Dates", "find", "parse_day"]

_ISO = re.compile(r"(19[89]\d|20\d\d)-(\d\d)-(\d\d)")
_PUBLISHED_META = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created",
    "pubdate", "sailthru.date", "parsely-pub-date", "og:published_time", "citation_publication_date",
)  # fmt: skip
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
_LONGEST_LINE = 12  # words of a line that may be the article's date; chosen by hand


@dataclass(frozen=True, slots=True)
class Dates:
    """When an article was published and last changed, and where the dates come from."""

    published: date | None = None
    modified: date | None = None
    origin: str = "none"  # of `published`: json-ld, meta, time, posts, line, page, none
    modified_origin: str = "none"  # of `modified`: json-ld, meta, posts, line, none


def find(parsed_page: ParsedPage, near: Sequence[Block], seen_on: date) -> Dates:
    """Return the dates of publication and of the last change; None for a date that the page does not show.

    `near` are the blocks around the article, whose short lines may hold its date. `seen_on` is the day of
    fetching: dates later than the day after it are not accepted.
    """
    latest = seen_on + timedelta(days=1)
    published, origin = _first(
        latest,
        ("json-ld", _from_json_ld(parsed_page, "datePublished")),
        ("meta", _from_meta(parsed_page, _PUBLISHED_META)),
        ("time", _from_time(parsed_page)),
        ("posts", _said(parsed_page.hints.published)),
    )
    modified, modified_origin = _first(
        latest,
        ("json-ld", _from_json_ld(parsed_page, "dateModified")),
        ("meta", _from_meta(parsed_page, _MODIFIED_META)),
        ("posts", _said(parsed_page.hints.modified)),
    )
    if published is None:
        published, origin = _from_lines(near, seen_on, changed=False), "line"
    if published is None:
        published, origin = _from_page(parsed_page, latest), "page"
    if modified is None:
        modified, modified_origin = _from_lines(near, seen_on, changed=True), "line"
    if modified and published and modified < published:
        modified = None
    return Dates(
        published, modified, origin if published else "none", modified_origin if modified else "none"
    )


def parse_day(text: str, seen_on: date) -> date | None:
    """Return the day in a text, in ISO form or in words; None if there is none.

    A date in words may be at most one day after `seen_on`.
    """
    if day := _day(text):
        return day
    match = _IN_WORDS.search(text)
    moment = dateparser.parse(match.group(), settings={"STRICT_PARSING": True}) if match else None
    return moment.date() if moment and moment.date() <= seen_on + timedelta(days=1) else None


def _first(latest: date, *groups: tuple[str, list[str]]) -> tuple[date | None, str]:
    days = (
        (day, origin) for origin, texts in groups for text in texts if (day := _day(text)) and day <= latest
    )
    return next(days, (None, "none"))


def _day(text: str) -> date | None:
    match = _ISO.search(text)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _said(day: date | None) -> list[str]:
    return [day.isoformat()] if day else []


def _from_json_ld(parsed_page: ParsedPage, name: str) -> list[str]:
    return [text for node in metadata.articles(parsed_page) for text in metadata.strings(node.get(name))]


def _from_meta(parsed_page: ParsedPage, names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in parsed_page.meta.get(name, ())]


def _from_time(parsed_page: ParsedPage) -> list[str]:
    """Return the dates of elements marked as the publication date, else of the <time> elements if all agree.

    <time> elements that show different days belong to related posts or comments.
    """
    elements = parsed_page.root.iter("span", "time", "p", "div")
    marks = [element for element in elements if element.get("itemprop") == "datePublished"]
    if named := [str(day) for e in marks if (day := e.get("content") or e.get("datetime"))]:
        return named
    times = [time for time in parsed_page.root.iter("time") if time.get("datetime")]
    days = {_day(str(time.get("datetime"))) for time in times}
    marked = [time for time in times if _is_publication(time)]
    return [str(time.get("datetime")) for time in marked or (times if len(days) == 1 else [])]


def _is_publication(time: lxml.etree._Element) -> bool:
    return (
        "published" in (time.get("class") or "")
        or time.get("itemprop") == "datePublished"
        or time.get("pubdate") is not None
    )


def _from_lines(near: Sequence[Block], seen_on: date, *, changed: bool) -> date | None:
    """Return the date of the first short line with a date in words, as often stands under a title.

    With `changed`, only lines such as "Updated on …" count; without it, only other lines.
    """
    lines = (block.text for block in near if block.words <= _LONGEST_LINE and _IN_WORDS.search(block.text))
    wanted = (line for line in lines if bool(_CHANGED.search(line)) is changed)
    return next((day for line in wanted if (day := parse_day(line, seen_on))), None)


def _from_page(parsed_page: ParsedPage, latest: date) -> date | None:
    try:
        day = htmldate.find_date(
            parsed_page.markup,
            original_date=True,
            extensive_search=False,
            url=parsed_page.url,
            max_date=latest.isoformat(),
        )
    except (ValueError, TypeError, AttributeError, RecursionError):  # htmldate on hostile attribute values
        return None
    return _day(day or "")
