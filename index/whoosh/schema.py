"""What Whoosh holds of an article: the fields, and how an article becomes one document.

Whoosh gets terms that are analysed already, so that every engine has the same. What is shown lies in columns beside the postings:
the record without its text, and the text, so that ten results cost ten short reads.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from backports import zstd
from whoosh import analysis as whoosh_analysis
from whoosh import columns, fields
from whoosh.codec.whoosh3 import W3Codec
from whoosh.formats import Positions
from whoosh.system import pack_uint

from ...records import Article, from_record, to_record
from .. import fields as fields_of
from ..analysis import fold
from ..engine import FACETS
from ..fields import Analyzers

__all__ = [
    "BETWEEN",
    "ID_BYTES",
    "SCHEMA_VERSION",
    "STAMP",
    "PreparedText",
    "TermPositions",
    "article_of",
    "codec",
    "document",
    "encodable",
    "schema",
    "sort_id",
    "stamp_document",
    "stamp_of",
    "text_of",
]

SCHEMA_VERSION = 4  # raise it with every change of schema or analysis; an older index is rebuilt
STAMP = "\x00stamp"  # id of the hidden document that carries the last change number
BETWEEN = "\x1f"  # between the values of one field, and between a completion's key and its text
ID_BYTES = 20
_ENTRY = "\x1e"  # between completions
_LEVEL = 3  # zstd
_BLOCK = 512  # postings
_COMPRESSION = 1  # zlib
_VALUES = whoosh_analysis.RegexTokenizer(r"[^\x1f]+")
_ENTRIES = whoosh_analysis.RegexTokenizer(r"[^\x1e]+")


Posting = tuple[bytes, int, float, bytes]  # term, frequency, weight, value


class PreparedText(fields.TEXT):  # type: ignore[misc]
    """A field that takes its postings as they are; Whoosh's own way makes an object of each word, which costs a third of indexing."""

    def index(self, value: list[Posting], **kwargs: Any) -> list[Posting]:
        """Give the postings."""
        return value


class TermPositions:
    """Makes the postings of a field with positions. Remembers those of terms that stand in one place, as most do."""

    def __init__(self) -> None:
        self._encode = Positions().encode
        self._single: dict[int, bytes] = {}

    def of(self, terms: list[str]) -> list[Posting]:
        """Give the posting of each different term."""
        places: dict[str, list[int]] = {}
        for place, term in enumerate(terms):
            if term in places:
                places[term].append(place)
            else:
                places[term] = [place]
        return [
            (
                term.encode("utf-8", "replace"),
                len(found),
                float(len(found)),
                self._encode(found) if len(found) > 1 else self._once(found[0]),
            )
            for term, found in places.items()
        ]

    def _once(self, place: int) -> bytes:
        if place not in self._single:
            self._single[place] = self._encode([place])
        return self._single[place]


def _counts(terms: list[str]) -> list[Posting]:
    """Give the postings of a field without positions."""
    return [
        (term.encode("utf-8", "replace"), count, float(count), bytes(pack_uint(count)))
        for term, count in Counter(terms).items()
    ]


def schema() -> fields.Schema:
    """Give the fields of an index."""
    as_given = whoosh_analysis.IDAnalyzer()
    return fields.Schema(
        id=fields.ID(unique=True),
        address=fields.KEYWORD(analyzer=_VALUES),
        sort_id=fields.COLUMN(columns.FixedBytesColumn(ID_BYTES)),
        day=fields.COLUMN(columns.NumericColumn("i")),
        record=fields.COLUMN(columns.VarBytesColumn()),
        text=fields.COLUMN(columns.VarBytesColumn()),
        all=PreparedText(analyzer=as_given, phrase=True),
        title=PreparedText(analyzer=as_given, phrase=False),
        word=fields.KEYWORD(analyzer=_VALUES),
        complete=fields.KEYWORD(analyzer=_ENTRIES),
        name=fields.KEYWORD(analyzer=_VALUES),
        **{name: fields.KEYWORD(analyzer=_VALUES) for name in FACETS},
        **{f"{name}_key": fields.KEYWORD(analyzer=_VALUES) for name in ("topic", "author")},
    )


def codec() -> W3Codec:
    """Give Whoosh's own format, written for a reader that takes blocks whole.

    Larger blocks, quickly compressed, without the shortest and longest document of each: those let Whoosh's matchers skip blocks,
    which nobody asks them to, and cost a look-up for every posting (docs/measurements.md, indexing).
    """
    made = W3Codec(blocklimit=_BLOCK, compression=_COMPRESSION)
    made.length_stats = False
    return made


def document(
    article: Article, analyzers: Analyzers, places: TermPositions, broader: Iterable[str] = ()
) -> dict[str, Any]:
    """Give the document of an article; whoever limits a search to a `broader` topic finds and counts it as well."""
    analyzer = analyzers.of(article)
    record = to_record(article)
    text = record.pop("text")
    facets = {name: encodable(BETWEEN.join(fields_of.values(article, name, broader))) for name in FACETS}
    return {
        "id": article.id,
        "address": encodable(BETWEEN.join(fields_of.addresses(article))),
        "sort_id": sort_id(article.id),
        "day": fields_of.day_number(article),
        "record": _packed(json.dumps(record, ensure_ascii=False, separators=(",", ":"))),
        "text": _packed(text),
        "all": places.of(fields_of.flat_terms(article, analyzer)),
        "title": _counts(analyzer.terms(article.title)),
        "word": encodable(BETWEEN.join(sorted(fields_of.vocabulary(article)))),
        "complete": encodable(
            _ENTRY.join(fold(entry) + BETWEEN + entry for entry in fields_of.completions(article) if entry)
        ),
        **facets,
        "name": encodable(BETWEEN.join(sorted(fields_of.name_words(article)))),
        "topic_key": fold(facets["topic"]),
        "author_key": fold(facets["author"]),
    }


def stamp_document(stamp: int) -> dict[str, Any]:
    """Give the hidden document that carries a change number."""
    return {"id": STAMP, "sort_id": sort_id(STAMP), "record": _packed(str(stamp))}


def stamp_of(record: bytes) -> int:
    """Undo `stamp_document`."""
    return int(zstd.decompress(record))


def sort_id(id_: str) -> bytes:
    """Give an id as it lies in its column."""
    return id_.encode("utf-8", "replace")[:ID_BYTES].ljust(ID_BYTES, b"\x00")


def article_of(record: bytes) -> Article:
    """Undo `document`, but for the text."""
    return from_record(json.loads(zstd.decompress(record)) | {"text": ""})


def text_of(text: bytes) -> str:
    """Give the text of a document."""
    return zstd.decompress(text).decode("utf-8")


def _packed(text: str) -> bytes:
    return zstd.compress(text.encode("utf-8", "replace"), _LEVEL)


def encodable(text: str) -> str:
    """Replace unpaired surrogates, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
