"""The sites to crawl: find them by name or URL, add and change them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from .. import urls
from ..catalogue.sites import Run, Site
from ..config import SITE_NAME, url_of
from ..errors import ConfigError
from . import due
from .workspace import Workspace

__all__ = ["Run", "Site", "known_site", "new_site", "target_site"]


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


def new_site(
    workspace: Workspace, url: str, name: str | None, *, replacing: bool = True, **settings: Any
) -> Site:
    """Add a site, or change the one with that name; return it.

    `settings` may have every, cron, delay, allow, deny and allow_hosts. ConfigError if the URL, the name or
    the schedule is not valid, or if a site with that name exists and `replacing` is false.
    """
    url, name = _url_and_name(url, name)
    before = workspace.catalogue.sites.get(name)
    if before and not replacing:
        raise ConfigError(
            f"{url} belongs to the site {name} ({before.url}); crawl that, or add this URL "
            f"under another --name"
        )
    every, cron = settings.get("every"), settings.get("cron")
    wrong = due.problem(every, cron)
    if wrong or (every and cron):
        raise ConfigError(wrong or "give either --every or --cron, not both")
    first = datetime.now(UTC).timestamp() if every or cron else None
    added = Site(name, url, **settings, next_due=first)
    workspace.catalogue.sites.add(added)
    return added


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
    url = urls.canonical(target)
    known = next((site for site in workspace.catalogue.sites.all() if site.url == url), None)
    return known or new_site(workspace, target, None, allow_hosts=allow_hosts, replacing=False)
