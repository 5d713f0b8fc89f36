"""The newest version of every fetched page, bytes included, and the result of its extraction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from .. import urls
from ..errors import RecordDamaged
from ..records import Hints, Page, Reason, Rejection
from . import earlier, schema
from .damage import DECODING, pass_over, reading
from .database import Database, portions, under
from .packing import pack, unpack, unpack_json

__all__ = ["Pages", "StoredPage", "hints_text", "store"]

_pages = schema.pages
_frontier = schema.frontier
_WITH_HINTS = select(_pages, _frontier.c.hints).select_from(
    _pages.outerjoin(_frontier, (_frontier.c.site == _pages.c.site) & (_frontier.c.url == _pages.c.url))
)
_FEW = 3  # extracted pages needed to judge what a folder holds (chosen by hand)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A page, and the site it was fetched for."""

    site: str
    page: Page


class Pages:
    """The pages of the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unread(self, site: str, read_as: str, most: int) -> list[Page]:
        """Return up to `most` pages of a site that extraction version `read_as` has yet to extract, by URL.

        Pages whose bytes are gone are left out; those of a damaged page are gone, too.
        """
        query = (
            _WITH_HINTS.where(_pages.c.site == site, _stale(read_as), _pages.c.dropped == 0)
            .order_by(_pages.c.url)
            .limit(most)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        pages, damaged = [], []
        for row in rows:
            try:
                pages.append(_page(row))
            except RecordDamaged as damage:
                pass_over(damage)
                damaged.append(row.url)
        if damaged:
            with self._database.write(site) as connection:
                lost = (_pages.c.site == site, _pages.c.url.in_(damaged))
                connection.execute(update(_pages).where(*lost).values(dropped=1, read_as=None))
            return pages or self.unread(site, read_as, most)
        return pages

    def count_unread(self, site: str, read_as: str) -> int:
        """Count the pages of a site that extraction version `read_as` has yet to extract."""
        query = select(func.count()).where(_pages.c.site == site, _stale(read_as), _pages.c.dropped == 0)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def get(self, url: str) -> StoredPage | None:
        """Return the page at a URL; None if it was never fetched."""
        query = _WITH_HINTS.where(_pages.c.url == url).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return StoredPage(site=row.site, page=_page(row)) if row else None

    def notes(self, site: str) -> Iterator[dict[str, Any]]:
        """Yield the stored notes of a site: what each of its extracted pages shows about it."""
        query = (
            select(_pages.c.notes)
            .where(_pages.c.site == site, _pages.c.notes.is_not(None))
            .order_by(_pages.c.url)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).scalars().all()
        for row in rows:
            with suppress(*DECODING):  # `clinicdex verify` names a damaged page; the others show the site
                yield unpack_json(row)

    def count(self, site: str | None = None) -> int:
        """Count the pages of a site, or of all sites."""
        query = select(func.count()).select_from(_pages)
        with self._database.read() as connection:
            return int(connection.execute(query.where(_pages.c.site == site) if site else query).scalar_one())

    def rejections(self, site: str) -> dict[str, int]:
        """Count the pages of a site that are not articles, by reason."""
        query = (
            select(_pages.c.reason, func.count())
            .where(_pages.c.site == site, _pages.c.reason.is_not(None))
            .group_by(_pages.c.reason)
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def rejection(self, url: str) -> Rejection | None:
        """Return why the page at a URL is not an article; None if it is one, or if that is unknown."""
        query = (
            select(_pages.c.reason, _pages.c.detail)
            .where(_pages.c.url == url, _pages.c.reason.is_not(None))
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return Rejection(url, Reason(row.reason), row.detail or "") if row else None

    def likely_folders(self, site: str) -> dict[str, float]:
        """Map each folder with at least _FEW extracted pages to the share of them that are articles."""
        query = select(_pages.c.url, _pages.c.reason).where(
            _pages.c.site == site, _pages.c.read_as.is_not(None), _pages.c.status < 300
        )
        counts: dict[str, tuple[int, int]] = {}  # folder -> articles, pages
        with (
            self._database.read() as connection,
            connection.execution_options(yield_per=1000).execute(query) as rows,
        ):
            for row in rows:
                articles, pages = counts.get(folder := urls.folder_of(row.url), (0, 0))
                counts[folder] = (articles + (row.reason is None), pages + 1)
        return {
            folder: round(articles / pages, 2)
            for folder, (articles, pages) in counts.items()
            if pages >= _FEW
        }

    def drop_bytes(self, site: str, read_as: str, fetched_before: float) -> int:
        """Drop the bytes of pages that ask for it or that were fetched before a time; return how many.

        The time is in Unix seconds. Only pages extracted with extraction version `read_as` lose their bytes.
        """
        old = or_(_pages.c.noarchive == 1, _pages.c.fetched_at < fetched_before)
        gone = (_pages.c.site == site, _pages.c.read_as == read_as, _pages.c.dropped == 0, old)
        with self._database.write(site) as connection:
            return connection.execute(update(_pages).where(*gone).values(body=pack(b""), dropped=1)).rowcount

    def want_again(self, site: str, read_as: str) -> int:
        """Mark pages with dropped bytes and an outdated extraction for refetching; return how many."""
        stale = (
            _pages.c.site == site,
            _pages.c.dropped == 1,
            or_(_pages.c.read_as < read_as, _pages.c.read_as > read_as),
        )
        with self._database.write(site) as connection:
            return connection.execute(update(_pages).where(*stale).values(read_as=None)).rowcount

    def mark_unread(self, site: str | None = None) -> int:
        """Mark every page of a site, or of all sites, to be extracted again; return how many."""
        statement = update(_pages).values(read_as=None)
        with self._database.write(site) as connection:
            return connection.execute(statement.where(_pages.c.site == site) if site else statement).rowcount

    def forget(self, site: str, target: str) -> int:
        """Delete the pages at a URL, below one that ends with "/" or "*", or all for ""; return how many.

        Their bytes go too, and their URLs leave the frontier.
        """
        with self._database.write(site) as connection:
            known = (schema.frontier.c.site == site, under(schema.frontier.c.url, target))
            connection.execute(delete(schema.frontier).where(*known))
            before = (schema.earlier.c.site == site, under(schema.earlier.c.url, target))
            connection.execute(delete(schema.earlier).where(*before))
            gone = delete(_pages).where(_pages.c.site == site, under(_pages.c.url, target))
            return connection.execute(gone).rowcount

    def drop(self, site: str, urls_: Sequence[str]) -> None:
        """Delete the pages at exactly these URLs, which also leave the frontier."""
        for some in portions(urls_):
            with self._database.write(site) as connection:
                for table in (schema.frontier, schema.earlier, _pages):
                    connection.execute(delete(table).where(table.c.site == site, table.c.url.in_(some)))


def _stale(read_as: str) -> Any:
    """Return the condition for pages that an extraction version has yet to extract."""
    # < and > instead of !=, which would not use the index
    return or_(_pages.c.read_as.is_(None), _pages.c.read_as < read_as, _pages.c.read_as > read_as)


def store(database: Database, connection: Connection, site: str, page: Page) -> bool:
    """Store a fetched page inside a write transaction; return whether it differs from the stored one.

    A page with equal bytes and equal status still counts as extracted.
    """
    digest = hashlib.sha256(page.body).hexdigest()
    values = {
        "final_url": page.final_url,
        "status": page.status,
        "fetched_at": page.fetched_at.timestamp(),
        "headers": json.dumps(page.headers),
        "charset": page.charset,
    }
    whole = or_(_pages.c.dropped == 0, _pages.c.read_as.is_not(None))
    same = (
        _pages.c.site == site,
        _pages.c.url == page.url,
        _pages.c.digest == digest,
        _pages.c.status == page.status,
        whole,
    )
    if connection.execute(update(_pages).where(*same).values(**values)).rowcount:
        return False
    earlier.keep(database, connection, site, page.url)
    values |= {"body": pack(page.body), "digest": digest, "read_as": None, "dropped": 0}
    statement = database.upsert(_pages).values(site=site, url=page.url, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["site", "url"], set_=values))
    return True


def _page(row: Any) -> Page:
    """Return the page that a row holds; RecordDamaged if it cannot be read."""
    with reading("page", row):
        return _decoded(row)


def _decoded(row: Any) -> Page:
    body = unpack(row.body)
    if not row.dropped and hashlib.sha256(body).hexdigest() != row.digest:
        raise ValueError
    return Page(
        url=row.url,
        final_url=row.final_url,
        status=row.status,
        fetched_at=datetime.fromtimestamp(row.fetched_at, UTC),
        headers=tuple((name, value) for name, value in json.loads(row.headers)),
        body=body,
        charset=row.charset,
        hints=hints_from(row.hints) if row.hints else None,
    )


def hints_text(hints: Hints) -> str:
    """Return hints as the text that the frontier stores."""
    return json.dumps([str(hints.published or ""), str(hints.modified or ""), hints.authors, hints.topics])


def hints_from(text: str) -> Hints:
    """Parse what `hints_text` wrote."""
    published, modified, authors, topics = json.loads(text)
    first, last = (date.fromisoformat(day) if day else None for day in (published, modified))
    return Hints(first, last, tuple(authors), tuple(topics))
