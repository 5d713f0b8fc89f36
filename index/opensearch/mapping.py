"""Settings and mapping of a generation in OpenSearch, and the conversion of an article into a document.

The fields have the names of the Whoosh index (`index/whoosh/schema.py`). `all` and `title` hold terms that
are already analysed, separated by one blank; both are scored with the BM25 parameters of `ranking.py`.
`exact` holds words as people spell them, which a mistyped word may have meant. What results show is in
`record` and `text`, which are not searched.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...records import Article, from_record, to_record
from .. import fields
from ..engine import FACETS
from ..fields import Analyzers
from ..folding import fold
from ..ranking import K1, B
from .address import Address

__all__ = [
    "AFTER_KEY",
    "OLDEST",
    "SCHEMA_VERSION",
    "STAMP",
    "article_of",
    "begin",
    "document",
    "joined",
    "stamp_document",
]

SCHEMA_VERSION = 2  # raise it with every change of mapping or analysis; an older index is rebuilt
STAMP = "~stamp"  # id of the hidden document that carries the last change number
OLDEST = "oldest"  # the day number as `fields.by_day` sorts "oldest" by
AFTER_KEY = "\x1f"  # between the folded form of a completion and the form that is shown
_EDGE = "_"  # stands for the boundary that no phrase crosses; no word contains it
# How long OpenSearch remembers the versions of deleted articles, so that a writer that was suspended for up
# to that long restores none of them; chosen by hand.
_REMEMBERED = "1h"
_LONGEST = 8000  # characters of a keyword: Lucene takes 32,766 bytes, and a character has up to 4
_KEYWORD = {"type": "keyword", "ignore_above": _LONGEST}
_SOUGHT = {**_KEYWORD, "doc_values": False}
_TERMS = {"type": "text", "analyzer": "whitespace", "similarity": "ours"}
# Left out of the stored source: made from the catalogue again whenever they are needed.
_NOT_STORED = ["all", "title", "exact", "complete"]


def begin(address: Address) -> dict[str, Any]:
    """Return settings and mapping of a new generation.

    Changes are not visible before a commit refreshes the index. Replicas are added when it is complete.
    """
    properties = {
        "id": _KEYWORD,
        "address": _SOUGHT,
        "day": {"type": "integer"},
        OLDEST: {"type": "integer"},
        "all": _TERMS,
        "title": {**_TERMS, "index_options": "freqs"},
        "exact": {"type": "text", "analyzer": "whitespace", "norms": False, "index_options": "docs"},
        "complete": _KEYWORD,
        "record": {"type": "object", "enabled": False},
        "text": {"type": "text", "index": False},
        "stamp": {"type": "long"},
        "name": _SOUGHT,
        **dict.fromkeys(FACETS, _KEYWORD),
        **{f"{name}_key": _SOUGHT for name in ("topic", "author")},
    }
    return {
        "settings": {
            "index": {
                "number_of_shards": address.shards,
                "number_of_replicas": 0,
                "refresh_interval": "-1",
                "gc_deletes": _REMEMBERED,
            },
            "similarity": {"ours": {"type": "BM25", "k1": K1, "b": B}},
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"schema": SCHEMA_VERSION},
            "_source": {"excludes": _NOT_STORED},
            "properties": properties,
        },
    }


def joined(terms: Iterable[str]) -> str:
    """Join terms with blanks so that OpenSearch splits them into the same terms again."""
    return " ".join(_EDGE if term == fields.BOUNDARY else "".join(term.split()) for term in terms)


def document(article: Article, analyzers: Analyzers, broader: Iterable[str] = ()) -> dict[str, Any]:
    """Return the document of an article.

    A search limited to one of the `broader` topics finds the article too, and facets count it there.
    """
    analyzer = analyzers.of(article)
    record = to_record(article)
    text = record.pop("text")
    facets = {name: fields.values(article, name, broader) for name in FACETS}
    day = fields.day_number(article)
    return {
        "id": article.id,
        "address": fields.addresses(article),
        "day": day,
        OLDEST: fields.by_day(day, "oldest"),
        "all": joined(fields.flat_terms(article, analyzer)),
        "title": joined(fields.title_terms(article, analyzer)),
        "exact": joined(sorted(fields.vocabulary(article))),
        "complete": [fold(entry) + AFTER_KEY + entry for entry in fields.completions(article) if entry],
        "record": record,
        "text": text,
        **facets,
        "name": sorted(fields.name_words(article)),
        "topic_key": list(map(fold, facets["topic"])),
        "author_key": list(map(fold, facets["author"])),
    }


def stamp_document(stamp: int) -> dict[str, Any]:
    """Return the hidden document that carries a change number."""
    return {"stamp": stamp}


def article_of(source: dict[str, Any]) -> Article:
    """Return the article of a document's source; its text is empty if the source has none."""
    return from_record(source["record"] | {"text": source.get("text", "")})
