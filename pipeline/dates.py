"""When the article was published, last changed and last reviewed, and when its next review is due.

Sources in order: JSON-LD, meta tags, what the lines around the article say (`dated_lines.py`), the site's own
list of posts, the URL. Dates of comments, teasers, events and sources are none of the article's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .. import urls
from . import metadata
from .blocks import Block
from .date_labels import DUE, PUBLISHED, REVIEWED, UPDATED
from .dated_lines import Said, said
from .days import Writing, days_in, iso_day
from .parsed_page import ParsedPage

__all__ = ["Dates", "find", "parse_day", "writing_of"]

_PUBLISHED_META = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created",
    "dcterms.issued", "pubdate", "publishdate", "publish-date", "sailthru.date", "parsely-pub-date",
    "og:published_time", "citation_publication_date", "citation_date", "citation_online_date",
    "rnews:datepublished", "og:article:published_time", "cxenseparse:recs:publishtime", "dc.date.created",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "last-modified",
    "dc.date.modified", "og:article:modified_time",
)  # fmt: skip
_REVIEWED_META = ("lastreviewed", "last-reviewed", "article:reviewed_time", "dcterms.datereviewed")
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?([01]\d|(?<=[/_-])\d)[/_-]?([0-3]\d|(?<=[/_-])\d)(?!\d)")
# names that content systems give the day in the data of their pages: Next.js, Gatsby, Contentful, Sanity
_SCRIPTED = re.compile(
    r"\"(?:datePublished|publishedAt|published_at|publishDate|publish_date|publicationDate|published_time"
    r"|firstPublishedAt|first_published_at|publishedDate|datePublishedIso)\\?\"\s*:\s*\\?\"([\d-]{10})"
)
_ELSEWHERE = re.compile(r"comment|related|sidebar|widget|recent|teaser|card|event", re.IGNORECASE)
_GENERIC = frozenset("ai app co com edu fm info io me net org tv ws".split())  # domains of no one country


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of an article, and where they come from; None for a day that the page does not show."""

    published: date | None = None
    modified: date | None = None
    reviewed_on: date | None = None  # last reviewed by a professional
    review_due: date | None = None  # the page's own "next review due"
    origin: str = "none"  # of `published`: json-ld, meta, line, posts, url, time, script, none
    modified_origin: str = "none"  # of `modified`: json-ld, meta, line, posts, none
    reviewed_origin: str = "none"  # of `reviewed_on`: json-ld, meta, line, none


def writing_of(parsed_page: ParsedPage, language: str | None) -> Writing:
    """Return how a page writes dates; `language` is that of its text.

    The region is that of <html lang>, else that of a country's domain.
    """
    parts = re.split(r"[-_]", (parsed_page.language or "").strip())
    claimed = parts[0].lower()
    region = next((part.upper() for part in parts[1:] if len(part) == 2), "")
    if language and claimed != language:
        region = ""
    domain = urls.host_port(parsed_page.url)[0].rpartition(".")[2]
    if not region and len(domain) == 2 and domain.isalpha() and domain not in _GENERIC:
        region = {"uk": "GB"}.get(domain, domain.upper())
    languages = dict.fromkeys(code for code in (language, claimed, "en") if code)
    return Writing(tuple(languages), region)


def find(
    parsed_page: ParsedPage, near: Sequence[Block], kept: Sequence[Block], writing: Writing, seen_on: date
) -> Dates:
    """Return the days of an article.

    `near` are the blocks around the article `kept`, whose short lines may hold its dates. `seen_on` is the
    day of fetching: days later than the day after it are not accepted, except for the next review.
    """
    latest = seen_on + timedelta(days=1)
    every = said(near, kept, writing)
    lines = [line for line in every if line.day <= latest]
    published, origin = _first(
        latest,
        ("json-ld", _in_json_ld(parsed_page, "datePublished", writing)),
        ("meta", _in_meta(parsed_page, _PUBLISHED_META, writing)),
        ("time", _marked(parsed_page)),
        ("line", _called([line for line in lines if not line.told], PUBLISHED)),
        ("posts", _listed(parsed_page.hints.published)),
        ("line", [line.day for line in lines if not line.kinds and not line.told]),
        ("line", _called(lines, PUBLISHED)),
        ("url", _in_url(parsed_page.url)),
        ("time", _agreed(parsed_page)),
        ("script", _in_scripts(parsed_page)),
    )
    modified, modified_origin = _first(
        latest,
        ("json-ld", _in_json_ld(parsed_page, "dateModified", writing)),
        ("meta", _in_meta(parsed_page, _MODIFIED_META, writing)),
        ("line", _called(lines, UPDATED)),
        ("posts", _listed(parsed_page.hints.modified)),
    )
    reviewed, reviewed_origin = _first(
        latest,
        ("json-ld", _in_json_ld(parsed_page, "lastReviewed", writing)),
        ("meta", _in_meta(parsed_page, _REVIEWED_META, writing)),
        ("line", _called(lines, REVIEWED)),
    )
    if modified and published and modified < published:
        # "Updated July 2026" on a page of 3 July 2026: the month alone is read as its first day
        same_month = modified == published.replace(day=1)
        modified, modified_origin = (published, modified_origin) if same_month else (None, "none")
    due = next((line.day for line in every if DUE in line.kinds), None)
    return Dates(published, modified, reviewed, due, origin, modified_origin, reviewed_origin)


def parse_day(text: str, writing: Writing, seen_on: date) -> date | None:
    """Return the first day in a text, in ISO form, in words or in numbers; None if there is none.

    It may be at most one day after `seen_on`.
    """
    latest = seen_on + timedelta(days=1)
    return next((day.day for day in days_in(text, writing) if day.day <= latest), None)


def _first(latest: date, *groups: tuple[str, Iterable[date]]) -> tuple[date | None, str]:
    days = ((day, origin) for origin, group in groups for day in group if day <= latest)
    return next(days, (None, "none"))


def _listed(day: date | None) -> list[date]:
    return [day] if day else []


def _called(lines: Sequence[Said], kind: str) -> list[date]:
    return [line.day for line in lines if kind in line.kinds]


def _read(texts: Iterable[str], writing: Writing) -> list[date]:
    return [day for text in texts if (day := iso_day(text) or _in_any_form(text, writing))]


def _in_any_form(text: str, writing: Writing) -> date | None:
    return next((day.day for day in days_in(text[:100], writing)), None)


def _in_json_ld(parsed_page: ParsedPage, name: str, writing: Writing) -> list[date]:
    nodes = metadata.articles(parsed_page)
    return _read((text for node in nodes for text in metadata.strings(node.get(name))), writing)


def _in_meta(parsed_page: ParsedPage, names: tuple[str, ...], writing: Writing) -> list[date]:
    return _read((value for name in names for value in parsed_page.meta.get(name, ())), writing)


def _marked(parsed_page: ParsedPage) -> list[date]:
    """Return the days of elements that microdata marks as the publication date."""
    marks = [
        element
        for element in parsed_page.root.iter("span", "time", "p", "div", "abbr")
        if element.get("itemprop") == "datePublished"
        or (element.tag == "time" and "pubdate" in element.attrib)
    ]
    texts = (
        element.get("content") or element.get("datetime") or element.get("title") or "" for element in marks
    )
    return [day for text in texts if (day := iso_day(text))]


def _agreed(parsed_page: ParsedPage) -> list[date]:
    """Return the day of the page's <time> elements outside comments and teasers if all show the same one."""
    times = [
        time
        for time in parsed_page.root.iter("time")
        if not any(_ELSEWHERE.search(element.get("class", "")) for element in time.iterancestors())
    ]
    days = {day for time in times if (day := iso_day(time.get("datetime", "")))}
    return list(days) if len(days) == 1 else []


def _in_scripts(parsed_page: ParsedPage) -> list[date]:
    """Return the publication day in the data of a page's scripts if they hold exactly one."""
    days = {day for text in _SCRIPTED.findall(parsed_page.markup) if (day := iso_day(text))}
    return list(days) if len(days) == 1 else []


def _in_url(url: str) -> list[date]:
    days = []
    for year, month, number in _URL_DAY.findall(urls.path_of(url).partition("?")[0]):
        try:
            days.append(date(int(year), int(month), int(number)))
        except ValueError:
            continue
    return days
