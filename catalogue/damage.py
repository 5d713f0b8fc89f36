"""Damaged records: noticed when they are read, and looked for by `clinicdex verify`.

Every compressed value carries the checksum of zstd, and a page the digest of its bytes. A value that cannot
be read is never an article or a page: it becomes a RecordDamaged.
"""

from __future__ import annotations

import hashlib
import json
import logging
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from backports import zstd
from sqlalchemy import Table, select

from ..errors import RecordDamaged
from ..records import VisitOutcome
from . import schema
from .database import Database
from .packing import unpack, unpack_json

__all__ = ["DECODING", "OnDamage", "damaged_records", "pass_over", "reading"]

_log = logging.getLogger(__name__)
OnDamage = Callable[[RecordDamaged], None]
# what goes wrong while a damaged value is decoded
DECODING = (zstd.ZstdError, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError,
           struct.error, MemoryError, RecursionError)  # fmt: skip
_AT_ONCE = 200  # rows read at once (chosen by hand)


def pass_over(damage: RecordDamaged) -> None:
    """Log that a record is damaged, and go on without it."""
    _log.warning("%s", damage)


@contextmanager
def reading(what: str, row: Any) -> Iterator[None]:
    """Turn what goes wrong while a row with site and URL is decoded into a RecordDamaged."""
    try:
        for text in (row.site, row.url):
            text.encode("utf-8")  # bytes that are not UTF-8 come from the store as surrogates
        yield
    except DECODING as error:
        raise RecordDamaged(what, str(row.url), str(row.site), type(error).__name__) from error


def damaged_records(database: Database) -> Iterator[RecordDamaged]:
    """Yield every record that cannot be read, or that does not have its checksum any more."""
    for table, what, check in (
        (schema.sites, "entry", _check_site),
        (schema.frontier, "state", _check_entry),
        (schema.pages, "page", _check_page),
        (schema.articles, "article", _check_article),
    ):
        yield from _checked(database, table, what, check)


def _checked(
    database: Database, table: Table, what: str, check: Callable[[Any], None]
) -> Iterator[RecordDamaged]:
    query = select(table).order_by(*table.primary_key.columns)
    with (
        database.read() as connection,
        connection.execution_options(yield_per=_AT_ONCE).execute(query) as rows,
    ):
        for row in rows:
            try:
                check(row)
            except DECODING as error:
                site = str(getattr(row, "site", None) or getattr(row, "name", ""))
                yield RecordDamaged(what, str(row.url), site, str(error) or type(error).__name__)


def _check_texts(row: Any) -> None:
    """Raise ValueError if a text of a row holds bytes that are not UTF-8."""
    for value in row:
        if isinstance(value, str):
            value.encode("utf-8")


def _check_site(row: Any) -> None:
    _check_texts(row)
    for text in (row.settings, row.robots or "{}", row.opt_outs or "{}"):
        json.loads(text)


def _check_entry(row: Any) -> None:
    _check_texts(row)
    if row.outcome and not VisitOutcome.is_text(row.outcome):
        raise ValueError(f"no visit ends with {row.outcome!r}")
    json.loads(row.hints or "[]")


def _check_page(row: Any) -> None:
    _check_texts(row)
    json.loads(row.headers)
    body = unpack(row.body)
    if not row.dropped and hashlib.sha256(body).hexdigest() != row.digest:
        raise ValueError("its bytes are not those that were stored")
    if row.notes is not None:
        unpack_json(row.notes)


def _check_article(row: Any) -> None:
    _check_texts(row)
    record = unpack_json(row.record)
    if record["url"] != row.url:
        raise ValueError("its URL is not the one that was stored")
    for text in (row.also_at, row.near, row.topics or "[]"):
        json.loads(text)
    int(row.fingerprint or "0", 16)
