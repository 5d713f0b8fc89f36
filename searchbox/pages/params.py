"""Read the parameters of a search URL, and write URLs with some of them changed.

Every link of a page keeps the parameters that it does not change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import cast
from urllib.parse import urlencode

from ...index.query import Filters, Query, Sort, parse
from ..http.problem import Problem

__all__ = ["PAGE_SIZE", "given", "link", "query_of"]

# limits chosen by hand
PAGE_SIZE = 10  # results
_MOST_PAGES = 100
_NAMES = ("q", "topic", "author", "site", "language", "since", "until", "sort", "page")
_SORTS = ("relevance", "recent", "date", "oldest")
_LONGEST = 200  # characters of a filter (chosen by hand)
_LONGEST_QUERY = 2_000  # characters of a query (chosen by hand)


def query_of(params: Mapping[str, str]) -> Query:
    """Return the query that the parameters ask for; Problem 400 names the one that is wrong."""
    page = _number(params.get("page") or "1", "page")
    named = {name: params.get(name) or None for name in ("site", "topic", "author", "language")}
    for name, value in named.items():
        if value and len(value) > _LONGEST:
            raise Problem(400, f"{name} has at most {_LONGEST} characters", "bad_parameter")
    filters = Filters(
        **named, since=_day(params.get("since"), "since"), until=_day(params.get("until"), "until")
    )
    sort = params.get("sort") or "relevance"
    if sort not in _SORTS:
        raise Problem(400, f"sort must be one of {', '.join(_SORTS)}", "bad_parameter")
    if params.get("typing", "0") not in ("", "0", "1"):
        raise Problem(400, "typing must be 0 or 1", "bad_parameter")
    if len(params.get("after", "")) > _LONGEST:
        raise Problem(
            400,
            f"after has at most {_LONGEST} characters; it is the cursor of the page before",
            "bad_parameter",
        )
    text = params.get("q", "")
    if len(text) > _LONGEST_QUERY:
        raise Problem(400, f"q has at most {_LONGEST_QUERY} characters", "bad_parameter")
    offset = (page - 1) * PAGE_SIZE
    query = parse(
        text, filters, sort=cast(Sort, sort), offset=offset, size=PAGE_SIZE, after=params.get("after") or None
    )
    return replace(query, typing=params.get("typing") == "1" and text[-1:].isalnum())


def given(params: Mapping[str, str]) -> dict[str, str]:
    """Return the known parameters that are set."""
    return {name: params[name] for name in _NAMES if params.get(name)}


def link(
    now: Mapping[str, str], changed: Mapping[str, str | None] | None = None, *, path: str = "/search"
) -> str:
    """Return the search URL with some parameters changed, or removed (None).

    Any change other than of the page itself leads back to the first page.
    """
    wanted = {**now, "page": None, **changed} if changed else dict(now)
    return f"{path}?{urlencode({name: value for name, value in wanted.items() if value is not None})}"


def _number(text: str, name: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= _MOST_PAGES:
        raise Problem(400, f"{name} must be a number from 1 to {_MOST_PAGES}", "bad_parameter")
    return int(text)


def _day(text: str | None, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(400, f"{name} must be a day such as 2024-01-31", "bad_parameter") from None
