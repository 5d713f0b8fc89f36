"""Export a search box that needs no server: small files on any web host, searched in the browser.

    clinicdex-search.js   the search box
    clinicdex-index.js    the script that searches the files
    clinicdex.bin         the table of contents
    KIND-HASH.bin         the parts of the index: gzipped JSON, named by a hash of their content

The kinds of parts:

    t   in alphabetical order: terms with the articles that have them and the frequencies, and words as people
        type them with their terms
    d   articles, a few per part
    w   by first letter: words that a mistyped word may stand for, and replacements of words in no article
    c   by first letter: completions of a query
    f   the articles of each topic, site and language
    s   the stop words of all languages; those of the languages in the index are in the table of contents

A query loads only the parts it needs. Terms and ranking are those of every other engine (index/analysis.py,
index/ranking.py).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from ..index import fields, ranking, stop_words
from ..index.analysis import STOP_WORDS
from ..index.folding import fold
from ..index.synonyms import Synonyms, instead
from ..index.words import words
from ..records import Article
from .assets import asset
from .settings import Settings
from .translations import all_words
from .widget import code

__all__ = ["CONTENTS", "files", "write"]

CONTENTS = "clinicdex.bin"
_VERSION = 2  # format of the files; the search box refuses any other
_TERMS, _ARTICLES = 12_000, 6_000  # approximate bytes of JSON per part (docs/measurements.md, static)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
Posting = tuple[int, int]  # number of an article, frequency


def files(articles: Iterable[Article], settings: Settings, synonyms: Synonyms) -> dict[str, bytes]:
    """Return the files of an export, by name.

    Articles are numbered in the order of their ids, so that results with equal scores come in that order.
    """
    by_id = sorted(articles, key=lambda article: article.id)
    parts = _Files()
    terms = _Terms()
    for number, article in enumerate(by_id):
        terms.add(number, article)
    languages = sorted({article.language for article in by_id if article.language} or {"en"})
    contents = {
        "v": _VERSION,
        "n": len(by_id),
        "bm25": [ranking.K1, ranking.B, ranking.TITLE],
        "flat": [_base36(length) for length in terms.flat_lengths],
        "title": [_base36(length) for length in terms.title_lengths],
        "languages": languages,
        "stop": sorted(STOP_WORDS),
        "stops": {code: sorted(listed) for code in languages if (listed := stop_words.of(code))},
        "s": parts.add("s", {code: sorted(listed) for code, listed in stop_words.lists().items()}),
        "t": parts.add_all("t", _in_parts(terms.entries(), _TERMS, _merged)),
        "d": parts.add_all(
            "d",
            _in_parts(((number, _shown(article)) for number, article in enumerate(by_id)), _ARTICLES, list),
        ),
        "w": dict(parts.add_all("w", _by_letter(_spelled(by_id, terms, synonyms), _merged))),
        "c": dict(parts.add_all("c", _by_letter(_completing(by_id), list))),
        "f": parts.add("f", _facets(by_id, synonyms)),
        "pins": [[words(pin.query), pin.url, pin.title] for pin in settings.pins],
        "notice": _notice(settings),
        "link": settings.no_results_link,
    }
    parts.held[CONTENTS] = _packed(contents)
    return parts.held | {
        "clinicdex-search.js": code().encode(),
        "clinicdex-index.js": asset("clinicdex-index.js").read_bytes(),
    }


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files into a folder, the table of contents last, then delete the parts of older exports.

    ConfigError if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in sorted(files, key=lambda name: (name == CONTENTS, name)):
            new = folder / f"{name}.new"
            new.write_bytes(files[name])
            new.replace(folder / name)
        for old in folder.glob("[tdwcfs]-" + "[0-9a-f]" * 10 + ".bin"):
            if old.name not in files:
                old.unlink()
    except OSError as error:
        raise ConfigError(
            f"cannot write to {folder}: {error.strerror}; name another folder or free some space"
        ) from error


class _Files:
    """Part files, named by a hash of their content."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def add(self, kind: str, value: Any) -> str:
        """Add a part; return its hash."""
        packed = _packed(value)
        digest = hashlib.blake2b(packed, digest_size=5).hexdigest()
        self.held[f"{kind}-{digest}.bin"] = packed
        return digest

    def add_all(self, kind: str, parts: Iterable[tuple[Any, Any]]) -> list[tuple[Any, str]]:
        """Add several parts; return (first key, hash) of each."""
        return [(key, self.add(kind, value)) for key, value in parts]


class _Terms:
    """The terms of all articles with their postings, and the words that they come from."""

    def __init__(self) -> None:
        self._analyzers = fields.Analyzers()
        self._flat: defaultdict[str, list[Posting]] = defaultdict(list)
        self._title: defaultdict[str, list[Posting]] = defaultdict(list)
        self._spelled: defaultdict[str, set[str]] = defaultdict(set)
        self._of_word: defaultdict[str, dict[str, str]] = defaultdict(dict)  # language -> word -> term
        self.flat_lengths: list[int] = []
        self.title_lengths: list[int] = []

    def __contains__(self, word: str) -> bool:
        return word in self._spelled

    def add(self, number: int, article: Article) -> None:
        """Add the terms of an article."""
        analyzer = self._analyzers.of(article)
        searched = fields.searched(article)
        parts = [self._terms(article, words(part)) for part in searched]
        joined = [self._terms(article, analyzer.joined_words(part)) for part in searched]
        if any(joined):
            parts.append([term for part in joined for term in part])
        _count(self._flat, number, (term for part in parts for term in part))
        title = [*parts[0], *joined[0]]
        _count(self._title, number, title)
        self.flat_lengths.append(sum(map(len, parts)) + len(parts) - 1)
        self.title_lengths.append(len(title))

    def _terms(self, article: Article, found: Iterable[str]) -> list[str]:
        analyzer, known = self._analyzers.of(article), self._of_word[article.language or "en"]
        terms = []
        for word in found:
            if word not in known:
                known[word] = analyzer.of_word(word)
                if known[word]:
                    self._spelled[word].add(known[word])
            if known[word]:
                terms.append(known[word])
        return terms

    def entries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the entry of each term and word, in alphabetical order."""
        for key in sorted({*self._flat, *self._spelled}):
            entry: dict[str, Any] = {}
            if key in self._flat:
                entry["p"] = _coded(self._flat[key])
            if key in self._title:
                entry["h"] = _coded(self._title[key])
            if self._spelled.get(key, {key}) != {key}:
                entry["s"] = sorted(self._spelled[key])
            elif key not in self._spelled:
                entry["o"] = 1  # a term that is not itself a word of any article
            yield key, {key: entry if entry.keys() != {"p"} else entry["p"]}


def _count(postings: defaultdict[str, list[Posting]], number: int, terms: Iterable[str]) -> None:
    for term, count in Counter(terms).items():
        postings[term].append((number, count))


def _coded(postings: Sequence[Posting]) -> str:
    """Encode postings as a short text.

    Each posting is the distance from the previous article's number and, if the frequency is not 1, a dot and
    the frequency. All numbers are in base 36.
    """
    parts, before = [], -1
    for number, count in postings:
        parts.append(_base36(number - before) + (f".{_base36(count)}" if count > 1 else ""))
        before = number
    return ",".join(parts)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _in_parts(
    entries: Iterable[tuple[Any, Any]], most: int, together: Callable[[list[Any]], Any]
) -> Iterator[tuple[Any, Any]]:
    """Split (key, value) pairs into parts of about `most` bytes; yield (first key, part) of each."""
    first, part, size = None, list[Any](), 0
    for key, value in entries:
        first = key if first is None else first
        part.append(value)
        size += len(json.dumps(value, ensure_ascii=False))
        if size >= most:
            yield first, together(part)
            first, part, size = None, [], 0
    if part:
        yield first, together(part)


def _by_letter(
    entries: Iterable[tuple[str, Any]], together: Callable[[list[Any]], Any]
) -> Iterator[tuple[str, Any]]:
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for key, value in entries:
        groups[key[:1]].append(value)
    for letter in sorted(groups):
        yield letter, together(groups[letter])


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}


def _shown(article: Article) -> dict[str, Any]:
    """Return the fields of an article that are shown, as far as its page's robots meta tags allow."""
    values = {
        "u": article.url,
        "t": article.title,
        "a": [person.as_written for person in article.authors],
        "p": article.published.isoformat() if article.published else None,
        "s": article.site,
        "k": list(dict.fromkeys(topic.label for topic in article.topics)),
        "x": article.limits.shown(article.text),
        "m": article.limits.max_snippet,
    }
    return {name: value for name, value in values.items() if value not in (None, [], "")}


def _spelled(
    articles: Iterable[Article], terms: _Terms, synonyms: Synonyms
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the words of titles, headings, topics and people with their article counts, then replacements.

    A replacement is a synonym in the index for a word of the vocabulary that is in no article.
    """
    counts = Counter(word for article in articles for word in fields.vocabulary(article))
    for word, count in sorted(counts.items()):
        yield word, {word: count}
    for word, names in synonyms.single_words():
        there = instead(names, terms.__contains__) if word not in terms else ()
        if there:
            yield word, {word: list(there)}


def _completing(articles: Iterable[Article]) -> Iterator[tuple[str, str]]:
    entries = {entry for article in articles for entry in fields.completions(article) if entry}
    yield from sorted((folded, entry) for entry in entries if (folded := fold(entry)))


def _facets(articles: Sequence[Article], synonyms: Synonyms) -> dict[str, dict[str, str]]:
    facets: dict[str, defaultdict[str, list[Posting]]] = {
        name: defaultdict(list) for name in ("topic", "site", "language")
    }
    for number, article in enumerate(articles):
        broader = synonyms.broader(article)
        for name, postings in facets.items():
            for value in fields.values(article, name, broader):
                postings[value].append((number, 1))
    return {
        name: {value: _coded(postings) for value, postings in sorted(by_value.items())}
        for name, by_value in facets.items()
    }


def _notice(settings: Settings) -> str | dict[str, str] | None:
    if settings.notice == "off":
        return None
    return settings.notice or {language: texts["notice"] for language, texts in all_words().items()}


def _packed(value: Any) -> bytes:
    return gzip.compress(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 9, mtime=0
    )
