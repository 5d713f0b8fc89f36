"""The articles of the catalogue, and the numbered changes that an index follows.

Every page that was extracted as an article has a row. `settle` decides which URL is kept for each article;
only the rows of kept URLs are visible. An article whose page is gone, or is not an article any more, is lost:
it stays until the run ends (lost.py). Each visible change gets the next change number (changes.py).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, func, select, tuple_, update

from ..records import Article, ArticleKeys, Rejection, to_record
from ..urls import is_under
from . import schema
from .changes import Change, article_of, changes, newest, note_removal, read
from .damage import OnDamage, pass_over
from .database import AT_ONCE, Database, portions, under
from .earlier import put_aside
from .lost import drop, drop_all
from .near_links import NearOf, link
from .packing import pack_json, unpack_json
from .schema import VISIBLE
from .site_topics import SettledOf, settle_topics
from .snapshot import Known, missing, snapshot, titles

__all__ = ["Articles", "Change", "ExtractedPage"]

_articles, _pages, _removals = schema.articles, schema.pages, schema.removals


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedPage:
    """The result of extracting one page, as the catalogue stores it."""

    url: str  # of the page
    outcome: Article | Rejection
    canonical: str
    digest: str
    notes: dict[str, Any] | None = None  # what the page shows about its site
    origins: tuple[tuple[str, str], ...] = ()  # (field, where its value comes from)
    noarchive: bool = False  # the page asks for its bytes not to be kept
    expires: float | None = None  # when the page wants to be shown no longer, in Unix seconds
    unnamed: tuple[str, ...] = ()  # concepts of topics that only the text names, neither title nor heading


class Articles:
    """The articles of the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, site: str, outcomes: Sequence[ExtractedPage], read_as: str) -> None:
        """Store the results of extraction version `read_as`; articles stay invisible until `settle`."""
        with self._database.change(site) as connection:
            connection.execute(update(schema.sites).where(schema.sites.c.name == site).values(unsettled=1))
            for extracted in outcomes:
                self._save(connection, site, extracted, read_as)

    def _save(self, connection: Connection, site: str, extracted: ExtractedPage, read_as: str) -> None:
        rejected = isinstance(extracted.outcome, Rejection)
        values = {
            "read_as": read_as,
            "noarchive": int(extracted.noarchive),
            "notes": pack_json(extracted.notes) if extracted.notes else None,
            "reason": extracted.outcome.reason.value if isinstance(extracted.outcome, Rejection) else None,
            "detail": extracted.outcome.detail if isinstance(extracted.outcome, Rejection) else None,
            "expires": extracted.expires,
        }
        connection.execute(
            update(_pages).where(_pages.c.site == site, _pages.c.url == extracted.url).values(**values)
        )
        if rejected:
            mine = (_articles.c.site == site) & (_articles.c.url == extracted.url)
            drop(self._database, connection, mine & _articles.c.settled_id.is_(None))
            is_moved = str(values["detail"]).endswith(", moved")
            connection.execute(
                update(_articles).where(mine).values(lost="moved" if is_moved else values["reason"])
            )
        else:
            self._put(connection, site, extracted)

    def _put(self, connection: Connection, site: str, extracted: ExtractedPage) -> None:
        assert isinstance(extracted.outcome, Article)
        mine = (_articles.c.site == site) & (_articles.c.url == extracted.url)
        before = connection.execute(select(_articles).where(mine)).one_or_none()
        aside = {"origins": dict(extracted.origins), "unnamed": list(extracted.unnamed)}
        record = pack_json(to_record(extracted.outcome) | aside)
        id_ = (before.settled_id if before else None) or extracted.outcome.id
        if before and before.lost:
            connection.execute(update(_articles).where(mine).values(lost=None))
        new = {"canonical": extracted.canonical, "digest": extracted.digest, "record": record,
               "fingerprint": f"{extracted.outcome.fingerprint:016x}"}  # fmt: skip
        if put_aside(connection, site, extracted.url, new):
            return
        if before and (before.record, before.id, before.canonical) == (record, id_, extracted.canonical):
            return
        if before and before.kept_as == extracted.url and before.id != id_:
            note_removal(self._database, connection, before.id)
        values = new | {"id": id_, "topics": None, "change": self._database.next_change(connection)}
        statement = self._database.upsert(_articles).values(site=site, url=extracted.url, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["site", "url"], set_=values))

    def candidates(self, site: str) -> list[ArticleKeys]:
        """Return the keys of every page of a site that was extracted as an article, ordered by URL.

        Pages that have not answered for so long that they are not shown are left out.
        """
        columns = (_articles.c.url, _articles.c.canonical, _articles.c.digest)
        shown = (_articles.c.site == site, _articles.c.away.is_(None))
        query = select(*columns).where(*shown).order_by(_articles.c.url)
        with self._database.read() as connection:
            return [ArticleKeys(**row._mapping) for row in connection.execute(query)]

    def settle(self, site: str, kept: Mapping[str, str], *, final: bool) -> None:
        """Make one URL per article visible: `kept` maps every URL to the one kept for its article.

        With `final` the ids assigned so far are fixed for good.
        """
        others: dict[str, list[str]] = {}
        for url, best in kept.items():
            others.setdefault(best, []).extend([url] if url != best else [])
        columns = (_articles.c.url, _articles.c.id, _articles.c.kept_as, _articles.c.also_at)
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).where(_articles.c.site == site)).all()
        settled = [(row, kept.get(row.url, row.url), sorted(others.get(row.url, []))) for row in rows]
        changed = [new for new in settled if new[0].kept_as != new[1] or json.loads(new[0].also_at) != new[2]]
        # removals before arrivals
        for some in portions(sorted(changed, key=lambda new: new[1] == new[0].url)):
            with self._database.change(site) as connection:
                for row, best, also_at in some:
                    self._settle(connection, site, row, best, also_at)
        if final:
            with self._database.change(site) as connection:
                unsettled = (_articles.c.site == site, _articles.c.settled_id.is_(None))
                connection.execute(update(_articles).where(*unsettled).values(settled_id=_articles.c.id))

    def _settle(self, connection: Connection, site: str, row: Any, best: str, also_at: list[str]) -> None:
        if row.kept_as == row.url != best:
            note_removal(self._database, connection, row.id)
        values = {"kept_as": best, "also_at": json.dumps(also_at),
                  "change": self._database.next_change(connection)}  # fmt: skip
        connection.execute(
            update(_articles).where(_articles.c.site == site, _articles.c.url == row.url).values(**values)
        )

    def settle_topics(self, site: str, settled_of: SettledOf) -> int:
        """Store the topics that the articles of a site show; return how many articles changed theirs."""
        return settle_topics(self._database, site, settled_of)

    def link(self, site: str, near_of: NearOf) -> int:
        """Store the near-duplicates of the articles of a site; return how many articles changed."""
        return link(self._database, site, near_of)

    def changes(self, after: int, most: int) -> list[Change]:
        """Return the first changes after a number, in order: at most `most` articles and `most` removals."""
        return changes(self._database, after, most)

    def snapshot(self, site: str) -> dict[str, Known]:
        """Map the ids of the visible articles of a site to what shows later whether they changed."""
        return snapshot(self._database, site)

    def missing(self, site: str) -> list[str]:
        """Return the ids of the visible articles whose pages were not found once."""
        return missing(self._database, site)

    def titles(self, site: str, ids: Collection[str]) -> dict[str, str]:
        """Map the ids of some articles to their titles, or to their URLs if they have none."""
        return titles(self._database, site, ids)

    def newest_change(self) -> int:
        """Return the highest change number so far; 0 in an empty catalogue."""
        return newest(self._database)

    def all(self, site: str | None = None, on_damage: OnDamage = pass_over) -> Iterator[Article]:
        """Yield every visible article, of one site or of all, ordered by site and URL.

        Articles that are damaged are left out, and `on_damage` is told of each.

        Articles are read AT_ONCE at a time, so that no transaction stays open while they are used. Changes
        made meanwhile may or may not be seen.
        """
        key = tuple_(_articles.c.site, _articles.c.url)
        some = select(_articles).where(VISIBLE).order_by(_articles.c.site, _articles.c.url).limit(AT_ONCE)
        query = some.where(_articles.c.site == site) if site else some
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query).all()
            yield from (article for row in rows if (article := read(row, on_damage)))
            if len(rows) < AT_ONCE:
                return
            query = (some.where(_articles.c.site == site) if site else some).where(
                key > (rows[-1].site, rows[-1].url)
            )

    def get(self, url: str) -> Article | None:
        """Return the visible article at a URL, which may be one of its other URLs; None if there is none."""
        with self._database.read() as connection:
            best = connection.execute(
                select(_articles.c.site, _articles.c.kept_as).where(_articles.c.url == url).limit(1)
            ).one_or_none()
            query = (
                select(_articles).where(_articles.c.site == best.site, _articles.c.url == best.kept_as)
                if best
                else None
            )
            row = connection.execute(query).one_or_none() if query is not None else None
        return article_of(row) if row else None

    def origins(self, url: str) -> dict[str, str]:
        """Map each field of the article at a URL to where its value comes from; empty if there is none."""
        with self._database.read() as connection:
            record = connection.execute(
                select(_articles.c.record).where(_articles.c.url == url).limit(1)
            ).scalar_one_or_none()
        return dict(unpack_json(record).get("origins", {})) if record else {}

    def count(self, site: str | None = None) -> int:
        """Count the visible articles of a site, or of all sites."""
        query = select(func.count()).select_from(_articles).where(VISIBLE)
        with self._database.read() as connection:
            return int(
                connection.execute(query.where(_articles.c.site == site) if site else query).scalar_one()
            )

    def doubles(self, site: str) -> int:
        """Count the pages of a site that are another URL of an article."""
        query = (
            select(func.count())
            .select_from(_articles)
            .where(_articles.c.site == site, _articles.c.kept_as != _articles.c.url)
        )
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def sites(self) -> set[str]:
        """Return the names of all sites that have articles, imported ones included."""
        with self._database.read() as connection:
            return set(connection.execute(select(_articles.c.site).distinct()).scalars())

    def at_other_url(self, url: str) -> str | None:
        """Return the URL of the article that has a URL as one of its others; None if there is none."""
        listed = (VISIBLE, _articles.c.also_at.contains(json.dumps(url), autoescape=True))
        with self._database.read() as connection:
            return connection.execute(select(_articles.c.url).where(*listed).limit(1)).scalar_one_or_none()

    def of_same_text(self, targets: Sequence[str]) -> list[str]:
        """Return the other URLs that hold the text of an article at or below the targets."""
        with self._database.read() as connection:
            digests: set[str] = set()
            for target in targets:
                mine = under(_articles.c.url, target)
                digests.update(connection.execute(select(_articles.c.digest).where(mine)).scalars())
            found: list[str] = []
            for some in portions(sorted(digests)):
                same = select(_articles.c.url).where(_articles.c.digest.in_(some))
                found += connection.execute(same).scalars().all()
        return [url for url in found if not is_under(url, targets)]

    def site_of(self, url: str) -> str | None:
        """Return the site that has an article at a URL; None if none has."""
        with self._database.read() as connection:
            return connection.execute(
                select(_articles.c.site).where(_articles.c.url == url).limit(1)
            ).scalar_one_or_none()

    def add(self, articles: Iterable[Article]) -> int:
        """Add articles as they are, each visible at once under its own id; return how many."""
        count = 0
        with self._database.change() as connection:
            for article in articles:
                extracted = ExtractedPage(
                    url=article.url, outcome=article, canonical=article.url, digest=article.id
                )
                self._put(connection, article.site, extracted)
                mine = (_articles.c.site == article.site, _articles.c.url == article.url)
                values = {"kept_as": article.url, "settled_id": _articles.c.id,
                          "also_at": json.dumps(list(article.also_at))}  # fmt: skip
                connection.execute(update(_articles).where(*mine).values(**values))
                count += 1
        return count

    def forget(self, site: str, target: str) -> int:
        """Delete the articles at a URL, below one ending with "/" or "*", or all for ""; return how many."""
        return drop_all(self._database, site, under(_articles.c.url, target))

    def problems(self) -> list[str]:
        """Return messages on ids that visible articles share, and on URLs whose kept URL is gone."""
        with self._database.read() as connection:
            shared = (
                connection.execute(
                    select(_articles.c.id).where(VISIBLE).group_by(_articles.c.id).having(func.count() > 1)
                )
                .scalars()
                .all()
            )
            other = _articles.alias()  # NOT EXISTS: with NOT IN, PostgreSQL scans all articles for each one
            there = exists().where(other.c.site == _articles.c.site, other.c.url == _articles.c.kept_as)
            missing = select(_articles.c.url).where(_articles.c.kept_as.is_not(None), ~there)
            lost = connection.execute(missing).scalars().all()
        return [
            f"the id {id_} is used by more than one article; run `clinicdex reread`" for id_ in shared
        ] + [f"{url} stands behind a URL that is gone; run `clinicdex reread`" for url in lost]
