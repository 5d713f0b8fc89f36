"""The embedded engine: Whoosh in a folder, with no server and nothing compiled.

The folder holds generations (g0001, g0002, …) and a file CURRENT that names one; swapping is one atomic rename.
Whoosh gets text that is analysed already, so every engine has the same terms. Searchers are opened afresh after each
commit and never refreshed: `refresh()` returns deleted and doubled documents in every fork (docs/measurements.md, refresh).
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock
from whoosh import analysis as whoosh_analysis
from whoosh import fields, sorting
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query
from whoosh.scoring import BM25F

from ..article import Article, from_record, to_record
from ..errors import EngineError, IndexMissing, IndexUnreadable
from . import matching
from .analysis import fold, terms
from .engine import FACETS, Facet, Hit, Results
from .folding import folded
from .query import Filters, Query
from .snippet import cut

__all__ = ["WhooshEngine"]

SCHEMA_VERSION = 1  # raise it with every change of schema or analysis; an older index is rebuilt
_TITLE = 0.3  # weight of the title's own score beside the flat one (docs/measurements.md, title-weight)
_WAIT = 10.0  # seconds for another writer to end
_STAMP = "\x00stamp"  # id of the hidden document that carries the last change number
_BETWEEN = "\x1f"  # between the values of one field, and between a completion's key and its text
_VALUES = whoosh_analysis.RegexTokenizer(r"[^\x1f]+")
_READING_ERRORS = (whoosh_index.IndexError, OSError, EOFError, ValueError, TypeError, KeyError, AttributeError, ImportError, zlib.error)


def _schema() -> fields.Schema:
    words = whoosh_analysis.SpaceSeparatedTokenizer()
    return fields.Schema(
        id=fields.ID(unique=True, stored=True, sortable=True),
        doc=fields.ID(),  # "article", or "stamp"
        all=fields.TEXT(analyzer=words, phrase=True),
        title=fields.TEXT(analyzer=words, phrase=False),
        day=fields.NUMERIC(int, bits=32, sortable=True),
        complete=fields.KEYWORD(analyzer=whoosh_analysis.RegexTokenizer(r"[^\x1e]+")),
        record=fields.STORED,
        **{name: fields.KEYWORD(analyzer=_VALUES) for name in FACETS},
        **{f"{name}_key": fields.KEYWORD(analyzer=_VALUES) for name in ("topic", "author")},
    )


class WhooshEngine:
    """An index in a folder."""

    features = frozenset({"durable"})

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def reader(self) -> WhooshReader:
        """Open the current generation."""
        return WhooshReader(self._open(self._current()))

    def writer(self, *, fresh: bool = False) -> WhooshWriter:
        """Open for writing; the index folder is made if it is not there."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise EngineError(f"cannot make the index folder {self._folder}: {error.strerror}; check its parent") from error
        lock = self._locked()
        try:
            folder = self._new_generation() if fresh else self._current()
            return WhooshWriter(self._folder, folder, self._open(folder), lock)
        except BaseException:
            lock.release()
            raise

    def problems(self) -> list[str]:
        """Open the index and read every document."""
        try:
            with self.reader() as reader:
                held = list(reader.ids())
                unreadable = [id_ for id_ in held if reader.get(id_) is None]
        except IndexUnreadable as error:
            return [str(error)]
        return [f"the index holds {id_} but cannot show it; run `clinicdex reindex`" for id_ in unreadable]

    def _locked(self) -> filelock.FileLock:
        lock, note = filelock.FileLock(self._folder / "lock", timeout=_WAIT), self._folder / "holder"
        try:
            lock.acquire()
        except filelock.Timeout:
            holder = note.read_text(encoding="utf-8") if note.exists() else "another process"
            raise EngineError(f"{holder} holds the index {self._folder}; wait for it to end") from None
        note.write_text(f"process {os.getpid()}, since {datetime.now(UTC):%H:%M:%S} UTC,", encoding="utf-8")
        return lock

    def _current(self) -> Path:
        try:
            name = (self._folder / "CURRENT").read_text(encoding="utf-8").strip()
        except OSError:
            raise IndexMissing(f"there is no index in {self._folder}; run `clinicdex reindex`") from None
        return self._folder / name

    def _new_generation(self) -> Path:
        taken = [int(path.name[1:]) for path in self._folder.glob("g[0-9]*")]
        folder = self._folder / f"g{max(taken, default=0) + 1:04}"
        folder.mkdir()
        whoosh_index.create_in(folder, _schema())
        (folder / "version.json").write_text(json.dumps({"schema": SCHEMA_VERSION}), encoding="utf-8")
        return folder

    def _open(self, folder: Path) -> Any:
        try:
            version = json.loads((folder / "version.json").read_text(encoding="utf-8"))["schema"]
            opened = whoosh_index.open_dir(folder)
            opened.searcher().close()
        except _READING_ERRORS as error:
            raise IndexUnreadable(f"the index in {folder} cannot be read ({type(error).__name__}); run `clinicdex reindex`") from error
        except Exception as error:
            raise IndexUnreadable(f"the index in {folder} is damaged ({type(error).__name__}); run `clinicdex reindex`") from error
        if version != SCHEMA_VERSION:
            opened.close()
            raise IndexUnreadable(f"the index in {folder} is of another version; run `clinicdex reindex`")
        return opened


class WhooshWriter:
    """Changes to one generation."""

    def __init__(self, root: Path, folder: Path, index: Any, lock: filelock.FileLock) -> None:
        self._root = root
        self._folder = folder
        self._index = index
        self._lock = lock
        self._replaced: dict[str, Article] = {}
        self._removed: set[str] = set()

    def replace(self, articles: Iterable[Article]) -> None:
        """Put articles in; the last of an id wins."""
        for article in articles:
            self._replaced[article.id] = article
            self._removed.discard(article.id)

    def remove(self, ids: Iterable[str]) -> None:
        """Take articles out."""
        for id_ in ids:
            self._replaced.pop(id_, None)
            self._removed.add(id_)

    def commit(self, stamp: int) -> None:
        """Write all changes and the stamp as one Whoosh commit: a document each, the old ones deleted before."""
        try:
            writer = self._index.writer(procs=1)
        except whoosh_index.LockError:
            raise EngineError(f"another process writes to {self._folder}; wait for it to end") from None
        try:
            for id_ in (*self._removed, *self._replaced, _STAMP):
                writer.delete_by_term("id", id_)
            for article in self._replaced.values():
                writer.add_document(**_document(article))
            writer.add_document(id=_STAMP, doc="stamp", record=str(stamp).encode())
            writer.commit()
        except OSError as error:
            writer.cancel()
            raise EngineError(f"cannot write the index in {self._folder}: {error.strerror}; free some space and run again") from error
        self.rollback()

    def swap(self) -> None:
        """Make this generation current and delete the others."""
        pointer = self._root / "CURRENT.new"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(self._folder.name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self._root / "CURRENT")
        for old in self._root.glob("g[0-9]*"):
            if old != self._folder:
                shutil.rmtree(old, ignore_errors=True)

    def rollback(self) -> None:
        """Drop what is not committed."""
        self._replaced.clear()
        self._removed.clear()

    def close(self) -> None:
        """Free the index."""
        self.rollback()
        self._index.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _document(article: Article) -> dict[str, Any]:
    record = json.dumps(to_record(article), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    facets = {name: _encodable(_BETWEEN.join(matching.values(article, name))) for name in FACETS}
    return {
        "id": article.id,
        "doc": "article",
        "all": " ".join(matching.flat_terms(article)),
        "title": " ".join(terms(article.title)),
        "day": matching.day_number(article),
        "complete": _encodable("\x1e".join(fold(entry) + _BETWEEN + entry for entry in matching.completions(article) if entry)),
        "record": zlib.compress(record),
        **facets,
        **{f"{name}_key": fold(facets[name]) for name in ("topic", "author")},
    }


def _encodable(text: str) -> str:
    """Replace unpaired surrogates, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


class WhooshReader:
    """One generation as it was when it was opened."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._searcher = index.searcher(weighting=BM25F())

    def search(self, query: Query, *, facets: bool = False) -> Results:
        """Find articles."""
        wanted, limits = _matched(query), _limited(query.filters)
        order: Any = [sorting.FieldFacet("day", reverse=True)] if query.sort == "date" else [sorting.ScoreFacet()]
        order.append(sorting.FieldFacet("id"))
        grouped = {name: sorting.FieldFacet(name, allow_overlap=True) for name in FACETS} if facets else None
        found = self._searcher.search(
            wanted, limit=max(1, query.offset + query.size), filter=limits, sortedby=order, groupedby=grouped, maptype=sorting.Count
        )
        scored = query.sort == "relevance"
        page = [(docnum, -key[0] if scored else 0.0) for key, docnum in found.top_n[query.offset : query.offset + query.size]]
        hits = folded(self._hit(docnum, score, query.asks) for docnum, score in page)
        return Results(len(found), hits, {name: _counted(found.groups(name)) for name in FACETS} if facets else {})

    def _hit(self, docnum: int, score: float, asked: Sequence[str]) -> Hit:
        article = _article(self._searcher.stored_fields(docnum)["record"])
        return Hit(article.id, score, cut(article.text, frozenset(asked), article.limits), article)

    def suggest(self, prefix: str, most: int = 8) -> list[str]:
        """Walk the sorted completions from the prefix on."""
        found: dict[str, None] = {}
        wanted = fold(prefix).strip()
        for entry in self._searcher.reader().expand_prefix("complete", wanted) if wanted else ():
            found[entry.decode("utf-8").partition(_BETWEEN)[2]] = None
            if len(found) >= most:
                break
        return list(found)

    def more_like(self, id: str, most: int = 5) -> list[Hit]:
        """Search with the article's own most telling terms."""
        article = self.get(id)
        if article is None:
            return []
        reader = self._searcher.reader()
        held = matching.flat_terms(article)
        asked = matching.telling(held, lambda term: reader.doc_frequency("all", term), reader.doc_count())
        results = self.search(Query(words=tuple(asked), size=most + 1))
        return [hit for hit in results.hits if hit.id != id][:most]

    def get(self, id: str) -> Article | None:
        """Give an article."""
        stored = self._searcher.document(id=id) if id != _STAMP else None
        return _article(stored["record"]) if stored else None

    def ids(self) -> Iterator[str]:
        """Give every id."""
        return (stored["id"] for stored in self._searcher.reader().all_stored_fields() if stored["id"] != _STAMP)

    def stamp(self) -> int:
        """Read the hidden document."""
        stored = self._searcher.document(id=_STAMP)
        return int(stored["record"]) if stored else 0

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _article(record: bytes) -> Article:
    return from_record(json.loads(zlib.decompress(record)))


def _counted(groups: dict[Any, int]) -> tuple[Facet, ...]:
    named = ((value.decode() if isinstance(value, bytes) else value, count) for value, count in groups.items() if value)
    return tuple(Facet(value, count) for value, count in sorted(named, key=lambda entry: (-entry[1], entry[0])))


def _matched(query: Query) -> Any:
    """Build Whoosh's query: what must match, then the words that add to the score."""
    needed = [_phrase(phrase) for phrase in (*query.phrases, *((term,) for term in query.required))]
    words = [clause for word in query.words for clause in _word(word)]
    if needed:
        wanted: Any = whoosh_query.And(needed)
        if words:
            wanted = whoosh_query.AndMaybe(wanted, whoosh_query.Or(words))
    elif words:
        wanted = whoosh_query.Or(words)
    else:
        wanted = whoosh_query.ConstantScoreQuery(whoosh_query.Term("doc", "article"), 0.0)
    if query.excluded:
        wanted = whoosh_query.AndNot(wanted, whoosh_query.Or([_phrase(phrase) for phrase in query.excluded]))
    return wanted


def _word(term: str) -> tuple[Any, Any]:
    return whoosh_query.Term("all", term), whoosh_query.Term("title", term, boost=_TITLE)


def _phrase(phrase: Sequence[str]) -> Any:
    return whoosh_query.Phrase("all", list(phrase)) if len(phrase) > 1 else whoosh_query.Term("all", phrase[0])


def _limited(filters: Filters) -> Any:
    clauses = [whoosh_query.Term("doc", "article")]
    for name, value in (("site", filters.site), ("language", filters.language)):
        clauses += [whoosh_query.Term(name, value)] if value is not None else []
    for name, value in (("topic_key", filters.topic), ("author_key", filters.author)):
        clauses += [whoosh_query.Term(name, fold(value))] if value is not None else []
    if filters.since or filters.until:
        since = filters.since.toordinal() if filters.since else 1
        clauses.append(whoosh_query.NumericRange("day", since, filters.until.toordinal() if filters.until else None))
    return whoosh_query.And(clauses)
