"""Run one crawl in this process, from its CrawlSpec to the last visit written.

Scrapy's reactor cannot be started twice in a process, so this runs in a child process. The child watches its
control pipe: a message asks it to finish. The end of the pipe means that the parent died; then the child
exits at once, so that it sends no further request.
"""

from __future__ import annotations

import logging
import os
import threading
from multiprocessing.connection import Connection
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess

from .. import urls
from .address_guard import AddressGuard
from .frontier import Frontier
from .spec import CrawlSpec, CrawlTally
from .spider import SiteSpider
from .visit_buffer import VisitBuffer

__all__ = ["crawl", "settings"]

_ORPHANED = 70  # exit code of a child whose parent died
_HANDLER = "clinicdex.crawler.download_handler.BoundedHandler"
_OWN_MACHINE = 8  # concurrent requests when the delay is 0 (chosen by hand)


def settings(spec: CrawlSpec) -> dict[str, Any]:
    """Return Scrapy's settings for a CrawlSpec; they are stricter than Scrapy's defaults."""
    return {
        "USER_AGENT": spec.user_agent,
        "SCHEDULER": "clinicdex.crawler.scheduler.FrontierScheduler",
        "ITEM_PIPELINES": {"clinicdex.crawler.sink.Sink": 1},
        "EXTENSIONS": {"clinicdex.crawler.throttle.Throttle": 0},
        "DOWNLOADER_MIDDLEWARES": {"clinicdex.crawler.robots.RobotsGate": 100},
        "TWISTED_DNS_RESOLVER": "clinicdex.crawler.address_guard.GuardedResolver",
        "DOWNLOAD_HANDLERS": dict.fromkeys(("file", "data", "ftp", "s3"))
        | dict.fromkeys(("http", "https"), _HANDLER),
        "DOWNLOAD_DELAY": spec.delay,
        "RANDOMIZE_DOWNLOAD_DELAY": False,
        "CONCURRENT_REQUESTS": _OWN_MACHINE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if spec.delay else _OWN_MACHINE,
        "CONCURRENT_ITEMS": 1,  # saves 39 to 45 % of the CPU (docs/measurements.md, concurrent-items)
        "DOWNLOAD_TIMEOUT": spec.timeout,
        "DOWNLOAD_MAXSIZE": spec.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,  # the spider takes as much of a cut answer as can be used
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "HTTPERROR_ALLOW_ALL": True,
        "HTTPPROXY_ENABLED": False,  # never a proxy from the environment: the guard would see only the proxy
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "REDIRECT_ENABLED": False,  # a redirect is a link: checked, stored and fetched like any other
        "METAREFRESH_ENABLED": False,
        "RETRY_ENABLED": False,  # the frontier schedules retries
        "ROBOTSTXT_OBEY": False,  # RobotsGate obeys it, by RFC 9309
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
    }


def _proxy_host(spec: CrawlSpec) -> list[str]:
    """Return the owner's proxy as an allowed host, public or not; the guard cannot see behind it."""
    if not spec.proxy:
        return []
    host, port = urls.host_port(spec.proxy)
    return [f"{host}:{port}"]


class _GuardedProcess(AsyncCrawlerProcess):
    """Scrapy's process with the guard as an attribute; Scrapy builds the resolver from the process."""

    def __init__(self, values: dict[str, Any], guard: AddressGuard) -> None:
        super().__init__(values)
        for noisy in ("scrapy", "twisted", "asyncio", "filelock"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        self.guard = guard


def crawl(spec: CrawlSpec, frontier: Frontier, control: Connection) -> CrawlTally:
    """Fetch until the frontier is empty, the page limit is reached or the parent asks to finish.

    Raises the error that kept visits from being written, if there was one.
    """
    process = _GuardedProcess(settings(spec), AddressGuard((*spec.allow_hosts, *_proxy_host(spec))))
    crawler = process.create_crawler(SiteSpider)
    scope = urls.Scope(spec.start, spec.allow, spec.deny, spec.forgotten)
    visits = VisitBuffer(frontier, spec.max_pages)
    process.crawl(crawler, visits=visits, scope=scope, guard=process.guard, spec=spec)
    obeying = threading.Thread(target=_obey, args=(control, crawler), daemon=True)
    # not before the engine has started: a crawl that is stopped before it runs never ends
    crawler.signals.connect(obeying.start, signal=signals.engine_started, weak=False)
    process.start(install_signal_handlers=False)
    spider: Any = crawler.spider
    if spider.write_error:
        raise spider.write_error
    dropped = spider.dropped | ({"too many queries": visits.variants} if visits.variants else {})
    counts, gate = crawler.stats, getattr(crawler, "robots", None)
    requests, received = (
        counts.get_value("downloader/request_count", 0),
        counts.get_value("downloader/response_bytes", 0),
    )
    return CrawlTally(
        requests=requests,
        bytes=received,
        dropped=dropped,
        robots=gate.memory if gate else {},
        opt_outs=spider.opt_outs,
    )


def _obey(control: Connection, crawler: Any) -> None:
    """Wait for the parent: a message means finish, the end of the pipe means exit at once."""
    from twisted.internet import reactor

    try:
        control.recv()
    except (EOFError, OSError):
        os._exit(_ORPHANED)
    reactor.callFromThread(crawler.stop)
    try:
        control.recv()
    except (EOFError, OSError):
        os._exit(_ORPHANED)
