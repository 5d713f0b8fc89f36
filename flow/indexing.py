"""The third step: bring the index up to date with the catalogue, change by change, or rebuild it."""

from __future__ import annotations

import logging
import time

from ..catalogue.damage import OnDamage, pass_over
from ..errors import CatalogueError, EngineAway, EngineBusy, EngineError, IndexMissing, IndexUnreadable
from ..index.engine import WAIT
from ..records import Article
from .workspace import Workspace

__all__ = ["check_catalogue", "index", "index_if_free", "problems", "rebuild"]

_CHANGES = 500  # articles in one commit of the index (chosen by hand)
_PATIENCE = 90.0  # seconds to wait for an engine that is unreachable or busy (chosen by hand)
_PAUSE = 2.0  # seconds between two tries (chosen by hand)
_log = logging.getLogger(__name__)


def index(workspace: Workspace) -> int:
    """Bring the index up to date with the catalogue; return the number of changes.

    An index that is missing or does not open is rebuilt. While the engine is unreachable or busy, tries
    again for 90 seconds; then EngineAway or EngineBusy.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return _bring_up(workspace)
        except (EngineAway, EngineBusy) as error:
            if time.monotonic() > end:
                raise
            _log.info("index waits: %s", error)
            time.sleep(_PAUSE)


def _bring_up(workspace: Workspace, wait: float = WAIT) -> int:
    try:
        return _follow(workspace, wait)
    except IndexMissing:
        return rebuild(workspace)
    except IndexUnreadable as error:
        _log.warning("%s; it is rebuilt from the catalogue", str(error).partition(";")[0])
        return rebuild(workspace)


def check_catalogue(workspace: Workspace) -> None:
    """Raise CatalogueError if the catalogue is new or emptied while the index holds articles.

    Then the index is the last copy of their texts, and must not follow the catalogue.
    """
    if workspace.catalogue.articles.newest_change() > 0:
        return
    try:
        with workspace.engine.reader() as reader:
            count = sum(1 for _ in reader.ids())
    except EngineError:
        return
    if count:
        raise CatalogueError(
            f"the catalogue is empty, but the index holds {count:,} articles; put a backup of the catalogue "
            f"back, or give the articles up with `clinicdex reindex --force`"
        )


def _follow(workspace: Workspace, wait: float) -> int:
    check_catalogue(workspace)
    with workspace.engine.reader() as reader:
        stamp = reader.stamp()
    if stamp > workspace.catalogue.articles.newest_change():
        return rebuild(workspace)  # the index was built from another catalogue
    count = 0
    while workspace.catalogue.articles.changes(stamp, 1):
        stamp, some = _index_some(workspace, wait)
        count += some
    return count


def _index_some(workspace: Workspace, wait: float) -> tuple[int, int]:
    """Write the next changes to the index; return its new stamp and the number of changes.

    Reads the stamp only once the writer is open, so that no other process can commit in between.
    """
    with workspace.engine.writer(wait=wait) as writer:
        with workspace.engine.reader() as reader:
            stamp = reader.stamp()
        changes = workspace.catalogue.articles.changes(stamp, _CHANGES)
        if changes:
            writer.remove(change.id for change in changes if change.article is None and not change.is_damaged)
            writer.replace(change.article for change in changes if change.article is not None)
            stamp = changes[-1].number
            writer.commit(stamp)
    return stamp, len(changes)


def index_if_free(workspace: Workspace, wait: float = 0.0) -> None:
    """Bring the index up to date with the catalogue, or leave it to a later run.

    It is left if the engine is unreachable, or if another process holds the index for longer than `wait`
    seconds.
    """
    try:
        _bring_up(workspace, wait)
    except EngineError as error:
        _log.info("index postponed: %s", error)


def rebuild(workspace: Workspace, *, keep: bool = True, on_damage: OnDamage = pass_over) -> int:
    """Build a new index next to the old one, from the catalogue alone, and swap it in.

    Return the number of articles in it. With `keep` the old index stays, so that it can be rolled back to.
    `on_damage` is told of every article that is damaged, and therefore not in it.
    """
    count = 0
    with workspace.engine.writer(fresh=True) as writer:
        stamp = workspace.catalogue.articles.newest_change()
        batch: list[Article] = []
        for article in workspace.catalogue.articles.all(on_damage=on_damage):
            batch.append(article)
            count += 1
            if len(batch) == _CHANGES:
                writer.replace(batch)
                writer.commit(0)
                batch = []
        writer.replace(batch)
        writer.commit(stamp)
        writer.swap(keep=keep)
    return count


def problems(workspace: Workspace) -> list[str]:
    """Return what is wrong with the catalogue, the index or their agreement; an empty list if all is well."""
    defects = [*workspace.catalogue.problems(), *workspace.engine.problems()]
    if defects:
        return defects
    try:
        check_catalogue(workspace)
    except CatalogueError as error:
        return [str(error)]
    with workspace.engine.reader() as reader:
        stamp, indexed = reader.stamp(), set(reader.ids())
    if stamp > workspace.catalogue.articles.newest_change():
        return ["the index follows another catalogue; run `clinicdex reindex`"]
    if workspace.catalogue.articles.changes(stamp, 1):  # normal while a crawl runs
        crawled = any(workspace.catalogue.sites.holder(site.name) for site in workspace.catalogue.sites.all())
        return (
            []
            if crawled
            else [
                "the index is behind the catalogue; the next crawl or import brings it up to "
                "date, or `clinicdex reindex`"
            ]
        )
    wanted = {article.id for article in workspace.catalogue.articles.all()}
    if indexed != wanted:
        return [
            f"the index lacks {len(wanted - indexed)} articles and has {len(indexed - wanted)} too "
            f"many; run `clinicdex reindex`"
        ]
    return []
