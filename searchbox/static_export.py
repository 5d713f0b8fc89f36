"""A search box without a server: the index as small files that any web host can serve, and the search box that reads them.

    clinicdex-search.js   the search box          clinicdex-index.js    what searches the files, in the browser
    clinicdex.bin         the table of contents   *-HASH.bin            the rest: JSON, packed by gzip, named by its content

`t` holds terms: the articles that have each, with frequencies, and the words as people type them beside their terms, in the order of the alphabet;
`d` articles, a few each; `w` the words that a mistyped one may have meant, and what means the same as a word of no article, by first letter;
`c` what completes a question, by first letter; `f` the articles of each topic, site and language. A question loads the parts it needs.
The terms are those of every other engine (index/analysis.py), and the ranking is theirs (index/rank.py).
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
from ..index import fields, ranking
from ..index.analysis import STOP_WORDS, fold, words
from ..index.question_words import QUESTION_WORDS
from ..index.synonyms import Synonyms, instead
from ..records import Article
from .assets import asset
from .settings import Settings
from .translations import all_words
from .widget import code

__all__ = ["CONTENTS", "files", "write"]

CONTENTS = "clinicdex.bin"
_VERSION = 1  # of the files; the search box refuses others
_TERMS, _ARTICLES = 12_000, 6_000  # bytes of JSON in a part, roughly (docs/measurements.md, static)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
Posting = tuple[int, int]  # number of an article, frequency


def files(articles: Iterable[Article], settings: Settings, synonyms: Synonyms) -> dict[str, bytes]:
    """Give the files of an index, by name. The articles are numbered by id, so that equal scores are in order of it."""
    held = sorted(articles, key=lambda article: article.id)
    made = _Files()
    terms = _Terms()
    for number, article in enumerate(held):
        terms.add(number, article)
    contents = {
        "v": _VERSION,
        "n": len(held),
        "bm25": [ranking.K1, ranking.B, ranking.TITLE],
        "flat": [_base36(length) for length in terms.flat_lengths],
        "title": [_base36(length) for length in terms.title_lengths],
        "asking": sorted(QUESTION_WORDS),
        "stop": sorted(STOP_WORDS),
        "t": made.add_all("t", _in_parts(terms.entries(), _TERMS, _merged)),
        "d": made.add_all(
            "d",
            _in_parts(((number, _shown(article)) for number, article in enumerate(held)), _ARTICLES, list),
        ),
        "w": dict(made.add_all("w", _by_letter(_spelled(held, terms, synonyms), _merged))),
        "c": dict(made.add_all("c", _by_letter(_completing(held), list))),
        "f": made.add("f", _facets(held, synonyms)),
        "pins": [[words(pin.query), pin.url, pin.title] for pin in settings.pins],
        "notice": _notice(settings),
        "link": settings.no_results_link,
    }
    made.held[CONTENTS] = _packed(contents)
    return made.held | {
        "clinicdex-search.js": code().encode(),
        "clinicdex-index.js": asset("clinicdex-index.js").read_bytes(),
    }


def write(made: Mapping[str, bytes], folder: Path) -> None:
    """Put the files into a folder, the table of contents last; parts of an older index that it does not name go. ConfigError if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in sorted(made, key=lambda name: (name == CONTENTS, name)):
            new = folder / f"{name}.new"
            new.write_bytes(made[name])
            new.replace(folder / name)
        for old in folder.glob("[tdwcf]-" + "[0-9a-f]" * 10 + ".bin"):
            if old.name not in made:
                old.unlink()
    except OSError as error:
        raise ConfigError(
            f"cannot write to {folder}: {error.strerror}; name another folder or free some space"
        ) from error


class _Files:
    """Parts named by what is in them."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def add(self, kind: str, value: Any) -> str:
        """Keep a part and give its hash."""
        packed = _packed(value)
        digest = hashlib.blake2b(packed, digest_size=5).hexdigest()
        self.held[f"{kind}-{digest}.bin"] = packed
        return digest

    def add_all(self, kind: str, parts: Iterable[tuple[Any, Any]]) -> list[tuple[Any, str]]:
        """Keep parts and give (first key, hash) of each."""
        return [(key, self.add(kind, value)) for key, value in parts]


class _Terms:
    """The terms of all articles, and the words that stand for them."""

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
        """Take in an article."""
        parts = [self._terms(article, part) for part in fields.searched(article)]
        _count(self._flat, number, (term for part in parts for term in part))
        _count(self._title, number, parts[0])
        self.flat_lengths.append(sum(map(len, parts)) + len(parts) - 1)
        self.title_lengths.append(len(parts[0]))

    def _terms(self, article: Article, text: str) -> list[str]:
        analyzer, known = self._analyzers.of(article), self._of_word[article.language or "en"]
        found = []
        for word in words(text):
            if word not in known:
                known[word] = analyzer.of_word(word)
                if known[word]:
                    self._spelled[word].add(known[word])
            if known[word]:
                found.append(known[word])
        return found

    def entries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give what is known under each term and word, in order."""
        for key in sorted({*self._flat, *self._spelled}):
            entry: dict[str, Any] = {}
            if key in self._flat:
                entry["p"] = _coded(self._flat[key])
            if key in self._title:
                entry["h"] = _coded(self._title[key])
            if self._spelled.get(key, {key}) != {key}:
                entry["s"] = sorted(self._spelled[key])
            elif key not in self._spelled:
                entry["o"] = 1  # a term that nobody writes so
            yield key, {key: entry if entry.keys() != {"p"} else entry["p"]}


def _count(postings: defaultdict[str, list[Posting]], number: int, terms: Iterable[str]) -> None:
    for term, count in Counter(terms).items():
        postings[term].append((number, count))


def _coded(postings: Sequence[Posting]) -> str:
    """Write postings shortly: the distance from the article before, and after a dot the frequency if it is not 1, all to the base of 36."""
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
    """Cut (key, value) pairs into parts of about `most` bytes; give (first key, part)."""
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
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for key, value in entries:
        found[key[:1]].append(value)
    for letter in sorted(found):
        yield letter, together(found[letter])


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}


def _shown(article: Article) -> dict[str, Any]:
    """Give what is shown of an article, as far as its page allows."""
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
    """Give the words of titles, headings, topics and people with the number of articles, and other words for those of no article."""
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
    found: dict[str, defaultdict[str, list[Posting]]] = {
        name: defaultdict(list) for name in ("topic", "site", "language")
    }
    for number, article in enumerate(articles):
        broader = synonyms.broader(article)
        for name, postings in found.items():
            for value in fields.values(article, name, broader):
                postings[value].append((number, 1))
    return {
        name: {value: _coded(postings) for value, postings in sorted(held.items())}
        for name, held in found.items()
    }


def _notice(settings: Settings) -> str | dict[str, str] | None:
    if settings.notice == "off":
        return None
    return settings.notice or {language: said["notice"] for language, said in all_words().items()}


def _packed(value: Any) -> bytes:
    return gzip.compress(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 9, mtime=0
    )
