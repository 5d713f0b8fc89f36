"""The third leg: the index follows the catalogue, change by change, or is built anew from it."""

from __future__ import annotations

import logging
import time

from ..errors import EngineAway, EngineBusy, EngineError, IndexMissing, IndexUnreadable
from ..index.engine import WAIT
from ..records import Article
from .workspace import Workspace

__all__ = ["index", "index_if_free", "problems", "rebuild"]

_CHANGES = 500  # articles in one commit of the index
_PATIENCE = 90.0  # seconds for an engine that is away
_PAUSE = 2.0  # seconds between two tries
_log = logging.getLogger(__name__)


def index(workspace: Workspace) -> int:
    """Bring the index up to the catalogue; count the changes. An index that does not open is built anew; an engine that is away or busy is waited for."""
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
        _log.warning("%s; it is built anew from the catalogue", str(error).partition(";")[0])
        return rebuild(workspace)


def _follow(workspace: Workspace, wait: float) -> int:
    with workspace.engine.reader() as reader:
        stamp = reader.stamp()
    if stamp > workspace.catalogue.articles.newest_change():
        return rebuild(workspace)  # the index follows another catalogue
    count = 0
    while workspace.catalogue.articles.changes(stamp, 1):
        stamp, some = _index_some(workspace, wait)
        count += some
    return count


def _index_some(workspace: Workspace, wait: float) -> tuple[int, int]:
    """Bring the next changes into the index: the stamp afterwards, and how many. What is next is asked when the index is ours."""
    with workspace.engine.writer(wait=wait) as writer:
        with workspace.engine.reader() as reader:
            stamp = reader.stamp()
        changes = workspace.catalogue.articles.changes(stamp, _CHANGES)
        if changes:
            writer.remove(change.id for change in changes if change.article is None)
            writer.replace(change.article for change in changes if change.article is not None)
            stamp = changes[-1].number
            writer.commit(stamp)
    return stamp, len(changes)


def index_if_free(workspace: Workspace, wait: float = 0.0) -> None:
    """Bring the index up to the catalogue, unless it is away, or another holds it for longer than `wait` seconds: somebody will later."""
    try:
        _bring_up(workspace, wait)
    except EngineError as error:
        _log.info("index postponed: %s", error)


def rebuild(workspace: Workspace, *, keep: bool = True) -> int:
    """Build the index anew beside the old one from the catalogue alone, and swap; count the articles. `keep` the old one to roll back to."""
    count = 0
    with workspace.engine.writer(fresh=True) as writer:
        stamp = workspace.catalogue.articles.newest_change()
        batch: list[Article] = []
        for article in workspace.catalogue.articles.all():
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
    """Check catalogue and index and that they hold the same articles; an empty list if all is well."""
    found = [*workspace.catalogue.problems(), *workspace.engine.problems()]
    if found:
        return found
    with workspace.engine.reader() as reader:
        stamp, held = reader.stamp(), set(reader.ids())
    if stamp > workspace.catalogue.articles.newest_change():
        return ["the index follows another catalogue; run `clinicdex reindex`"]
    if workspace.catalogue.articles.changes(stamp, 1):  # while a crawl goes on that is as it should be
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
    if held != wanted:
        return [
            f"the index lacks {len(wanted - held)} articles and has {len(held - wanted)} too "
            f"many; run `clinicdex reindex`"
        ]
    return []
