"""The only spider: turns each response of a site into a Visit, and does nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from .. import urls
from ..records import FrontierEntry, Link, OutcomeKind, Page, UrlKind, Visit, VisitOutcome
from . import feed, links, priority, sitemap
from .address_guard import AddressGuard
from .answer import header, is_whole, outcome_of, page_of, retry_after
from .diagnosis import MAY_PASS, diagnosis
from .discovery import feed_guess, sitemap_guesses
from .robots import Forbidden
from .sitemap import FoundUrl
from .spec import CrawlSpec
from .visit_buffer import VisitBuffer

__all__ = ["SiteSpider"]

MAX_DEPTH = 10  # links from a seed (docs/measurements.md, traps)
MAX_SITEMAP_DEPTH = 4  # robots.txt, index, index, sitemap
_MOST_TRIES = 2  # retries after a failure that may be temporary (chosen by hand)
_LONGEST_WAIT = 600.0  # seconds; a Retry-After beyond this ends the tries of this run (chosen by hand)
_MOST_TDMREP = 100_000  # bytes of a tdmrep.json (chosen by hand)
_log = logging.getLogger(__name__)


class SiteSpider(scrapy.Spider):
    """Fetches what the visit buffer hands out; yields Visits."""

    name = "site"

    def __init__(
        self, *, visits: VisitBuffer, scope: urls.Scope, guard: AddressGuard, spec: CrawlSpec, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        # request meta that Scrapy's download handler obeys
        self.route: dict[str, Any] = {"proxy": spec.proxy} if spec.proxy else {}
        self.spec = spec
        self.visits = visits
        self.scope = scope
        self.guard = guard
        self.dropped: dict[str, int] = {}  # links not followed, by reason
        self.opt_outs: dict[str, str] = {}  # origin -> text of its tdmrep.json
        self.write_error: Exception | None = None  # why visits could no longer be written
        self._hrefs, self._known = links.Seen(), links.Seen()
        # origins of the sitemaps that the site's robots.txt names, also in the run that this one continues
        start = urls.origin(spec.start)
        known = spec.robots.get(start)
        named = sitemap.named_in_robots(known.text.encode("latin-1"), f"{start}/robots.txt") if known else []
        self._vouched = {urls.origin(url) for url in named}

    async def start(self) -> Any:
        """Start without requests: the scheduler takes them from the frontier."""
        return
        yield

    def parse(self, response: Response) -> Iterator[Visit]:
        """Turn a response into a Visit."""
        entry: FrontierEntry = response.meta["entry"]
        visit = self._guarded_visit(entry, response)
        milliseconds = int(1000 * response.meta.get("download_latency", 0))
        _log.info(
            "page url=%s fate=%s ms=%d bytes=%d", entry.url, visit.outcome, milliseconds, len(response.body)
        )
        yield visit

    def _guarded_visit(self, entry: FrontierEntry, response: Response) -> Visit:
        """Return the Visit of a response; if a parser fails on it, the entry is finished as unreadable."""
        try:
            return self._visit(entry, response)
        except Exception:  # noqa: BLE001  one bad page must not stop the crawl
            _log.exception("page url=%s fate=unreadable", entry.url)
            return Visit(id=entry.id, outcome=VisitOutcome(kind=OutcomeKind.UNREADABLE))

    def _visit(self, entry: FrontierEntry, response: Response) -> Visit:
        status, outcome = response.status, VisitOutcome.answered(response.status)
        if outcome.is_unchanged:
            return Visit(id=entry.id, outcome=outcome)
        if 300 <= status < 400:
            return self._moved(entry, response)
        if entry.kind is UrlKind.TDMREP:
            return self._tdmrep(entry, response)
        if status == 429 or status >= 500:
            return Visit(id=entry.id, outcome=outcome, retry_at=self._retry_at(entry, retry_after(response)))
        if status >= 400 and entry.kind not in (*_PAGES, UrlKind.ROBOTS):
            return Visit(id=entry.id, outcome=outcome)
        return _READERS[entry.kind](self, entry, response)

    def _moved(self, entry: FrontierEntry, response: Response) -> Visit:
        target = urls.canonical(header(response, "Location"), entry.url)
        kind = UrlKind.PAGE if entry.kind is UrlKind.START else entry.kind
        target_links = self._links([FoundUrl(target)], entry, kind) if target and target != entry.url else []
        gone = page_of(entry, response.replace(body=b"")) if entry.kind in _PAGES else None
        return Visit(id=entry.id, outcome=VisitOutcome(kind=OutcomeKind.MOVED), page=gone, links=target_links)

    def _page(self, entry: FrontierEntry, response: Response) -> Visit:
        outcome = outcome_of(response)
        if outcome.kind in (OutcomeKind.CHALLENGE, OutcomeKind.CUT):
            again = self._retry_at(entry, 0.0) if outcome.kind is OutcomeKind.CUT else None
            return Visit(id=entry.id, outcome=outcome, retry_at=again)
        page = page_of(entry, response)
        new_links = self._links_of(entry, page) if page.body and response.status < 400 else []
        return _visit(entry, response, new_links, page, outcome)

    def _links_of(self, entry: FrontierEntry, page: Page) -> list[Link]:
        rules = [value for name, value in page.headers if name == "x-robots-tag"]
        targets = links.of_page(page.body, entry.url, page.charset, robots_headers=rules, seen=self._hrefs)
        found = self._links(_all(targets.pages), entry, UrlKind.PAGE)
        found += self._links(_all(targets.feeds), entry, UrlKind.FEED)
        if targets.api:
            found += self._links([FoundUrl(feed.posts_address(targets.api))], entry, UrlKind.POSTS)
        if entry.depth == 0 and not targets.feeds:
            found.append(feed_guess(urls.origin(entry.url)))
        return found

    def _start(self, entry: FrontierEntry, response: Response) -> Visit:
        """Read what the owner named as a start: a feed or a sitemap if it is one, else a page."""
        if "html" in header(response, "Content-Type").lower() or response.status >= 400:
            return self._page(entry, response)
        if feed.is_feed(response.body):
            return self._feed(entry, response)
        listed = sitemap.read(response.body, entry.url)
        is_list = bool(listed.pages or listed.sitemaps)
        return self._sitemap(entry, response) if is_list else self._page(entry, response)

    def _sitemap(self, entry: FrontierEntry, response: Response) -> Visit:
        listed = sitemap.read(response.body, entry.url, is_whole=is_whole(response))
        if not listed.pages and not listed.sitemaps and feed.is_feed(response.body):
            return self._feed(entry, response)
        if listed.unreadable:
            self.dropped["unreadable in a sitemap"] = (
                self.dropped.get("unreadable in a sitemap", 0) + listed.unreadable
            )
        return _visit(
            entry,
            response,
            self._links(listed.pages, entry, UrlKind.PAGE)
            + self._links(listed.sitemaps, entry, UrlKind.SITEMAP),
        )

    def _feed(self, entry: FrontierEntry, response: Response) -> Visit:
        return _visit(entry, response, self._links(feed.read(response.body, entry.url), entry, UrlKind.PAGE))

    def _posts(self, entry: FrontierEntry, response: Response) -> Visit:
        posts = feed.read_posts(response.body, entry.url)
        pages = header(response, "X-WP-TotalPages")
        further = feed.more_posts(
            entry.url,
            int(pages) if pages.isascii() and pages.isdecimal() and len(pages) < 10 else 1,
            posts,
            self.spec.since,
        )
        # "changed now", so that they are fetched again although they are known
        more = [FoundUrl(page.url, time.time()) for page in further]
        return _visit(
            entry,
            response,
            self._links(posts, entry, UrlKind.PAGE) + self._links(more, entry, UrlKind.MORE_POSTS),
        )

    def _robots(self, entry: FrontierEntry, response: Response) -> Visit:
        urls_named = sitemap.named_in_robots(response.body, entry.url)
        self._vouched |= {urls.origin(url) for url in urls_named}
        named = self._links(_all(urls_named), entry, UrlKind.SITEMAP)
        return _visit(entry, response, named + sitemap_guesses(urls.origin(entry.url), named=bool(named)))

    def _tdmrep(self, entry: FrontierEntry, response: Response) -> Visit:
        if response.status < 500 and response.status != 429:
            text = response.body[:_MOST_TDMREP].decode("utf-8", "replace") if response.status == 200 else ""
            self.opt_outs[urls.origin(entry.url)] = text
        return Visit(id=entry.id, outcome=VisitOutcome.answered(response.status))

    def _links(self, links: Sequence[FoundUrl], entry: FrontierEntry, kind: UrlKind) -> list[Link]:
        """Return the links that are in scope and new to this run; count the others in `dropped`."""
        is_listed = kind is UrlKind.PAGE and entry.kind is not UrlKind.PAGE
        depth = 1 if is_listed else entry.depth + 1  # pages that a sitemap or feed lists count as near
        now = time.time()
        kept = []
        for url, modified, hints in links:
            if not self._known.first(url) and not hints:
                continue
            reason = (
                "too deep"
                if depth > (MAX_SITEMAP_DEPTH if kind is UrlKind.SITEMAP else MAX_DEPTH)
                else self._refusal(url, kind)
            )
            if reason:
                self.dropped[reason] = self.dropped.get(reason, 0) + 1
                continue
            first = (
                priority.of_page(url, depth, self.spec.likely)
                if kind is UrlKind.PAGE
                else priority.FOUND - depth
            )
            changed = modified if modified and modified <= now else None
            kept.append(Link(url=url, kind=kind, depth=depth, priority=first, modified=changed, hints=hints))
        return kept

    def _refusal(self, url: str, kind: UrlKind) -> str | None:
        reason = self.scope.refusal(url)
        if kind is UrlKind.PAGE:
            return reason
        # sitemaps.org, "Sitemaps & Cross Submits": a site's robots.txt vouches for sitemaps on other hosts
        if reason == "other site" and kind is UrlKind.SITEMAP and urls.origin(url) in self._vouched:
            return None
        return None if reason in ("not a page", "not allowed", "action") else reason

    def failed(self, failure: Failure) -> Iterator[Visit]:
        """Turn a failed request into a Visit, to be retried if the failure may be temporary."""
        entry: FrontierEntry = failure.request.meta["entry"]  # type: ignore[attr-defined]
        error = failure.value or Exception(str(failure))
        outcome = error.outcome if isinstance(error, Forbidden) else diagnosis(entry.url, error, self.guard)
        _log.info("page url=%s fate=%s", entry.url, str(outcome).replace(" ", "_"))
        again = self._retry_at(entry, 0.0) if outcome.kind in MAY_PASS else None
        yield Visit(id=entry.id, outcome=outcome, retry_at=again)

    @staticmethod
    def _retry_at(entry: FrontierEntry, asked: float) -> float | None:
        """Return when to retry: after 2, then 8 seconds, later if the server asks for it; None to give up."""
        if entry.tries >= _MOST_TRIES or asked > _LONGEST_WAIT:
            return None
        return time.time() + max(2.0 * 4.0**entry.tries, asked)


_PAGES = (UrlKind.PAGE, UrlKind.START)
_READERS = {
    UrlKind.PAGE: SiteSpider._page, UrlKind.SITEMAP: SiteSpider._sitemap, UrlKind.FEED: SiteSpider._feed,
    UrlKind.POSTS: SiteSpider._posts, UrlKind.MORE_POSTS: SiteSpider._posts,
    UrlKind.ROBOTS: SiteSpider._robots, UrlKind.START: SiteSpider._start,
}  # fmt: skip


def _all(urls: Sequence[str]) -> list[FoundUrl]:
    return [FoundUrl(url) for url in urls]


def _visit(
    entry: FrontierEntry,
    response: Response,
    links: Sequence[Link],
    page: Page | None = None,
    outcome: VisitOutcome | None = None,
) -> Visit:
    return Visit(
        id=entry.id,
        outcome=outcome or VisitOutcome.answered(response.status),
        page=page,
        links=links,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
    )
