"""Previews: what would happen to one URL, and in the next crawl of a site. They fetch, but store nothing.

The fetch runs in a child process, without a catalogue, through the same crawler as every other fetch.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from .. import urls
from ..catalogue.frontier_state import KnownUrl
from ..catalogue.sites import Site
from ..config import Config, url_of
from ..crawler.discovery import seeds
from ..crawler.frontier import Frontier
from ..crawler.spec import CrawlSpec
from ..errors import SiteError
from ..records import Article, FrontierEntry, Link, OutcomeKind, Page, UrlKind, Visit, VisitOutcome
from .crawl_options import CrawlOptions, page_spec, plan_crawl
from .crawl_process import log_to
from .workspace import Workspace

__all__ = ["CrawlPreview", "Fate", "UrlPreview", "fetch_one", "preview_crawl", "preview_url"]

_MOST_MOVES = 5  # redirects of one page that are followed (chosen by hand)
_MANY_TRIES = 9  # more than the crawler makes: a failed request is not tried again
_UNREACHABLE = VisitOutcome(kind=OutcomeKind.UNREACHABLE)
_NO_ANSWER = frozenset(
    (OutcomeKind.TIMEOUT, OutcomeKind.UNKNOWN_HOST, OutcomeKind.UNREACHABLE, OutcomeKind.ROBOTS_UNREACHABLE)
)
_BY_ROBOTS = frozenset((OutcomeKind.FORBIDDEN, OutcomeKind.ROBOTS_UNREACHABLE, OutcomeKind.DELAY_TOO_LONG))
F = TypeVar("F", bound=Frontier)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlPreview:
    """What the next crawl of a site would fetch."""

    site: str
    pages: tuple[str, ...]  # URLs, best first
    new: int
    known: int
    asked: Mapping[str, str]  # URL fetched for this preview -> its outcome
    dropped: Mapping[str, int]  # links not followed, by reason

    def to_record(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "site": self.site, "pages": list(self.pages), "new": self.new, "known": self.known,
            "asked": dict(self.asked), "dropped": dict(self.dropped),
        }  # fmt: skip


class Fate(StrEnum):
    """What would become of a URL."""

    REFUSED = "refused"
    FAILED = "failed"
    NO_ARTICLE = "no article"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlPreview:
    """What would happen to one URL, and why. A field is None if the preview did not get that far."""

    url: str
    site: str | None
    fate: Fate
    why: str | None
    known: KnownUrl | None = None  # what the frontier knows of it
    outcome: str | None = None
    final_url: str | None = None
    status: int | None = None
    canonical: str | None = None
    fetched_at: str | None = None  # ISO 8601, UTC
    title: str | None = None
    kind: str | None = None

    def to_record(self) -> dict[str, Any]:
        """Return JSON values: `url`, `site`, `fate` and `why` always, the others if the preview got that far.

        With an answer of the server `canonical` is there, too, and is null if the page names none.
        """
        record: dict[str, Any] = {"url": self.url, "site": self.site, "fate": self.fate, "why": self.why}
        record |= asdict(self.known) if self.known else {}
        later = ("outcome", "final_url", "status", "canonical", "fetched_at", "title", "kind")
        record |= {name: value for name in later if (value := getattr(self, name)) is not None}
        return record if self.status is None else record | {"canonical": self.canonical}


def preview_crawl(workspace: Workspace, site: Site, options: CrawlOptions) -> CrawlPreview:
    """Return what the next crawl of a site would fetch, best first: new URLs, then known ones.

    SiteError if the site does not answer.
    """
    spec = plan_crawl(workspace.config, workspace.catalogue, site, options)
    discovery = _Discovery()
    discovery.add(
        [seed for seed in seeds(site.url, site.starts) if not urls.is_under(seed.url, spec.forgotten)],
        first=True,
    )
    discovery, dropped = _in_child(spec, discovery, workspace.config)
    first = discovery.outcomes.get(site.url)
    if first is None or first.kind in _NO_ANSWER:
        raise SiteError(f"{site.url}: nothing could be fetched ({first or 'no answer'}); check the URL")
    known = workspace.catalogue.frontier_state(site.name).pages()
    new = sorted(
        (link for link in discovery.pages.values() if link.url not in known), key=lambda link: -link.priority
    )
    pages = [*dict.fromkeys([*(link.url for link in new), *known])]
    return CrawlPreview(
        site=site.name,
        pages=tuple(pages[: spec.max_pages]),
        new=len(new),
        known=len(known),
        asked={url: str(outcome) for url, outcome in discovery.outcomes.items()},
        dropped=dropped,
    )


def preview_url(workspace: Workspace, given: str) -> UrlPreview:
    """Return what would happen to a URL, and why: scope, traps, robots.txt, answer, canonical URL, kind."""
    url = url_of(given)
    site, refusal = _site_of(workspace, url)
    known = workspace.catalogue.frontier_state(site.name).known(url) if site else None
    preview = UrlPreview(
        url=url, site=site.name if site else None, fate=Fate.REFUSED, why=refusal, known=known
    )
    if site is None or refusal:
        return preview
    spec = plan_crawl(workspace.config, workspace.catalogue, site, CrawlOptions())
    fetched, _ = _in_child(spec, _SinglePage(url), workspace.config)
    preview = replace(preview, outcome=str(fetched.outcome), final_url=fetched.url)
    by_robots = fetched.outcome.kind in _BY_ROBOTS
    if fetched.page is None or by_robots:
        fate = Fate.REFUSED if by_robots else Fate.FAILED
        return replace(preview, fate=fate, why=str(fetched.outcome))
    return _extracted(workspace, site, replace(fetched.page, url=fetched.url), preview)


def _site_of(workspace: Workspace, url: str) -> tuple[Site | None, str | None]:
    """Return the site that a URL belongs to, and why the URL would not be fetched; None if it would be."""
    forgotten = tuple(workspace.catalogue.tombstones.all())
    mine: list[tuple[Site, str | None]] = []
    for site in workspace.catalogue.sites.all():
        reason = urls.Scope(site.url, site.allow, site.deny, forgotten).refusal(url)
        if reason != "other site":
            mine.append((site, reason))
    return min(
        mine,
        key=lambda entry: entry[1] is not None,
        default=(None, "it belongs to no site; `clinicdex site add` adds one"),
    )


def _extracted(workspace: Workspace, site: Site, page: Page, preview: UrlPreview) -> UrlPreview:
    """Extract a page with its site's profile; return the preview completed with the result."""
    from .extraction_job import ExtractionJob
    from .site_profile import profile_of

    config, profile = workspace.config, profile_of(workspace, site.name)
    job = ExtractionJob(config.vocabulary, only_own=config.only_own_vocabulary)
    job.prepare(profile.setup)
    extraction = job.do(page)
    outcome = extraction.outcome
    preview = replace(
        preview,
        status=page.status,
        canonical=extraction.canonical or None,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    if isinstance(outcome, Article):
        return replace(preview, fate=Fate.ARTICLE, title=outcome.title, kind=outcome.kind)
    why = f"{outcome.reason.value}: {outcome.detail}" if outcome.detail else outcome.reason.value
    return replace(preview, fate=Fate.NO_ARTICLE, why=why)


def fetch_one(url: str, config: Config) -> Page | None:
    """Fetch a page that does not belong to a site; None if no page came back.

    robots.txt, the address guard and the limits apply as in a crawl.
    """
    fetched, _ = _in_child(page_spec(config, url), _SinglePage(url), config)
    return fetched.page


@dataclass
class _SinglePage:
    """A frontier of one URL and the URLs it redirects to; after the crawl it holds the outcome."""

    url: str
    page: Page | None = None  # the last one received
    outcome: VisitOutcome = _UNREACHABLE  # of the last request
    _moves: int = 0
    _waiting: bool = True

    def take(self, most: int) -> Sequence[FrontierEntry]:
        """Return the URL that is waiting, once."""
        entry = FrontierEntry(id=self._moves, url=self.url, kind=UrlKind.PAGE, depth=1, tries=_MANY_TRIES)
        entries = [entry] if self._waiting else []
        self._waiting = False
        return entries

    def commit(self, visits: Sequence[Visit]) -> int:
        """Keep the page, and queue the URL that it redirects to."""
        for visit in visits:
            self.page, self.outcome = visit.page or self.page, visit.outcome
            if visit.outcome.kind is OutcomeKind.MOVED and visit.links and self._moves < _MOST_MOVES:
                self._moves, self.url, self._waiting = self._moves + 1, visit.links[0].url, True
        return 0

    def has_waiting(self) -> bool:
        """Whether the URL is waiting to be fetched."""
        return self._waiting


@dataclass
class _Discovery:
    """A frontier that lets discovery run, but fetches only the first page.

    After the crawl it holds what a crawl would fetch.
    """

    pages: dict[str, Link] = field(default_factory=dict)  # by URL
    outcomes: dict[str, VisitOutcome] = field(default_factory=dict)  # URL fetched -> its outcome
    _waiting: list[Link] = field(default_factory=list)
    _taken: list[Link] = field(default_factory=list)

    def add(self, links: Sequence[Link], *, first: bool = False) -> None:
        """Note pages, queue all other links; with `first`, queue links of every kind."""
        for link in links:
            is_page = link.kind is UrlKind.PAGE
            if is_page and self.pages.setdefault(link.url, link) is link and not first:
                continue
            if first or (not is_page and link not in self._taken):
                self._waiting.append(link)

    def take(self, most: int) -> Sequence[FrontierEntry]:
        """Return up to `most` of the queued links."""
        links, self._waiting = self._waiting[:most], self._waiting[most:]
        start = len(self._taken)
        self._taken += links
        return [
            FrontierEntry(id=number, url=link.url, kind=link.kind, depth=link.depth, tries=_MANY_TRIES)
            for number, link in enumerate(links, start)
        ]

    def commit(self, visits: Sequence[Visit]) -> int:
        """Note the outcomes, and add the links that were found."""
        for visit in visits:
            self.outcomes[self._taken[visit.id].url] = visit.outcome
            self.add(visit.links)
        return 0

    def has_waiting(self) -> bool:
        """Whether links are queued."""
        return bool(self._waiting)


def _in_child(spec: CrawlSpec, frontier: F, config: Config) -> tuple[F, Mapping[str, int]]:
    """Crawl in a child process; return the frontier afterwards, and counts of links not followed, by reason.

    If the child dies, return the frontier as it was and no counts.
    """
    context = multiprocessing.get_context("spawn")
    control, theirs = context.Pipe()
    child = context.Process(
        target=_child, args=(spec, frontier, theirs, config.folder.log("fetch")), daemon=True
    )
    child.start()
    theirs.close()
    try:
        answer: tuple[F, Mapping[str, int]] = control.recv()
    except EOFError:
        return frontier, {}
    finally:
        control.close()
        child.join()
    return answer


def _child(spec: CrawlSpec, frontier: Frontier, control: Connection, log_file: Path) -> None:
    from ..crawler.run import crawl

    log_to(log_file)
    tally = crawl(spec, frontier, control)
    control.send((frontier, tally.dropped))
