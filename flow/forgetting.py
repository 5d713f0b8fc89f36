"""Removal of a URL, a folder or a site from catalogue and index, stored bytes included."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from .. import urls
from ..errors import ConfigError
from .extraction import link_near, settle
from .indexing import rebuild
from .lease import hold
from .workspace import Workspace

__all__ = ["forget"]


def forget(workspace: Workspace, target: str) -> int:
    """Remove a site (by name), a URL, or all URLs below one that ends with "/" or "*".

    Return the number of pages plus articles removed from the catalogue. A URL gets a tombstone: crawls and
    imports cannot bring it back until `Tombstones.lift`. The index is rebuilt, because deleted text would
    otherwise stay in its files. ConfigError if `target` is neither a site nor a URL, CatalogueError if a
    crawl holds an affected site.
    """
    known = {site.name: site for site in workspace.catalogue.sites.all()}
    names = known.keys() | workspace.catalogue.articles.sites()
    if target not in names and not target.startswith(("http://", "https://")):
        raise ConfigError(f"{target!r} is neither a site nor a URL; `clinicdex site list` shows the sites")
    url = "" if target in names else target
    touched = (
        [target]
        if target in names
        else sorted(name for name in names if name not in known or urls.Scope(known[name].url).holds(target))
    )
    with ExitStack() as leases:
        for name in touched:
            if name in known:
                leases.enter_context(hold(workspace.catalogue.sites, name, workspace.owner))
        count = _forget(workspace, touched, url)
    if target in known:
        workspace.catalogue.sites.remove(target)
    workspace.catalogue.compact()
    # Also if nothing was left to forget: an earlier try may have ended before this line.
    rebuild(workspace, keep=False)
    return count


def _forget(workspace: Workspace, names: Sequence[str], url: str) -> int:
    if url:
        workspace.catalogue.tombstones.put(url)
    count = 0
    for name in names:
        some = workspace.catalogue.articles.forget(name, url) + workspace.catalogue.pages.forget(name, url)
        count += some
        if some:
            settle(workspace, name, final=True)
            link_near(workspace, name)
    return count
