"""The articles of the catalogue, and the numbered changes that an index follows.

Every page that reads as an article has a row. Settling decides which address stands for each article; only those are
seen from outside. An article whose page is gone, or is no article any more, is lost: it stays until `let_go`. Each visible change gets the next change number, so an index that knows the last number it applied
can ask for the rest, and a crash in between loses and doubles nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, exists, func, select, tuple_, update

from .. import urls
from ..article import Article, Rejection, from_record, to_record
from . import schema
from .database import Database, pack_json, under, unpack_json

__all__ = ["Articles", "Change", "Outcome"]

_articles, _pages, _removals = schema.articles, schema.pages, schema.removals
_VISIBLE = _articles.c.kept_as == _articles.c.url
_AT_ONCE = 200  # articles of one look at all of them, of one transaction; quarters of one question
_Item = TypeVar("_Item")
_MOST_ALIKE = 2_000  # articles that share a quarter of their fingerprint; more is a template, and every pair of it is not worth the time


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading made of one page, as the catalogue keeps it."""

    url: str  # of the page
    outcome: Article | Rejection
    canonical: str
    digest: str
    notes: dict[str, Any] | None
    origins: tuple[tuple[str, str], ...] = ()  # field -> where its value comes from
    noarchive: bool = False  # the page asks that its bytes are not kept


@dataclass(frozen=True, slots=True)
class Change:
    """One step an index has to follow."""

    number: int  # grows monotonically over the whole catalogue
    id: str
    article: Article | None  # None: the article is gone


class Articles:
    """The articles of the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, site: str, outcomes: Sequence[Outcome], read_as: str) -> None:
        """Keep what reading made of pages, in one transaction. Articles stay unseen until `settle`."""
        with self._database.change(site) as connection:
            connection.execute(update(schema.sites).where(schema.sites.c.name == site).values(unsettled=1))
            for one in outcomes:
                self._save(connection, site, one, read_as)

    def _save(self, connection: Connection, site: str, one: Outcome, read_as: str) -> None:
        rejected = isinstance(one.outcome, Rejection)
        values = {
            "read_as": read_as,
            "noarchive": int(one.noarchive),
            "notes": pack_json(one.notes) if one.notes else None,
            "reason": one.outcome.reason.value if isinstance(one.outcome, Rejection) else None,
            "detail": one.outcome.detail if isinstance(one.outcome, Rejection) else None,
        }
        connection.execute(update(_pages).where(_pages.c.site == site, _pages.c.url == one.url).values(**values))
        if rejected:
            mine = (_articles.c.site == site) & (_articles.c.url == one.url)
            self._drop(connection, mine & _articles.c.settled_id.is_(None))
            connection.execute(update(_articles).where(mine).values(lost=values["reason"]))
        else:
            self._put(connection, site, one)

    def _put(self, connection: Connection, site: str, one: Outcome) -> None:
        assert isinstance(one.outcome, Article)
        mine = (_articles.c.site == site) & (_articles.c.url == one.url)
        before = connection.execute(select(_articles).where(mine)).one_or_none()
        record = pack_json(to_record(one.outcome) | {"origins": dict(one.origins)})
        id_ = (before.settled_id if before else None) or one.outcome.id
        if before and before.lost:
            connection.execute(update(_articles).where(mine).values(lost=None))
        if before and (before.record, before.id, before.canonical) == (record, id_, one.canonical):
            return
        if before and before.kept_as == one.url and before.id != id_:
            self._note_removal(connection, before.id)
        values = {"id": id_, "canonical": one.canonical, "digest": one.digest, "record": record,
                  "fingerprint": f"{one.outcome.fingerprint:016x}", "change": self._database.next_change(connection)}  # fmt: skip
        statement = self._database.upsert(_articles).values(site=site, url=one.url, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["site", "url"], set_=values))

    def candidates(self, site: str) -> list[tuple[str, str, str]]:
        """List (url, canonical, digest) of every page of a site that reads as an article."""
        query = select(_articles.c.url, _articles.c.canonical, _articles.c.digest).where(_articles.c.site == site)
        with self._database.read() as connection:
            return [tuple(row) for row in connection.execute(query.order_by(_articles.c.url))]

    def losses(self, site: str) -> tuple[dict[str, int], int]:
        """Count the articles of a site that are lost, by reason, and all that it had. What only moved, or is kept at another address, is not lost."""
        with self._database.read() as connection:
            columns = (_articles.c.url, _articles.c.kept_as, _articles.c.settled_id, _articles.c.lost)
            rows = connection.execute(select(*columns).where(_articles.c.site == site)).all()
            moved = self._moved(connection, site)
        alive = {row.kept_as for row in rows if not row.lost} | set(moved)
        visible = [row for row in rows if row.kept_as == row.url and row.settled_id]
        return dict(Counter(row.lost for row in visible if row.lost and row.url not in alive)), len(visible)

    def let_go(self, site: str) -> int:
        """Drop the lost articles of a site; one that moved passes its id on to where it is now. Count those dropped."""
        with self._database.change(site) as connection:
            for old, new in self._moved(connection, site).items():
                self._pass_on(connection, site, old, new)
        return self._drop_all(site, _articles.c.lost.is_not(None))

    def _moved(self, connection: Connection, site: str) -> dict[str, str]:
        """Map the addresses of lost articles to where they moved, as far as an article is there now."""
        pages = (_pages.c.site == _articles.c.site) & (_pages.c.url == _articles.c.url) & _pages.c.status.between(300, 399)
        query = select(_articles.c.url, _pages.c.headers).select_from(_articles.join(_pages, pages))
        rows = connection.execute(query.where(_articles.c.site == site, _articles.c.lost.is_not(None))).all()
        targets = {row.url: urls.canonical(dict(json.loads(row.headers)).get("location", ""), row.url) or "" for row in rows}
        there = select(_articles.c.url).where(_articles.c.site == site, _articles.c.lost.is_(None), _articles.c.url.in_(targets.values()))
        found = set(connection.execute(there).scalars())
        return {url: target for url, target in targets.items() if target in found}

    def _pass_on(self, connection: Connection, site: str, old: str, new: str) -> None:
        mine = _articles.c.site == site
        id_ = connection.execute(select(_articles.c.id).where(mine, _articles.c.url == old, _VISIBLE)).scalar_one_or_none()
        arrived = connection.execute(select(_articles).where(mine, _articles.c.url == new, _articles.c.settled_id.is_(None))).one_or_none()
        if id_ is None or arrived is None:
            return
        connection.execute(delete(_articles).where(mine, _articles.c.url == old))  # the id lives on: its removal is not noted
        if arrived.kept_as == new:
            self._note_removal(connection, arrived.id)
        values = {"id": id_, "settled_id": id_, "change": self._database.next_change(connection)}
        connection.execute(update(_articles).where(mine, _articles.c.url == new).values(**values))

    def settle(self, site: str, kept: Mapping[str, str], *, final: bool) -> None:
        """Make visible the addresses that stand for an article: `kept` maps every address to that one.

        With `final` the ids given so far are fixed for good.
        """
        others: dict[str, list[str]] = {}
        for url, best in kept.items():
            others.setdefault(best, []).extend([url] if url != best else [])
        columns = (_articles.c.url, _articles.c.id, _articles.c.kept_as, _articles.c.also_at)
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).where(_articles.c.site == site)).all()
        said = [(row, kept.get(row.url, row.url), sorted(others.get(row.url, []))) for row in rows]
        changed = [one for one in said if one[0].kept_as != one[1] or json.loads(one[0].also_at) != one[2]]
        for some in _portions(sorted(changed, key=lambda one: one[1] == one[0].url)):  # removals before arrivals
            with self._database.change(site) as connection:
                for row, best, also_at in some:
                    self._settle(connection, site, row, best, also_at)
        if final:
            with self._database.change(site) as connection:
                unsettled = (_articles.c.site == site, _articles.c.settled_id.is_(None))
                connection.execute(update(_articles).where(*unsettled).values(settled_id=_articles.c.id))

    def _settle(self, connection: Connection, site: str, row: Any, best: str, also_at: list[str]) -> None:
        if row.kept_as == row.url != best:
            self._note_removal(connection, row.id)
        values = {"kept_as": best, "also_at": json.dumps(also_at), "change": self._database.next_change(connection)}
        connection.execute(update(_articles).where(_articles.c.site == site, _articles.c.url == row.url).values(**values))

    def _alike(self, connection: Connection, site: str) -> list[tuple[str, str, int]]:
        """List (site, address, fingerprint) of the visible articles of a site, and of all others that share a quarter of a fingerprint with one of them.

        Of those that share one quarter the first _MOST_ALIKE by address are given: what more have in common is a template.
        """
        columns = (_articles.c.site, _articles.c.url, _articles.c.fingerprint)
        there = (_VISIBLE, _articles.c.fingerprint != "")
        found = {row.url: row for row in connection.execute(select(*columns).where(*there, _articles.c.site == site))}
        for place, quarter in enumerate(schema.QUARTERS):
            wanted = sorted({row.fingerprint[4 * place : 4 * place + 4] for row in found.values() if row.site == site})
            for some in _portions(wanted):
                rank = func.row_number().over(partition_by=quarter, order_by=_articles.c.url).label("rank")
                ranked = select(*columns, rank).where(*there, quarter.in_(some)).subquery()
                found.update((row.url, row) for row in connection.execute(select(ranked).where(ranked.c.rank <= _MOST_ALIKE)))
        return [(row.site, row.url, int(row.fingerprint, 16)) for row in found.values()]

    def link(self, site: str, near_of: Callable[[list[tuple[str, str, int]]], Mapping[str, set[str]]]) -> int:
        """Keep which articles say nearly the same as those of a site, on both sides; count the articles that changed.

        `near_of` works out from what `alike` gives, for each address of the site, which are near. No article changes meanwhile.
        """
        with self._database.change(site) as connection:
            near = near_of(self._alike(connection, site))
            columns = (_articles.c.url, _articles.c.near)
            mine = {row.url: set(json.loads(row.near)) for row in connection.execute(select(*columns).where(_articles.c.site == site))}
            linked = {url for url in mine if mine[url] or url in near}
            others = {other for urls in (*near.values(), *mine.values()) for other in urls} - mine.keys()
            count = 0
            for row in (row for some in _portions(sorted(linked | others)) for row in self._visible(connection, _articles.c.url.in_(some))):
                kept = set() if row.url in mine else set(json.loads(row.near)) - mine.keys()
                count += self._put_near(connection, row, kept | near.get(row.url, set()) | {url for url in near if row.url in near[url]})
            unseen = (_articles.c.site == site, _articles.c.near != "[]", _articles.c.kept_as != _articles.c.url)
            connection.execute(update(_articles).where(*unseen).values(near="[]"))
        return count

    def _visible(self, connection: Connection, which: Any) -> Sequence[Any]:
        columns = (_articles.c.site, _articles.c.url, _articles.c.near, _articles.c.record)
        return connection.execute(select(*columns).where(_VISIBLE, which).order_by(_articles.c.site, _articles.c.url)).all()

    def _put_near(self, connection: Connection, row: Any, wanted: Collection[str]) -> bool:
        """Keep the near-duplicates of an article, the one that it names as its source first; tell whether they are others than before."""
        if not wanted and row.near == "[]":
            return False
        source = (unpack_json(row.record).get("source") or {}).get("url")
        near = json.dumps(sorted(wanted, key=lambda url: (url != source, url)))
        if near == row.near:
            return False
        values = {"near": near, "change": self._database.next_change(connection)}
        connection.execute(update(_articles).where(_articles.c.site == row.site, _articles.c.url == row.url).values(**values))
        return True

    def changes(self, after: int, most: int) -> list[Change]:
        """Give the first changes after a number, in order: at most `most` of each sort, none skipped."""
        with self._database.read() as connection:
            changed = select(_articles).where(_articles.c.change > after, _VISIBLE).order_by(_articles.c.change).limit(most)
            gone = select(_removals).where(_removals.c.change > after).order_by(_removals.c.change).limit(most)
            articles = connection.execute(changed).all()
            removed = connection.execute(gone).all()
        steps = [Change(row.change, row.id, _article(row)) for row in articles] + [Change(row.change, row.id, None) for row in removed]
        ends = [rows[-1].change for rows in (articles, removed) if len(rows) == most]
        return sorted((step for step in steps if not ends or step.number <= min(ends)), key=lambda step: step.number)

    def newest_change(self) -> int:
        """Give the highest change number so far; 0 in an empty catalogue."""
        query = select(schema.counters.c.value).where(schema.counters.c.name == "change")
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def all(self, site: str | None = None) -> Iterator[Article]:
        """Give every visible article, of a site or of all, by site and address.

        They are read a few at a time, so that no transaction stays open while they are used: what changes meanwhile may be given as it was or as it is.
        """
        key = tuple_(_articles.c.site, _articles.c.url)
        some = select(_articles).where(_VISIBLE).order_by(_articles.c.site, _articles.c.url).limit(_AT_ONCE)
        query = some.where(_articles.c.site == site) if site else some
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query).all()
            yield from map(_article, rows)
            if len(rows) < _AT_ONCE:
                return
            query = (some.where(_articles.c.site == site) if site else some).where(key > (rows[-1].site, rows[-1].url))

    def get(self, url: str) -> Article | None:
        """Give the visible article at an address, also at one of its other addresses; None if there is none."""
        with self._database.read() as connection:
            best = connection.execute(select(_articles.c.site, _articles.c.kept_as).where(_articles.c.url == url).limit(1)).one_or_none()
            query = select(_articles).where(_articles.c.site == best.site, _articles.c.url == best.kept_as) if best else None
            row = connection.execute(query).one_or_none() if query is not None else None
        return _article(row) if row else None

    def origins(self, url: str) -> dict[str, str]:
        """Give, for the page at an address, where the value of each field comes from; empty if it is no article."""
        with self._database.read() as connection:
            record = connection.execute(select(_articles.c.record).where(_articles.c.url == url).limit(1)).scalar_one_or_none()
        return dict(unpack_json(record).get("origins", {})) if record else {}

    def count(self, site: str | None = None) -> int:
        """Count the visible articles of a site, or of all."""
        query = select(func.count()).select_from(_articles).where(_VISIBLE)
        with self._database.read() as connection:
            return int(connection.execute(query.where(_articles.c.site == site) if site else query).scalar_one())

    def doubles(self, site: str) -> int:
        """Count the pages of a site that are another address of an article."""
        query = select(func.count()).select_from(_articles).where(_articles.c.site == site, _articles.c.kept_as != _articles.c.url)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def sites(self) -> set[str]:
        """Give the names of all sites that have articles, imported ones included."""
        with self._database.read() as connection:
            return set(connection.execute(select(_articles.c.site).distinct()).scalars())

    def site_of(self, url: str) -> str | None:
        """Give the site that has an article at an address; None if none has."""
        with self._database.read() as connection:
            return connection.execute(select(_articles.c.site).where(_articles.c.url == url).limit(1)).scalar_one_or_none()

    def add(self, articles: Iterable[Article]) -> int:
        """Take in articles as they are, each visible at once under its own id; count them."""
        count = 0
        with self._database.change() as connection:
            for article in articles:
                outcome = Outcome(article.url, article, article.url, article.id, None)
                self._put(connection, article.site, outcome)
                mine = (_articles.c.site == article.site, _articles.c.url == article.url)
                values = {"kept_as": article.url, "settled_id": _articles.c.id, "also_at": json.dumps(list(article.also_at))}
                connection.execute(update(_articles).where(*mine).values(**values))
                count += 1
        return count

    def forget(self, site: str, target: str) -> int:
        """Delete the articles of a site at an address, or below one that ends with "/" or "*", or all if there is none; count them."""
        return self._drop_all(site, under(_articles.c.url, target))

    def _drop_all(self, site: str, which: Any) -> int:
        """Delete articles of a site, a portion in each transaction, so that nobody waits long for a large site; count them."""
        with self._database.read() as connection:
            urls_ = connection.execute(select(_articles.c.url).where(_articles.c.site == site, which).order_by(_articles.c.url)).scalars().all()
        count = 0
        for some in _portions(urls_):
            with self._database.change(site) as connection:
                count += self._drop(connection, (_articles.c.site == site) & which & _articles.c.url.in_(some))
        return count

    def _drop(self, connection: Connection, which: Any) -> int:
        rows = connection.execute(select(_articles.c.id, _articles.c.url, _articles.c.near).where(which, _VISIBLE)).all()
        gone, lost = [row.id for row in rows], {row.url for row in rows}
        named = {url for row in rows for url in json.loads(row.near)} - lost
        for row in self._visible(connection, _articles.c.url.in_(named)) if named else ():
            self._put_near(connection, row, set(json.loads(row.near)) - lost)
        count = connection.execute(delete(_articles).where(which)).rowcount
        for id_ in gone:
            if not connection.execute(select(_articles.c.id).where(_articles.c.id == id_, _VISIBLE).limit(1)).first():
                self._note_removal(connection, id_)
        return count

    def _note_removal(self, connection: Connection, id_: str) -> None:
        values = {"change": self._database.next_change(connection)}
        statement = self._database.upsert(_removals).values(id=id_, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def problems(self) -> list[str]:
        """Say which visible articles share an id, or stand for an address that is gone."""
        with self._database.read() as connection:
            shared = connection.execute(select(_articles.c.id).where(_VISIBLE).group_by(_articles.c.id).having(func.count() > 1)).scalars().all()
            kept = _articles.alias()  # not with NOT IN, for which PostgreSQL looks at all articles for each
            there = exists().where(kept.c.site == _articles.c.site, kept.c.url == _articles.c.kept_as)
            missing = select(_articles.c.url).where(_articles.c.kept_as.is_not(None), ~there)
            lost = connection.execute(missing).scalars().all()
        return [f"the id {id_} is used by more than one article; run `clinicdex reread`" for id_ in shared] + [
            f"{url} stands behind an address that is gone; run `clinicdex reread`" for url in lost
        ]


def _portions(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Cut into portions that one transaction, or one question, takes."""
    return (items[first : first + _AT_ONCE] for first in range(0, len(items), _AT_ONCE))


def _article(row: Any) -> Article:
    return from_record(unpack_json(row.record) | {"id": row.id, "also_at": json.loads(row.also_at), "near": json.loads(row.near)})
