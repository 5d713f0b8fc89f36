"""The way out: an address, a folder or a site leaves catalogue and index, bytes included."""

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
    """Take a site (by name), an address, or all below one that ends with "/" or "*" out of catalogue and index; count the pages and articles.

    An address gets a tombstone: no crawl and no import brings it back until `Tombstones.lift`. The index is built anew, because
    deleted text stays in its files otherwise. CatalogueError if a crawl holds a site that is touched.
    """
    known = {site.name: site for site in workspace.catalogue.sites.all()}
    names = known.keys() | workspace.catalogue.articles.sites()
    if target not in names and not target.startswith(("http://", "https://")):
        raise ConfigError(
            f"{target!r} is neither a site nor a web address; `clinicdex site list` shows the sites"
        )
    address = "" if target in names else target
    touched = (
        [target]
        if target in names
        else sorted(name for name in names if name not in known or urls.Scope(known[name].url).holds(target))
    )
    with ExitStack() as held:
        for name in touched:
            if name in known:
                held.enter_context(hold(workspace.catalogue.sites, name, workspace.owner))
        count = _forget(workspace, touched, address)
    if target in known:
        workspace.catalogue.sites.remove(target)
    workspace.catalogue.compact()
    rebuild(workspace, keep=False)  # also when nothing is left to forget: an earlier try may have ended here
    return count


def _forget(workspace: Workspace, names: Sequence[str], address: str) -> int:
    if address:
        workspace.catalogue.tombstones.put(address)
    count = 0
    for name in names:
        some = workspace.catalogue.articles.forget(name, address) + workspace.catalogue.pages.forget(
            name, address
        )
        count += some
        if some:
            settle(workspace, name, final=True)
            link_near(workspace, name)
    return count
