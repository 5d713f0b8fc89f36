"""Removal of a URL, a folder or a site from catalogue and index, stored bytes included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .. import urls
from ..errors import ConfigError
from .extraction import link_near, settle
from .indexing import rebuild
from .lease import hold
from .workspace import Workspace

__all__ = ["Forgotten", "forget", "forget_site", "let_in"]

_MOST_NEAREST = 3  # stored URLs that are named if nothing was found (chosen by hand)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was forgotten, and what is left of it."""

    count: int  # pages plus articles removed from the catalogue
    found: tuple[str, ...] = ()  # URLs and prefixes that are kept out from now on, as they are stored
    same_text: tuple[str, ...] = ()  # other URLs that hold the text of an article that was forgotten
    nearest: tuple[str, ...] = ()  # stored URLs that look like the one given, if nothing was found
    bytes_are_gone: bool = True  # false while another process reads the catalogue's file


def forget(workspace: Workspace, target: str) -> Forgotten:
    """Remove a site (by name), a URL in any spelling, or all URLs below one that ends with "/" or "*".

    A URL gets a tombstone: crawls and imports cannot bring it back until `let_in`. The index is rebuilt,
    because deleted text would otherwise stay in its files. ConfigError if `target` is neither a site nor a
    URL, CatalogueError if a crawl holds an affected site. If nothing is found, nothing is kept out.
    """
    names = _names(workspace)
    if target in names:
        return forget_site(workspace, target)
    wanted = _canonical(target)
    stored = workspace.catalogue.urls()
    found = _found(wanted, stored, workspace)
    again = wanted in workspace.catalogue.tombstones.all()  # an earlier try may have ended before the index
    if not found and not again:
        nearest = tuple(get_close_matches(wanted, sorted(stored), _MOST_NEAREST, 0.8))
        return Forgotten(count=0, nearest=nearest)
    same = set(workspace.catalogue.articles.of_same_text(found))
    known = {site.name: site for site in workspace.catalogue.sites.all()}
    catalogue = workspace.catalogue
    touched = sorted(
        {site for url in found for site in catalogue.sites_of(url)}
        | {name for name in known if any(urls.Scope(known[name].url).holds(url) for url in found)}
    )
    with ExitStack() as leases:
        for name in touched:
            if name in known:
                leases.enter_context(hold(workspace.catalogue.sites, name, workspace.owner))
        for url in found:
            workspace.catalogue.tombstones.put(url)
        count = sum(_forget(workspace, touched, url) for url in found)
    is_gone = workspace.catalogue.compact()
    rebuild(workspace, keep=False)
    return Forgotten(
        count=count, found=tuple(found) or (wanted,), same_text=tuple(sorted(same)), bytes_are_gone=is_gone
    )


def forget_site(workspace: Workspace, name: str, remembered: Mapping[str, Any] | None = None) -> Forgotten:
    """Remove all pages and articles of a site, and the site itself.

    With `remembered`, the settings of the site and these counts stay in the history of runs.
    """
    is_crawled = workspace.catalogue.sites.get(name) is not None
    with ExitStack() as leases:
        if is_crawled:
            leases.enter_context(hold(workspace.catalogue.sites, name, workspace.owner))
        count = _forget(workspace, [name], "")
    if is_crawled:
        workspace.catalogue.sites.remove(name, remembered)
    is_gone = workspace.catalogue.compact()
    rebuild(workspace, keep=False)
    return Forgotten(count=count, found=(name,), bytes_are_gone=is_gone)


def let_in(workspace: Workspace, target: str) -> None:
    """Lift the tombstone of a URL or prefix, in any spelling; ConfigError if it has none."""
    tombstones = workspace.catalogue.tombstones
    wanted = [target, *([_canonical(target)] if "://" in target else [])]
    alike = [kept for kept in tombstones.all() if "://" in target and _key(kept) == _key(wanted[-1])]
    lifted = sum(tombstones.lift(url) for url in dict.fromkeys([*wanted, *alike]))
    if not lifted:
        raise ConfigError(f"{wanted[-1]} is not kept out; `clinicdex forget --list` shows what is")


def _names(workspace: Workspace) -> set[str]:
    return {site.name for site in workspace.catalogue.sites.all()} | workspace.catalogue.articles.sites()


def _canonical(target: str) -> str:
    """Return the canonical form of a URL or prefix; ConfigError if it is neither, without its password."""
    prefix, star = (target[:-1], "*") if target.endswith("*") else (target, "")
    url = urls.canonical(prefix) if prefix.lower().startswith(("http://", "https://")) else None
    if url is None:
        raise ConfigError(f"{target!r} is neither a site nor a URL; `clinicdex site list` shows the sites")
    if "*" in prefix.partition("://")[2]:
        raise ConfigError(f"{url}: a star stands for the rest of a URL, at its end only")
    return url + star


def _found(wanted: str, stored: set[str], workspace: Workspace) -> list[str]:
    """Return the stored URLs or the prefix that are meant; empty if there is nothing."""
    if any(urls.is_under(url, [wanted]) for url in stored):
        return [wanted]
    alike = sorted(url for url in stored if _key(url) == _key(wanted))
    if alike:
        return alike
    article = workspace.catalogue.articles.at_other_url(wanted)
    return [article, wanted] if article else []


def _key(url: str) -> str:
    """Return what spellings of one URL share: all but scheme, www, escapes and a slash at the end."""
    _, _, rest = url.partition("://")
    return urls.unescaped(rest.removeprefix("www.")).rstrip("/*")


def _forget(workspace: Workspace, names: Iterable[str], url: str) -> int:
    count = 0
    for name in names:
        some = workspace.catalogue.articles.forget(name, url) + workspace.catalogue.pages.forget(name, url)
        count += some
        if some:
            workspace.catalogue.sites.forget_titles(name)
            settle(workspace, name, final=True)
            link_near(workspace, name)
    return count
