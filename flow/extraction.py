"""The second step: extract the catalogue's pages into articles, learn their site, and settle it.

Settling a site chooses the URL that stands for each article and fixes the articles' ids.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial

from ..catalogue.articles import ExtractedPage
from ..errors import ConfigError
from ..pipeline import duplicates, near, site_topics
from ..pipeline.extract import Extraction, unreadable
from ..pipeline.site import Notes, learn
from ..records import Page, Topic
from . import deletions
from .crawl_options import seconds_of
from .lease import hold
from .site_profile import SiteProfile, profile_of
from .worker import Failure
from .workspace import Workspace

__all__ = [
    "extract_rest",
    "extract_some",
    "finish_extraction",
    "link_near",
    "out_of_date",
    "refresh",
    "reread",
    "settle",
]

_BATCH = 32  # pages extracted between two writes (chosen by hand)
_log = logging.getLogger(__name__)
Stopping = Callable[[], bool]
Report = Callable[[int, SiteProfile], None]  # gets how many more pages were extracted, and the profile


def _never() -> bool:
    return False


def _silent(_count: int, _profile: SiteProfile) -> None:
    pass


def extract_rest(
    workspace: Workspace, profile: SiteProfile, stopping: Stopping = _never, report: Report = _silent
) -> int:
    """Extract every page of a site that was not yet extracted with this profile; return how many."""
    count = 0
    while not stopping() and (some := extract_some(workspace, profile)):
        count += some
        report(some, profile)
    return count


def extract_some(workspace: Workspace, profile: SiteProfile) -> int:
    """Extract the next pages of a site that were not yet extracted with this profile.

    Return how many, at most _BATCH; 0 if none is left.
    """
    pages = workspace.catalogue.pages.unread(profile.site, profile.version, _BATCH)
    if not pages:
        return 0
    workspace.extractor.prepare(profile.setup)
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
        expires=result.expires,
        unnamed=result.unnamed,
    )


def finish_extraction(
    workspace: Workspace,
    profile: SiteProfile,
    *,
    guarded: bool = False,
    force: bool = False,
    stopping: Stopping = _never,
    report: Report = _silent,
) -> dict[str, int]:
    """Extract what is left, learn the site, and settle it for good; count the articles held, by reason.

    If the model of the site changed, all pages are extracted again. Drops the lost articles: those whose page
    is gone or is not an article any more. With `guarded` the deletion guard may hold them all; these are the
    articles held, and the result is empty if there are none. With `force` articles that the site refuses to
    us go too. Once `stopping` returns true, the rest is left to the next run. Of a run that is not finished,
    nothing that was an article before is decided.
    """
    catalogue, site = workspace.catalogue, profile.site
    extract_rest(workspace, profile, stopping, report)
    if stopping():
        return {}
    is_whole = not catalogue.frontier_state(site).unfinished()
    if is_whole:
        deletions.put_back_moves(workspace, site)
    changed = catalogue.lost(site).expire()
    held = deletions.hold_back(workspace, site) if guarded and is_whole else {}
    changed += deletions.note_refusals(workspace, site)
    changed += deletions.give_up_refused(workspace, site) if force else 0
    if catalogue.sites.is_settled(site) and not changed and not held:
        _drop_bytes(workspace, profile)
        return {}
    model = learn(Notes.from_record(record) for record in catalogue.pages.notes(site))
    if model != profile.model:
        catalogue.models.put(site, model.version, model.to_record())
        profile = profile_of(workspace, site)
        extract_rest(workspace, profile, stopping, report)
        if stopping():
            return {}
    if is_whole:
        held = _decide(workspace, site, held, guarded=guarded)
    settle(workspace, site, final=is_whole)
    workspace.catalogue.articles.settle_topics(site, _settled_topics)
    link_near(workspace, site)
    if is_whole and not held:
        catalogue.sites.note_settled(site)
    _drop_bytes(workspace, profile)
    return held


def _settled_topics(
    found: Mapping[str, tuple[tuple[Topic, ...], frozenset[str]]],
) -> dict[str, tuple[Topic, ...]]:
    return site_topics.settled({url: site_topics.Found(*one) for url, one in found.items()})


def _decide(workspace: Workspace, site: str, held: dict[str, int], *, guarded: bool) -> dict[str, int]:
    """Let articles go, or hold them; let those that changed be what their pages show now."""
    catalogue = workspace.catalogue
    settle(workspace, site, final=False)
    held = held or (deletions.hold_back(workspace, site) if guarded else {})
    catalogue.earlier(site).accept()
    catalogue.lost(site).expire()
    settle(workspace, site, final=False)
    if not held:
        catalogue.lost(site).let_go()
    return held


def _drop_bytes(workspace: Workspace, profile: SiteProfile) -> None:
    """Drop the bytes of pages that ask for it, or that the owner does not keep.

    Marks pages for refetching whose bytes are gone and whose extraction is out of date.
    """
    config, pages = workspace.config, workspace.catalogue.pages
    before = time.time() - seconds_of("raw_max_age", config.raw_max_age) if config.raw_max_age else 0.0
    pages.drop_bytes(profile.site, profile.version, before if config.keep_raw else time.time())
    pages.want_again(profile.site, profile.version)


def link_near(workspace: Workspace, site: str) -> int:
    """Link a site's articles to their near-duplicates on any site; return how many changed their links."""
    return workspace.catalogue.articles.link(site, partial(near.link, site=site))


def reread(workspace: Workspace, site: str) -> int:
    """Extract all stored pages of a site again; return how many. CatalogueError if a crawl holds the site."""
    with hold(workspace.catalogue.sites, site, workspace.owner):
        count = workspace.catalogue.pages.mark_unread(site)
        finish_extraction(workspace, profile_of(workspace, site))
    return count


def out_of_date(workspace: Workspace) -> list[str]:
    """Return the sites with stored pages that would be extracted differently now, as after an upgrade.

    A site whose settings are wrong is left out, and said so in the log; its own crawl will fail.
    """
    outdated = []
    for site in workspace.catalogue.sites.all():
        try:
            profile = profile_of(workspace, site.name)
        except ConfigError as error:
            _log.warning("%s: its pages cannot be extracted: %s", site.name, error)
            continue
        if workspace.catalogue.pages.unread(site.name, profile.version, 1):
            outdated.append(site.name)
    return outdated


def refresh(workspace: Workspace, site: str, stopping: Stopping = _never) -> None:
    """Extract the stored pages of a site that are out of date. CatalogueError if a crawl holds it.

    Searches are answered from the index as it is until it is brought up to the catalogue. Once `stopping`
    returns true, the rest is left to the next time.
    """
    with hold(workspace.catalogue.sites, site, workspace.owner):
        held = finish_extraction(workspace, profile_of(workspace, site), guarded=True, stopping=stopping)
    if held:
        _log.warning(
            "%s: %d articles are none any more as clinicdex extracts pages now; they stay. "
            "If that is right, run: clinicdex crawl %s --force",
            site,
            sum(held.values()),
            site,
        )


def settle(workspace: Workspace, site: str, *, final: bool) -> None:
    """Choose the URL that stands for each article of a site; with `final`, also fix the articles' ids."""
    best_urls = duplicates.choose(workspace.catalogue.articles.candidates(site))
    workspace.catalogue.articles.settle(site, best_urls, final=final)
