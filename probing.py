"""What would happen: to one address, and in the next crawl of a site. Asks the site, keeps nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from . import urls
from .article import Article, Page
from .catalogue.sites import Site
from .config import Config
from .errors import ConfigError, SiteError
from .fetching import fetch_one, look_ahead
from .house import House, ReadingJob
from .manner import manner_of
from .orders import Crawl

__all__ = ["of_address", "preview"]

_REFUSED = ("robots", "robots.txt unreachable", "crawl delay too long")


def preview(house: House, site: Site, config: Config, crawl: Crawl) -> dict[str, Any]:
    """Give what the next crawl of a site would ask for, best first: new addresses and, after them, the known ones."""
    found = look_ahead(site, config, crawl)
    if found.outcomes.get(site.url) in (None, "unreachable", "unknown host", "timeout"):
        raise SiteError(f"{site.url}: nothing could be fetched ({found.outcomes.get(site.url, 'no answer')}); check the address")
    known = house.catalogue.frontier(site.name, house.owner).pages()
    new = sorted((link for link in found.pages.values() if link.url not in known), key=lambda link: -link.priority)
    pages = [*dict.fromkeys([*(link.url for link in new), *known])]
    return {
        "site": site.name,
        "pages": pages[: crawl.max_pages or config.max_pages],
        "new": len(new),
        "known": len(known),
        "asked": found.outcomes,
        "dropped": found.dropped,
    }


def of_address(house: House, config: Config, address: str) -> dict[str, Any]:
    """Give what would happen to an address and why: scope, traps, robots, answer, canonical URL, kind of page."""
    url = urls.canonical(address if "://" in address else f"https://{address}")
    if not url:
        raise ConfigError(f"{address!r} is no web address; write https://…")
    site, refusal = _site_of(house, url)
    found: dict[str, Any] = {"url": url, "site": site.name if site else None, "fate": "refused" if refusal else "fetched", "why": refusal}
    found |= house.catalogue.frontier(site.name, house.owner).known(url) if site else {}
    if site is None or refusal:
        return found
    fetched = fetch_one(url, config, site)
    found |= {"outcome": fetched.outcome, "final_url": fetched.url}
    if fetched.page is None or fetched.outcome in _REFUSED:
        return found | {"fate": "refused" if fetched.outcome in _REFUSED else "failed", "why": fetched.outcome}
    return found | _read(house, config, site, replace(fetched.page, url=fetched.url))


def _site_of(house: House, url: str) -> tuple[Site | None, str | None]:
    """Find the site that an address belongs to, and why it would not be asked for all the same."""
    reasons = {site.name: (site, urls.Scope(site.url, site.allow, site.deny).refusal(url)) for site in house.catalogue.sites.all()}
    mine = [(site, reason) for site, reason in reasons.values() if reason != "other site"]
    return min(mine, key=lambda entry: entry[1] is not None, default=(None, "it belongs to no site; `clinicdex site add` adds one"))


def _read(house: House, config: Config, site: Site, page: Page) -> dict[str, Any]:
    """Read a page as the site's pages are read."""
    manner = manner_of(config, house.catalogue, site.name)
    job = ReadingJob(config.vocabulary, config.only_own_vocabulary)
    job.prepare((manner.site, manner.model, manner.rules))
    reading = job.do(page)
    outcome = reading.outcome
    found = {"status": page.status, "canonical": reading.canonical or None, "fetched_at": datetime.now(UTC).isoformat(timespec="seconds")}
    if isinstance(outcome, Article):
        return found | {"fate": "article", "title": outcome.title, "kind": outcome.kind, "why": None}
    return found | {"fate": "no article", "why": f"{outcome.reason.value}: {outcome.detail}" if outcome.detail else outcome.reason.value}
