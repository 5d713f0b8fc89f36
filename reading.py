"""The second leg: pages of the catalogue become articles of the catalogue; the site is learned on the way and settled at the end."""

from __future__ import annotations

import logging
import time

from .article import Page
from .catalogue.articles import Outcome
from .holding import hold
from .house import House
from .manner import Manner, manner_of
from .orders import seconds_of
from .pipeline import duplicates, near
from .pipeline.read import Reading, unreadable
from .pipeline.site import Notes, learn
from .worker import Failure

__all__ = ["finish_reading", "link_near", "read", "read_some", "reread", "settle"]

_BATCH = 32  # pages read between two writes
_LARGEST_LOSS = 0.3  # share of a site's articles that one run may let go
_log = logging.getLogger(__name__)


def read(house: House, site: str) -> int:
    """Read every page of a site that was not read with what is known by now; count them."""
    manner = manner_of(house.config, house.catalogue, site)
    count = 0
    while some := read_some(house, manner):
        count += some
    return count


def read_some(house: House, manner: Manner) -> int:
    """Read the next pages of a site that were not read like this; count them."""
    pages = house.catalogue.pages.unread(manner.site, manner.version, _BATCH)
    if not pages:
        return 0
    house.reader.prepare((manner.site, manner.model, manner.rules))
    outcomes = [_outcome(page, result) for page, result in zip(pages, house.reader.work(pages), strict=True)]
    house.catalogue.articles.save(manner.site, outcomes, manner.version)
    return len(pages)


def _outcome(page: Page, reading: Reading | Failure) -> Outcome:
    if isinstance(reading, Failure):
        _log.info("page url=%s fate=unreadable detail=%s %s", page.url, reading.detail, reading.trace)
        reading = unreadable(page, reading.detail)
    notes = reading.notes.to_record() if reading.notes else None
    return Outcome(page.url, reading.outcome, reading.canonical, reading.digest, notes, reading.origins, reading.noarchive)


def finish_reading(house: House, site: str, *, guarded: bool = False) -> dict[str, int]:
    """Read what is left, learn the site, read every page again if that taught anything new, and settle for good.

    What is no article any more goes; with `guarded`, not if that is more than _LARGEST_LOSS of the site, and more than one
    article. Gives the articles that are held back, by reason; empty if none is.
    """
    read(house, site)
    if house.catalogue.sites.is_settled(site):
        _drop_bytes(house, site)
        return {}
    model = learn(Notes.from_record(record) for record in house.catalogue.pages.notes(site))
    if model != manner_of(house.config, house.catalogue, site).model:
        house.catalogue.models.put(site, model.version, model.to_record())
        read(house, site)
    settle(house, site, final=False)
    lost, count = house.catalogue.articles.losses(site)
    held = lost if guarded and sum(lost.values()) > max(1, _LARGEST_LOSS * count) else {}
    if not held:
        house.catalogue.articles.let_go(site)
    settle(house, site, final=True)
    link_near(house, site)
    if not held:
        house.catalogue.sites.note_settled(site)
    _drop_bytes(house, site)
    return held


def _drop_bytes(house: House, site: str) -> None:
    """Drop the bytes that the pages or the owner do not want kept; what is now to be read otherwise is fetched again by the next run."""
    age = house.config.raw_max_age
    before = time.time() - seconds_of("raw_max_age", age) if age else 0.0
    version = manner_of(house.config, house.catalogue, site).version
    house.catalogue.pages.drop_bytes(site, version, before if house.config.keep_raw else time.time())
    house.catalogue.pages.want_again(site, version)


def link_near(house: House, site: str) -> int:
    """Link the articles of a site with those of any site that say nearly the same; count those whose links changed."""

    def near_of(alike: list[tuple[str, str, int]]) -> dict[str, set[str]]:
        mine, others = ([near.Text(url, bits) for its, url, bits in alike if (its == site) is wanted] for wanted in (True, False))
        return near.link(mine, others)

    return house.catalogue.articles.link(site, near_of)


def reread(house: House, site: str) -> int:
    """Read every stored page of a site again; count them. CatalogueError if a crawl holds it."""
    with hold(house.catalogue.sites, site, house.owner):
        count = house.catalogue.pages.mark_unread(site)
        finish_reading(house, site)
    return count


def settle(house: House, site: str, *, final: bool) -> None:
    """Choose the address that stands for each article of a site; with `final` the ids are fixed for good."""
    kept = duplicates.choose(duplicates.Candidate(*row) for row in house.catalogue.articles.candidates(site))
    house.catalogue.articles.settle(site, kept, final=final)
