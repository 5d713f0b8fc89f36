"""Whoosh's posting lists as arrays.

This is the only module that decodes Whoosh's internal formats; a test compares it with Whoosh's own
matchers. Whoosh walks a posting list one document at a time in Python. Here each block is decoded as a
whole: the document numbers of a block are stored as differences, its weights are the frequencies. The
format is the same in Whoosh 2.7, whoosh-reloaded and whoosh3.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3LeafMatcher, _lenfield
from whoosh.columns import FixedBytesColumn
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from ..ranking import Floats, Ints, Postings

__all__ = ["alive", "column", "lengths", "of_term"]

_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float32)
_NOTHING: Postings = (np.zeros(0, np.int32), np.zeros(0, np.float32))


def alive(reader: Any) -> Any:
    """Return a mask of the documents that are not deleted, over all segments."""
    mask = np.ones(reader.doc_count_all(), bool)
    for leaf, base in reader.leaf_readers():
        if leaf.has_deletions():
            mask[[base + number for number in leaf._perdoc.deleted_docs()]] = False
    return mask


def lengths(reader: Any, field: str) -> Floats:
    """Return the length of a field in every document, in terms, at Whoosh's precision (one byte)."""
    parts = [_of_leaf(leaf._perdoc, field, leaf.doc_count_all()) for leaf, _ in reader.leaf_readers()]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _of_leaf(documents: Any, field: str, count: int) -> Floats:
    column = documents._cached_reader(_lenfield(field), LENGTHS_COLUMN)
    return _LENGTHS[np.frombuffer(_raw(column, count, 1), np.uint8)]


def column(reader: Any, field: str, width: int) -> bytes:
    """Return the bytes of a column with values of `width` bytes, for every document in order.

    The bytes are as on disk: numbers are big-endian.
    """
    leaves = (
        (leaf.column_reader(field, translate=False), leaf.doc_count_all())
        for leaf, _ in reader.leaf_readers()
    )
    return b"".join(_raw(values, count, width) for values, count in leaves)


def _raw(column: Any, count: int, width: int) -> bytes:
    """Return the bytes of a column of one segment; zeros for values that were never written."""
    if not isinstance(column, FixedBytesColumn.Reader):  # no document of the segment has a value
        return bytes(width * count)
    written = min(count, column._count)
    return bytes(column._dbfile.get(column._basepos, written * width)) + bytes((count - written) * width)


def of_term(reader: Any, field: str, term: bytes, mask: Any) -> Postings:
    """Return the documents that hold a term in a field and are in the mask, and its frequency in each."""
    numbers: list[Ints] = []
    weights: list[Floats] = []
    for leaf, base in reader.leaf_readers():
        try:
            matcher = leaf.postings(field, term)
        except TermNotFound:
            continue
        _decode(_innermost(matcher), base, numbers, weights)
    if not numbers:
        return _NOTHING
    documents, counts = np.concatenate(numbers), np.concatenate(weights)
    live = mask[documents]
    return (documents, counts) if live.all() else (documents[live], counts[live])


def _innermost(matcher: Any) -> Any:
    while hasattr(matcher, "child"):  # a filter of deleted documents
        matcher = matcher.child
    return matcher


def _decode(matcher: Any, base: int, numbers: list[Ints], weights: list[Floats]) -> None:
    if not isinstance(matcher, W3LeafMatcher):  # one or two postings, stored inline with the term
        numbers.append(np.array(list(matcher._ids), np.int32) + np.int32(base))
        weights.append(np.array(list(matcher._weights), np.float32))
        return
    while not matcher._atend:
        matcher._read_data()
        differences, counts = matcher._data[0], matcher._data[1]
        documents = np.cumsum(np.array(differences, np.int64)) + base
        numbers.append(documents.astype(np.int32))
        constant = counts is None or isinstance(counts, float)
        weights.append(
            np.full(len(documents), 1.0 if counts is None else counts, np.float32)
            if constant
            else np.array(counts, np.float32)
        )
        matcher._next_block()
