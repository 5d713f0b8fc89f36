"""robots.txt by RFC 9309: a client error (4xx) allows all, a server error (5xx, no answer) forbids all.

429 counts as a server error. Protego parses the file. Status rules, size limit and redirects are implemented
here because Scrapy's middleware has none of them.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from dataclasses import dataclass
from typing import Any

import protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from .. import urls
from ..records import OutcomeKind, RobotsAnswer, UrlKind, VisitOutcome
from ..robots_tags import AGENT
from .diagnosis import diagnosis
from .spec import ROBOTS_FRESH, CrawlSpec
from .xml_source import decoded

__all__ = ["AGENT", "Forbidden", "RobotsGate", "Rules", "allows", "parse", "rules_from"]

_MOST_BYTES = 500 * 1024  # RFC 9309 §2.5: at least 500 kibibytes must be read
LONGEST_DELAY = 30.0  # seconds; a host that asks for more is not crawled (docs/measurements.md, crawl-delay)
_MOST_REDIRECTS = 5  # RFC 9309 §2.3.1.2
# All parsers accept "user-agent FooBot" without a colon (Google's robotstxt tests, ID_LineSyntax_Line)
_LINE = re.compile(
    r"\s{0,100}(user-?\s?agent|allow|disallow|dissallow|dissalow"
    r"|disalow|diasllow|disallaw|sitemap|site-map|crawl-delay)\s*:?(.*)$",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\*|[A-Za-z_-]+")
_log = logging.getLogger(__name__)


class Forbidden(IgnoreRequest):
    """robots.txt forbids the URL, or could not be fetched."""

    def __init__(self, outcome: VisitOutcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in one origin's robots.txt."""

    parsed: protego.Protego | None  # if None, `forbids_all` decides
    forbids_all: VisitOutcome | None = None  # why nothing may be fetched
    body: bytes = b""
    status: int = 200  # of the answer

    @property
    def delay(self) -> float:
        """The delay between two requests that the host asks for, in seconds; 0 if it asks for none."""
        return float((self.parsed.crawl_delay(AGENT) if self.parsed else None) or 0)

    def refusal(self, url: str) -> VisitOutcome | None:
        """Return why a URL may not be fetched; None if it may."""
        if self.forbids_all:
            return self.forbids_all
        if self.delay > LONGEST_DELAY:
            return VisitOutcome(kind=OutcomeKind.DELAY_TOO_LONG)
        if self.parsed is not None and not allows(self.parsed, url):
            return VisitOutcome(kind=OutcomeKind.FORBIDDEN)
        return None


def rules_from(status: int | None, body: bytes, why: str = "") -> Rules:
    """Return the rules in a response to a request for robots.txt; status None means no response.

    `why` says what became of the request if it got none.
    """
    if status is None or status >= 500 or status == 429:
        detail = why if status is None else f"status {status}"
        return Rules(None, VisitOutcome(kind=OutcomeKind.ROBOTS_UNREACHABLE, detail=detail))
    if status >= 300:
        return Rules(None, status=status)
    body = body[:_MOST_BYTES]
    return Rules(parse(body), None, body)


def parse(body: bytes) -> protego.Protego:
    """Parse the bytes of a robots.txt."""
    return protego.Protego.parse(_plain(decoded(body)))


def allows(parsed: protego.Protego, url: str, agent: str = AGENT) -> bool:
    """Whether an agent may fetch a URL. A name that is not a product token gets the rules for "*" only."""
    named = _TOKEN.match(agent)
    return bool(parsed.can_fetch(url, agent if named and named[0] == agent else "*"))


def _plain(text: str) -> str:
    """Remove what Protego misreads: unknown lines inside a group, and what follows an agent's name."""
    known = (match for line in text.splitlines() if (match := _LINE.match(line)))
    return "\n".join(
        f"{match[1]}: {_agent(value) if match[1].lower().startswith('user') else value}"
        for match in known
        for value in (match[2].strip(),)
    )


def _agent(value: str) -> str:
    """Return the product token (RFC 9309 §2.2.1): FooBot for "FooBot/2.1 (+https://…)"."""
    token = _TOKEN.match(value)
    return token[0] if token else value


class RobotsGate:
    """Scrapy downloader middleware: lets a request pass if the robots.txt of its origin allows it."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Future[Rules]] = {}
        self.memory: dict[str, RobotsAnswer] = {}
        crawler.robots = self

    @classmethod
    def from_crawler(cls, crawler: Any) -> RobotsGate:
        """Build the middleware; Scrapy calls this."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Answer a request for robots.txt from the rules; raise Forbidden for a URL that they forbid."""
        if request.meta.get("gate_open"):
            return None
        rules = await self._of(urls.origin(request.url))
        entry = request.meta.get("entry")
        if entry is not None and entry.kind is UrlKind.ROBOTS:
            if rules.forbids_all:
                raise Forbidden(rules.forbids_all)
            return Response(request.url, status=rules.status, body=rules.body)
        reason = rules.refusal(request.url)
        if reason:
            raise Forbidden(reason)
        return None

    async def _of(self, origin: str) -> Rules:
        if origin not in self._rules:
            self._rules[origin] = asyncio.get_running_loop().create_future()
            rules = rules_from(None, b"")
            try:
                rules = await self._known_or_fetched(origin)
            finally:
                self._rules[origin].set_result(rules)  # whatever happens, nobody waits for it for ever
            if rules.delay:
                self._crawler.throttle.ask_for(urls.host_port(origin)[0], rules.delay)
        return await self._rules[origin]

    async def _known_or_fetched(self, origin: str) -> Rules:
        """Return the rules of a known robots.txt if it is recent enough, else of a newly fetched one.

        If the server does not answer, a known one less than a day old (ROBOTS_FRESH) is used.
        """
        spec: CrawlSpec = self._crawler.spider.spec
        known = spec.robots.get(origin)
        age = time.time() - known.fetched_at if known else float("inf")
        if known and age < spec.robots_age:
            return rules_from(known.status, known.text.encode("latin-1"))
        status, body, why = await self._fetched(f"{origin}/robots.txt")
        if status is not None and status < 500 and status != 429:
            self.memory[origin] = RobotsAnswer(
                fetched_at=time.time(), status=status, text=body[:_MOST_BYTES].decode("latin-1")
            )
        elif known and age < ROBOTS_FRESH:
            _log.warning("robots url=%s status=%s fallback_age=%d", origin, status, age)
            status, body = known.status, known.text.encode("latin-1")
        return rules_from(status, body, why)

    async def _fetched(self, url: str) -> tuple[int | None, bytes, str]:
        """Return status and body of a robots.txt; without an answer, None and why there is none."""
        for _ in range(_MOST_REDIRECTS + 1):
            request = Request(
                url,
                headers=self._crawler.spider.spec.headers_for(url),
                meta={"gate_open": True} | self._crawler.spider.route,
                callback=NO_CALLBACK,
                priority=1_000,
                dont_filter=True,
            )
            try:
                response = await self._crawler.engine.download_async(request)
            except Exception as error:  # noqa: BLE001  whatever went wrong, there is no robots.txt
                why = str(diagnosis(url, error, self._crawler.spider.guard))
                _log.warning("robots url=%s error=%s", url, why.replace(" ", "_"))
                return None, b"", why
            location = response.headers.get("Location", b"").decode("latin-1")
            target = urls.canonical(location, url) if 300 <= response.status < 400 and location else None
            if target is None:
                return response.status, response.body, ""
            url = target
        return 404, b"", ""  # RFC 9309 §2.3.1.2: too many redirects count as unavailable
