"""The sites to crawl: find them by name or URL, add and change them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from .. import urls
from ..catalogue.sites import Run, Site
from ..config import SITE_NAME, url_of
from ..errors import ConfigError
from . import due
from .workspace import Workspace

__all__ = ["Run", "Site", "add_site", "change_site", "known_site", "new_site", "remove_site", "target_site"]


def known_site(workspace: Workspace, name: str) -> Site:
    """Return the site with a name; if there is none, ConfigError, which names the sites there are."""
    known = workspace.catalogue.sites.get(name)
    if known is None:
        names = (
            ", ".join(site.name for site in workspace.catalogue.sites.all())
            or "none yet; clinicdex site add URL"
        )
        raise ConfigError(f"there is no site {name!r}; there are: {names}")
    return known


def new_site(workspace: Workspace, url: str, name: str | None, **settings: Any) -> Site:
    """Add a site and return it.

    `settings` may have every, cron, delay, allow, deny, allow_hosts and starts. ConfigError if the URL, the
    name or the schedule is not valid, or if the name or the host belongs to another site.
    """
    url, name = _url_and_name(url, name)
    if workspace.catalogue.sites.get(name):
        raise ConfigError(f"there is a site {name} already; give this one another --name")
    return _put(workspace, Site(name, url), settings)


def add_site(
    workspace: Workspace, url: str, name: str | None, **given: Any
) -> tuple[Site, tuple[str, ...] | None]:
    """Add a site, or change the settings that are given if there is one with this name or URL.

    Return the site and what was changed, as text for people; None if it is new. ConfigError as for
    `new_site`, and if the URL is another one on the host of a site: people mean one of two things by that.
    """
    url, name_of_host = _url_and_name(url, name)
    known = workspace.catalogue.sites.get(name) if name else _at(workspace, url)
    if known:
        moved = {"url": url} if name and not _is_same_place(known.url, url) else {}
        return change_site(workspace, known, **given, **moved)
    others = [site for site in workspace.catalogue.sites.all() if not name and _host(site.url) == _host(url)]
    if others:
        at = ", ".join(f"{site.name} ({site.url})" for site in others)
        raise ConfigError(
            f"{url}: its host belongs to {at}. To crawl it as a site of its own, give it a --name; to begin "
            f"that site's crawl here too: clinicdex site set {others[0].name} --start {url}"
        )
    return new_site(workspace, url, name_of_host, **given), None


def change_site(workspace: Workspace, site: Site, **given: Any) -> tuple[Site, tuple[str, ...]]:
    """Change the settings of a site that are given; return the site, and what changed as text for people.

    A value that is None and an empty tuple are not given; ("",) empties a list. `every` and `cron` replace
    each other, and "" for one of them ends the schedule.
    """
    wanted = {name: value for name, value in given.items() if value not in (None, ())}
    if "url" in wanted:
        wanted["url"] = url_of(wanted["url"])
    if wanted.keys() & {"every", "cron"}:
        wanted = {"every": None, "cron": None} | wanted
    wanted = {name: _emptied(value) for name, value in wanted.items()}
    changed = _put(workspace, site, wanted)
    texts = [
        f"{name}: {_shown(getattr(site, name))} → {_shown(getattr(changed, name))}"
        for name in wanted
        if getattr(site, name) != getattr(changed, name)
    ]
    return changed, tuple(texts)


def _emptied(value: Any) -> Any:
    return () if value == ("",) else None if value == "" else value


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value)


def _put(workspace: Workspace, site: Site, settings: dict[str, Any]) -> Site:
    """Store a site with some settings changed; a changed schedule makes it due at once."""
    settings = settings | {"starts": tuple(url_of(url) for url in settings.get("starts", site.starts))}
    changed = replace(site, **settings)
    wrong = due.problem(changed.every, changed.cron)
    if wrong or (changed.every and changed.cron):
        raise ConfigError(wrong or "give either --every or --cron, not both")
    if (changed.every, changed.cron) != (site.every, site.cron):
        now = datetime.now(UTC)
        first = now.timestamp() if changed.every or changed.cron else None
        anchored = due.anchor(changed.name, changed.every, now)
        changed = replace(changed, next_due=first, anchor=anchored.timestamp() if anchored else None)
    workspace.catalogue.sites.add(changed)
    return changed


def _at(workspace: Workspace, url: str) -> Site | None:
    """Return the site that begins at a URL; None if there is none."""
    sites = workspace.catalogue.sites.all()
    exact = next((site for site in sites if site.url == url), None)
    return exact or next((site for site in sites if _is_same_place(site.url, url)), None)


def _is_same_place(one: str, other: str) -> bool:
    """Whether two URLs differ at most in scheme, in www, and in a slash at the end."""
    paths = [url.partition("://")[2].partition("/")[2].rstrip("/") for url in (one, other)]
    return _host(one) == _host(other) and paths[0] == paths[1]


def _host(url: str) -> tuple[str, int]:
    host, port = urls.host_port(url)
    return host.removeprefix("www."), 443 if port == 80 else port


def _url_and_name(url: str, name: str | None) -> tuple[str, str]:
    """Return a site's canonical URL and its name: `name`, or if that is None one made from its host."""
    url = url_of(url)
    host, port = urls.host_port(url)
    name = name or (
        host.removeprefix("www.").replace(":", "-") + (f"-{port}" if port not in (80, 443) else "")
    )
    if not SITE_NAME.fullmatch(name):
        raise ConfigError(f"{name!r} cannot name a site; use 1 to 64 of a-z 0-9 . _ - with --name")
    return url, name


def target_site(workspace: Workspace, target: str, allow_hosts: tuple[str, ...]) -> Site:
    """Return the site with a name or URL; a URL that is new is added as a site."""
    if "://" not in target:
        return known_site(workspace, target)
    known = _at(workspace, url_of(target))
    return known or add_site(workspace, target, None, allow_hosts=allow_hosts)[0]


def remove_site(workspace: Workspace, site: Site) -> tuple[int, int]:
    """Remove a site with its pages and articles; return how many of each. The history keeps its settings."""
    from . import forgetting

    pages, articles = (
        workspace.catalogue.pages.count(site.name),
        workspace.catalogue.articles.count(site.name),
    )
    forgetting.forget_site(workspace, site.name, {"pages": pages, "articles": articles})
    return pages, articles
