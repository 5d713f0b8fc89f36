"""Parse and check the parameters of a search, with Meilisearch's names, defaults and error codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...index.query import Query, Sort, parse
from ..http.problem import Problem
from .document import ATTRIBUTES, FACETS, Form
from .filter import BadFilter, condition

__all__ = ["MOST_HITS", "SearchRequest", "of_body", "of_facet_search", "of_query_string"]

MOST_HITS = 1_000  # that can be paged through: Meilisearch's own default
# the other limits are chosen by hand
_MOST_AT_ONCE = 100  # hits in one response
_LONGEST_QUERY = 2_000  # characters of a query; index/query.py searches for fewer
_LONGEST_TAG = 100  # characters of a highlight tag or crop marker
_MOST_WORDS = 1_000  # of a crop
_LISTS = ("facets", "attributesToRetrieve", "attributesToHighlight", "attributesToCrop", "sort")
_NUMBERS = {"offset": 0, "limit": 20, "page": 1, "hitsPerPage": 20, "cropLength": 10}
_TEXTS = {"highlightPreTag": "<em>", "highlightPostTag": "</em>", "cropMarker": "…"}
_KNOWN = {"q", "filter", "matchingStrategy", "showMatchesPosition", *_LISTS, *_NUMBERS, *_TEXTS}
# InstantSearch sends the parameters of the whole search along
_FACET_SEARCH = _KNOWN | {"facetName", "facetQuery", "exhaustiveFacetCount"}
_SORTS: dict[str, Sort] = {
    "published:desc": "date",
    "published:asc": "oldest",
    "date:desc": "date",
    "date:asc": "oldest",
}


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """The checked parameters of one search."""

    query: Query
    text: str
    finite: bool  # paged by number, with an exact total; else by offset and limit
    facets: tuple[str, ...]
    attributes: tuple[str, ...]
    formatted: tuple[str, ...]  # attributes of `_formatted`; includes all that are retrieved
    form: Form | None  # None: `_formatted` is not wanted
    positions: bool  # whether `_matchesPosition` is wanted

    @property
    def is_plain(self) -> bool:
        """Whether nothing is to be counted or highlighted."""
        return not (self.facets or self.form or self.positions)


def of_body(body: Any) -> SearchRequest:
    """Parse the JSON body of a search; Problem 400 says what is wrong."""
    if not isinstance(body, dict):
        raise Problem(400, "the body must be a JSON object", "bad_request")
    return _search_request(body)


def of_query_string(given: Mapping[str, str]) -> SearchRequest:
    """Parse the same parameters from a query string; the items of lists are separated by commas."""
    values: dict[str, Any] = {}
    for name, text in given.items():
        if name in _LISTS:
            values[name] = [part.strip() for part in text.split(",") if part.strip()]
        elif name in _NUMBERS:
            values[name] = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else text
        elif name == "showMatchesPosition":
            values[name] = text == "true"
        else:
            values[name] = text
    return _search_request(values)


def of_facet_search(body: Any) -> tuple[Query, str, str]:
    """Parse the body of a search among the values of a facet.

    Return the query, the facet's name in our index, and the prefix that a word of its values must have.
    """
    if not isinstance(body, dict):
        raise Problem(400, "the body must be a JSON object", "bad_request")
    _only(body, _FACET_SEARCH)
    _one_of(body, "exhaustiveFacetCount", (None, True, False))
    name = body.get("facetName")
    if not isinstance(name, str) or name not in FACETS:
        raise Problem(
            400,
            f"Attribute `{str(name)[:100]}` is not facet-searchable. {_there_are(FACETS)}",
            "invalid_facet_search_facet_name",
        )
    return _query(body), FACETS[name], _text(body, "facetQuery", "", 200)


def _search_request(body: Mapping[str, Any]) -> SearchRequest:
    _only(body, _KNOWN)
    offset, limit, finite = _span(body)
    sort = _sort(body)
    chosen = (
        ["*"] if body.get("attributesToRetrieve") is None else _list(body, "attributesToRetrieve", ATTRIBUTES)
    )
    attributes = _in_order(chosen)
    facets = _list(body, "facets", FACETS)
    unknown = [name for name in facets if name != "*" and name not in FACETS]
    if unknown:
        raise Problem(
            400,
            f"Invalid facet distribution: Attribute `{unknown[0]}` is not filterable. {_there_are(FACETS)}",
            "invalid_search_facets",
        )
    wanted = tuple(FACETS) if "*" in facets else tuple(facets)
    text = _text(body, "q", "", _LONGEST_QUERY)
    _one_of(body, "matchingStrategy", (None, "last", "all", "frequency"))
    _one_of(body, "showMatchesPosition", (None, True, False))
    form, positions = _form(body), body.get("showMatchesPosition") is True
    formatted = _in_order({*attributes, *form.highlighted, *form.cropped}) if form else ()
    query = _query(
        body,
        sort=sort,
        offset=offset,
        size=limit,
        shown="text" if "content" in (*attributes, *formatted) else "record",
    )
    return SearchRequest(query, text, finite, wanted, attributes, formatted, form, positions)


def _in_order(names: Collection[str]) -> tuple[str, ...]:
    return ATTRIBUTES if "*" in names else tuple(name for name in ATTRIBUTES if name in names)


def _query(body: Mapping[str, Any], **more: Any) -> Query:
    text = _text(body, "q", "", _LONGEST_QUERY)
    try:
        where = condition(body.get("filter"))
    except BadFilter as error:
        raise Problem(400, str(error), "invalid_search_filter") from None
    return replace(parse(text), where=where, typing=text[-1:].isalnum(), **more)


def _span(body: Mapping[str, Any]) -> tuple[int, int, bool]:
    """Return (hits to skip, hits to return, whether paged by number)."""
    numbers = {name: _number(body, name) for name in ("page", "hitsPerPage", "offset", "limit")}
    finite = body.get("page") is not None or body.get("hitsPerPage") is not None
    offset = max(numbers["page"] - 1, 0) * numbers["hitsPerPage"] if finite else numbers["offset"]
    size = numbers["limit"] if not finite else numbers["hitsPerPage"] if numbers["page"] else 0
    offset = min(offset, MOST_HITS)
    return offset, min(size, _MOST_AT_ONCE, MOST_HITS - offset), finite


def _sort(body: Mapping[str, Any]) -> Sort:
    orders = _list(body, "sort", ("published:desc", "published:asc"))
    if not orders:
        return "relevance"
    if orders[0] not in _SORTS:
        raise Problem(
            400,
            f"`{orders[0]}` cannot be sorted by; `published:asc` and `published:desc` can",
            "invalid_search_sort",
        )
    return _SORTS[orders[0]]


def _form(body: Mapping[str, Any]) -> Form | None:
    highlighted, cropped = (
        _list(body, "attributesToHighlight", ATTRIBUTES),
        _list(body, "attributesToCrop", ATTRIBUTES),
    )
    tags = {name: _text(body, name, default, _LONGEST_TAG) for name, default in _TEXTS.items()}
    length = min(_number(body, "cropLength"), _MOST_WORDS)
    if not highlighted and not cropped:
        return None
    crops: dict[str, int] = {}
    for entry in cropped:
        name, _, size = entry.partition(":")
        words = min(int(size), _MOST_WORDS) if size.isascii() and size.isdigit() and len(size) < 7 else length
        crops |= dict.fromkeys(ATTRIBUTES if name == "*" else (name,), words)
    names = frozenset(ATTRIBUTES if "*" in highlighted else highlighted)
    return Form(names, crops, tags["highlightPreTag"], tags["highlightPostTag"], tags["cropMarker"])


def _only(body: Mapping[str, Any], known: set[str]) -> None:
    unknown = [name for name in body if name not in known]
    if unknown:
        raise Problem(400, f"Unknown field `{unknown[0][:100]}`: {_there_are(sorted(known))}", "bad_request")


def _number(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name)
    if value is None:
        return _NUMBERS[name]
    if isinstance(value, float) and value.is_integer():  # 20.0 is a whole number in JSON
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Problem(400, f"Invalid value type at `.{name}`: a number from 0 up was expected", _code(name))
    return value


def _one_of(body: Mapping[str, Any], name: str, values: tuple[Any, ...]) -> None:
    if not any(
        body.get(name) is value or (isinstance(value, str) and body.get(name) == value) for value in values
    ):
        raise Problem(
            400,
            f"Invalid value at `.{name}`. {_there_are(value for value in values if value is not None)}",
            _code(name),
        )


def _text(body: Mapping[str, Any], name: str, default: str, longest: int) -> str:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise Problem(400, f"Invalid value type at `.{name}`: a text was expected", _code(name))
    if len(value) > longest:
        raise Problem(400, f"Invalid value at `.{name}`: at most {longest} characters are read", _code(name))
    return value


def _list(body: Mapping[str, Any], name: str, known: Any) -> list[str]:
    value = body.get(name)
    if value is None:
        return []
    if (
        not isinstance(value, list)
        or len(value) > 100
        or not all(isinstance(item, str) and len(item) <= 200 for item in value)
    ):
        raise Problem(
            400,
            f"Invalid value type at `.{name}`: an array of texts was expected. {_there_are(known)}",
            _code(name),
        )
    return value


def _there_are(known: Any) -> str:
    return f"There are: {', '.join(f'`{name}`' for name in known)}."


def _code(name: str) -> str:
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return f"invalid_facet_search_{snake}" if name == "facetQuery" else f"invalid_search_{snake}"
