"""The second leg: pages of the catalogue become its articles; the site is learned on the way and settled at the end."""

from __future__ import annotations

import logging
import time
from functools import partial

from ..catalogue.articles import ExtractedPage
from ..pipeline import duplicates, near
from ..pipeline.extract import Extraction, unreadable
from ..pipeline.site import Notes, learn
from ..records import Page
from .crawl_options import seconds_of
from .lease import hold
from .site_profile import SiteProfile, profile_of
from .worker import Failure
from .workspace import Workspace

__all__ = ["extract_rest", "extract_some", "finish_extraction", "link_near", "reread", "settle"]

_BATCH = 32  # pages extracted between two writes
_LARGEST_LOSS = 0.3  # share of a site's articles that one run may let go (chosen by hand; decision 26)
_log = logging.getLogger(__name__)


def extract_rest(workspace: Workspace, profile: SiteProfile) -> int:
    """Extract every page of a site that was not extracted in this way yet; count them."""
    count = 0
    while some := extract_some(workspace, profile):
        count += some
    return count


def extract_some(workspace: Workspace, profile: SiteProfile) -> int:
    """Extract the next pages of a site that were not extracted in this way yet; count them, 0 if none is left."""
    pages = workspace.catalogue.pages.unread(profile.site, profile.version, _BATCH)
    if not pages:
        return 0
    workspace.extractor.prepare((profile.site, profile.model, profile.rules))
    extracted = [
        _kept(page, result) for page, result in zip(pages, workspace.extractor.work(pages), strict=True)
    ]
    workspace.catalogue.articles.save(profile.site, extracted, profile.version)
    return len(pages)


def _kept(page: Page, result: Extraction | Failure) -> ExtractedPage:
    if isinstance(result, Failure):
        _log.info("page url=%s fate=unreadable detail=%s %s", page.url, result.detail, result.trace)
        result = unreadable(page, result.detail)
    return ExtractedPage(
        url=page.url,
        outcome=result.outcome,
        canonical=result.canonical,
        digest=result.digest,
        notes=result.notes.to_record() if result.notes else None,
        origins=result.origins,
        noarchive=result.noarchive,
    )


def finish_extraction(workspace: Workspace, profile: SiteProfile, *, guarded: bool = False) -> dict[str, int]:
    """Extract what is left, learn the site, extract every page again if that taught anything new, and settle for good.

    What is not an article any more goes; with `guarded`, not if that is more than _LARGEST_LOSS of the site, and more than one
    article. Return the articles that are held back, by reason; empty if none is.
    """
    catalogue, site = workspace.catalogue, profile.site
    extract_rest(workspace, profile)
    if catalogue.sites.is_settled(site):
        _drop_bytes(workspace, profile)
        return {}
    model = learn(Notes.from_record(record) for record in catalogue.pages.notes(site))
    if model != profile.model:
        catalogue.models.put(site, model.version, model.to_record())
        profile = profile_of(workspace, site)
        extract_rest(workspace, profile)
    settle(workspace, site, final=False)
    lost, count = catalogue.articles.losses(site)
    held = lost if guarded and sum(lost.values()) > max(1, _LARGEST_LOSS * count) else {}
    if not held:
        catalogue.articles.let_go(site)
    settle(workspace, site, final=True)
    link_near(workspace, site)
    if not held:
        catalogue.sites.note_settled(site)
    _drop_bytes(workspace, profile)
    return held


def _drop_bytes(workspace: Workspace, profile: SiteProfile) -> None:
    """Drop the bytes that the pages or the owner do not want kept; the next run fetches again what is to be extracted otherwise."""
    config, pages = workspace.config, workspace.catalogue.pages
    before = time.time() - seconds_of("raw_max_age", config.raw_max_age) if config.raw_max_age else 0.0
    pages.drop_bytes(profile.site, profile.version, before if config.keep_raw else time.time())
    pages.want_again(profile.site, profile.version)


def link_near(workspace: Workspace, site: str) -> int:
    """Link the articles of a site with those of any site that say nearly the same; count those whose links changed."""
    return workspace.catalogue.articles.link(site, partial(near.link, site=site))


def reread(workspace: Workspace, site: str) -> int:
    """Extract every stored page of a site again; count them. CatalogueError if a crawl holds it."""
    with hold(workspace.catalogue.sites, site, workspace.owner):
        count = workspace.catalogue.pages.mark_unread(site)
        finish_extraction(workspace, profile_of(workspace, site))
    return count


def settle(workspace: Workspace, site: str, *, final: bool) -> None:
    """Choose the URL that stands for each article of a site; with `final` the ids are fixed for good."""
    kept = duplicates.choose(workspace.catalogue.articles.candidates(site))
    workspace.catalogue.articles.settle(site, kept, final=final)
