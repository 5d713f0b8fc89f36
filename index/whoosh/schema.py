"""The schema of a Whoosh index, and the conversion of an article into a document.

Whoosh gets terms that are already analysed, so that every engine has the same terms. What results show is
stored in columns next to the postings: the record without its text, and the text. So ten results cost ten
short reads.
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
from ..engine import FACETS
from ..fields import Analyzers
from ..folding import fold

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

SCHEMA_VERSION = 5  # raise it with every change of schema or analysis; an older index is rebuilt
STAMP = "\x00stamp"  # id of the hidden document that carries the last change number
BETWEEN = "\x1f"  # between the values of one field, and between a completion's key and its text
ID_BYTES = 20  # of an id in its column
_ENTRY = "\x1e"  # between completions
_LEVEL = 3  # of zstd; chosen by hand
_BLOCK = 512  # postings (docs/measurements.md, indexing)
_COMPRESSION = 1  # level of zlib; chosen by hand
_VALUES = whoosh_analysis.RegexTokenizer(r"[^\x1f]+")
_ENTRIES = whoosh_analysis.RegexTokenizer(r"[^\x1e]+")


Posting = tuple[bytes, int, float, bytes]  # term, frequency, weight, value


class PreparedText(fields.TEXT):  # type: ignore[misc]
    """A field that takes prepared postings.

    Whoosh itself makes an object of each word, which costs a third of the indexing time.
    """

    def index(self, value: list[Posting], **kwargs: Any) -> list[Posting]:
        """Return the postings unchanged."""
        return value


class TermPositions:
    """Makes the postings of a field with positions; caches those of terms with one position, as most have."""

    def __init__(self) -> None:
        self._encode = Positions().encode
        self._single: dict[int, bytes] = {}

    def of(self, terms: list[str]) -> list[Posting]:
        """Return the posting of each distinct term."""
        positions: dict[str, list[int]] = {}
        for position, term in enumerate(terms):
            if term in positions:
                positions[term].append(position)
            else:
                positions[term] = [position]
        return [
            (
                term.encode("utf-8", "replace"),
                len(occurrences),
                float(len(occurrences)),
                self._encode(occurrences) if len(occurrences) > 1 else self._once(occurrences[0]),
            )
            for term, occurrences in positions.items()
        ]

    def _once(self, position: int) -> bytes:
        if position not in self._single:
            self._single[position] = self._encode([position])
        return self._single[position]


def _counts(terms: list[str]) -> list[Posting]:
    """Return the postings of a field without positions."""
    return [
        (term.encode("utf-8", "replace"), count, float(count), bytes(pack_uint(count)))
        for term, count in Counter(terms).items()
    ]


def schema() -> fields.Schema:
    """Return the schema of an index."""
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
    """Return Whoosh's own codec, set up for a reader that decodes whole blocks.

    Blocks are larger than the default and compressed quickly. They lack the lengths of their shortest and
    longest document: those let Whoosh's matchers skip blocks, which nothing here uses, and cost a look-up
    for every posting (docs/measurements.md, indexing).
    """
    whoosh_codec = W3Codec(blocklimit=_BLOCK, compression=_COMPRESSION)
    whoosh_codec.length_stats = False
    return whoosh_codec


def document(
    article: Article, analyzers: Analyzers, places: TermPositions, broader: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the document of an article.

    A search limited to one of the `broader` topics finds the article too, and facets count it there.
    """
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
        "title": _counts(fields_of.title_terms(article, analyzer)),
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
    """Return the hidden document that carries a change number."""
    return {"id": STAMP, "sort_id": sort_id(STAMP), "record": _packed(str(stamp))}


def stamp_of(record: bytes) -> int:
    """Return the change number in the record of a stamp document: the inverse of `stamp_document`."""
    return int(zstd.decompress(record))


def sort_id(id_: str) -> bytes:
    """Return an id in the form of its column: UTF-8 bytes, cut or zero-padded to `ID_BYTES`."""
    return id_.encode("utf-8", "replace")[:ID_BYTES].ljust(ID_BYTES, b"\x00")


def article_of(record: bytes) -> Article:
    """Return the article of a packed record, without its text."""
    return from_record(json.loads(zstd.decompress(record)) | {"text": ""})


def text_of(text: bytes) -> str:
    """Return the text of a document, unpacked."""
    return zstd.decompress(text).decode("utf-8")


def _packed(text: str) -> bytes:
    return zstd.compress(text.encode("utf-8", "replace"), _LEVEL)


def encodable(text: str) -> str:
    """Replace unpaired surrogates, which cannot be encoded as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
