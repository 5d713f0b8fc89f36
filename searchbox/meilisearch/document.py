"""Articles as Meilisearch documents, and their highlighted and cropped form (`_formatted`)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from ...records import Article

__all__ = ["ATTRIBUTES", "FACETS", "FILTERABLE", "SECONDS_A_DAY", "Form", "day_of", "document", "formatted"]

SECONDS_A_DAY = 86_400
# Meilisearch attribute -> field of our index
FILTERABLE = {
    "id": "id",
    "topics": "topic",
    "authors": "author",
    "site": "site",
    "language": "language",
    "published": "published",
}
FACETS = {name: FILTERABLE[name] for name in ("topics", "authors", "site", "language")}
_EPOCH = date(1970, 1, 1).toordinal()
_LEVELS = 7  # hierarchy_lvl0 to hierarchy_lvl6: what documentation search boxes draw
# never highlighted: they are not text
_PLAIN = ("id", "url", "anchor", "image", "date", "modified", "reviewed_on", "review_due")
_WORD = re.compile(r"\S+")
Places = Callable[[str], list[tuple[int, int, str]]]


def day_of(ordinal: int) -> date:
    """Return the day of a proleptic Gregorian ordinal."""
    return date.fromordinal(ordinal)


def _topics(article: Article) -> list[str]:
    return list(dict.fromkeys(topic.label for topic in article.topics))


def _seconds(article: Article) -> int | None:
    return (article.published.toordinal() - _EPOCH) * SECONDS_A_DAY if article.published else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# the text is included as far as its page's robots meta tags allow snippets
_VALUE_OF: Mapping[str, Callable[[Article], Any]] = {
    "id": lambda article: article.id,
    "url": lambda article: article.url,
    "anchor": lambda article: None,
    "title": lambda article: article.title,
    "content": lambda article: article.limits.shown(article.text),
    "summary": lambda article: article.limits.shown(article.summary),
    "authors": lambda article: [person.name for person in article.authors],
    "topics": _topics,
    "site": lambda article: article.site,
    "language": lambda article: article.language,
    "published": _seconds,
    "date": lambda article: _iso(article.published),
    "modified": lambda article: _iso(article.modified),
    "reviewed_on": lambda article: _iso(article.reviewed_on),
    "review_due": lambda article: _iso(article.review_due),
    "image": lambda article: article.image,
    "hierarchy_lvl0": lambda article: next(iter(_topics(article)), article.site),
    "hierarchy_lvl1": lambda article: article.title,
    **{f"hierarchy_lvl{level}": lambda article: None for level in range(2, _LEVELS)},
}
ATTRIBUTES = tuple(_VALUE_OF)


def document(article: Article, names: Iterable[str]) -> dict[str, Any]:
    """Return the named attributes of an article as a document."""
    return {name: _VALUE_OF[name](article) for name in names}


@dataclass(frozen=True, slots=True)
class Form:
    """Which attributes to highlight and crop, and how."""

    highlighted: frozenset[str] = frozenset()  # attributes
    cropped: Mapping[str, int] = field(default_factory=dict)  # attribute -> words
    before: str = "<em>"
    after: str = "</em>"
    cut: str = "…"


def formatted(found: Mapping[str, Any], form: Form, places: Places) -> dict[str, Any]:
    """Return a document's `_formatted`: every attribute as text, highlighted and cropped where requested.

    If the highlight tags are HTML, the text is escaped: a client that asks for `<em>` inserts the answer into
    a page unchanged. With other tags (`__mark__`) the text is not escaped: such a client escapes it itself.
    """
    return {name: _form(name, value, form, places) for name, value in found.items()}


def _form(name: str, value: Any, form: Form, places: Places) -> Any:
    if isinstance(value, list):
        return [_form(name, item, form, places) for item in value]
    if value is None or name in _PLAIN:
        return value
    text = str(value)
    marks = (
        places(text) if isinstance(value, str) and (name in form.highlighted or name in form.cropped) else []
    )
    begin, end = _window(text, marks, form.cropped[name]) if name in form.cropped else (0, len(text))
    marks = (
        [mark for mark in marks if begin <= mark[0] and mark[1] <= end] if name in form.highlighted else []
    )
    inner = _highlighted(text, begin, end, marks, form)
    return (form.cut if begin else "") + inner + (form.cut if end < len(text) else "")


def _highlighted(text: str, begin: int, end: int, marks: list[tuple[int, int, str]], form: Form) -> str:
    plain: Callable[[str], str] = escape if "<" in form.before else str
    parts, position = [], begin
    for first, last, _ in marks:
        parts += [plain(text[position:first]), form.before, plain(text[first:last]), form.after]
        position = last
    return "".join([*parts, plain(text[position:end])])


def _window(text: str, marks: list[tuple[int, int, str]], size: int) -> tuple[int, int]:
    """Return where the run of `size` words with the most different highlighted terms begins and ends.

    Of several such runs, the first.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    if size <= 0 or len(words) <= size:
        return 0, len(text)
    at = [_word_of(words, start) for start, _, _ in marks]
    best, most, first = 0, 0, 0
    for last, word in enumerate(at):
        while word - at[first] >= size:
            first += 1
        distinct = len({term for _, _, term in marks[first : last + 1]})
        if distinct > most:
            best, most = (
                max(0, min(at[first] - (size - (word - at[first]) - 1) // 2, len(words) - size)),
                distinct,
            )
    return (words[best][0] if best else 0), (
        words[best + size - 1][1] if best + size < len(words) else len(text)
    )


def _word_of(words: list[tuple[int, int]], position: int) -> int:
    return bisect_right(words, position, key=lambda span: span[0]) - 1
