"""Run one crawl in this process, from the order to the last visit written.

Scrapy's reactor cannot be started twice, so this runs in a child process. The child lives by its control pipe: a
message asks it to finish, and the pipe's end means the parent died, so no further request may leave.
"""

from __future__ import annotations

import logging
import os
import threading
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess

from .. import urls
from .frontier import Frontier
from .guard import AddressGuard
from .ledger import Ledger
from .order import Order, Remembered
from .spider import SiteSpider

__all__ = ["Tally", "crawl", "settings"]

_ORPHANED = 70  # exit code of a child whose parent died
_HANDLER = "clinicdex.crawler.handler.BoundedHandler"
_OWN_MACHINE = 8  # requests at once when the delay is 0


def settings(order: Order) -> dict[str, Any]:
    """Give Scrapy's settings for an order: closed where its defaults are open."""
    return {
        "USER_AGENT": order.user_agent,
        "SCHEDULER": "clinicdex.crawler.scheduler.FrontierScheduler",
        "ITEM_PIPELINES": {"clinicdex.crawler.sink.Sink": 1},
        "EXTENSIONS": {"clinicdex.crawler.throttle.Throttle": 0},
        "DOWNLOADER_MIDDLEWARES": {"clinicdex.crawler.robots.RobotsGate": 100},
        "TWISTED_DNS_RESOLVER": "clinicdex.crawler.guard.GuardedResolver",
        "DOWNLOAD_HANDLERS": dict.fromkeys(("file", "data", "ftp", "s3")) | dict.fromkeys(("http", "https"), _HANDLER),
        "DOWNLOAD_DELAY": order.delay,
        "RANDOMIZE_DOWNLOAD_DELAY": False,
        "CONCURRENT_REQUESTS": _OWN_MACHINE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if order.delay else _OWN_MACHINE,
        "CONCURRENT_ITEMS": 1,  # saves 39 to 45 % of the CPU (docs/measurements.md, concurrent-items)
        "DOWNLOAD_TIMEOUT": order.timeout,
        "DOWNLOAD_MAXSIZE": order.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "HTTPERROR_ALLOW_ALL": True,
        "HTTPPROXY_ENABLED": False,  # never a proxy from the environment; the guard would see only the proxy
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "REDIRECT_ENABLED": False,  # a redirect is a link: judged, remembered and fetched like any other
        "METAREFRESH_ENABLED": False,
        "RETRY_ENABLED": False,  # the frontier remembers what is to be tried again
        "ROBOTSTXT_OBEY": False,  # RobotsGate does, by RFC 9309
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
    }


def _proxy_host(order: Order) -> list[str]:
    """Allow the owner's proxy, wherever it is; what lies behind it, the guard cannot see."""
    if not order.proxy:
        return []
    host, port = urls.host_port(order.proxy)
    return [f"{host}:{port}"]


class _GuardedProcess(AsyncCrawlerProcess):
    """Scrapy's process with the guard at hand, because Scrapy builds the resolver from the process."""

    def __init__(self, values: dict[str, Any], guard: AddressGuard) -> None:
        super().__init__(values)
        for noisy in ("scrapy", "twisted", "asyncio", "filelock"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        self.guard = guard


class Tally(NamedTuple):
    """What a crawl did, counted."""

    requests: int
    bytes: int  # received
    dropped: dict[str, int]  # links not followed, by reason
    robots: dict[str, Remembered]  # origin -> the robots.txt that was asked for


def crawl(order: Order, frontier: Frontier, control: Connection) -> Tally:
    """Fetch until the frontier is empty, the page limit is reached or the parent asks to finish. Raises what kept visits from being written."""
    process = _GuardedProcess(settings(order), AddressGuard((*order.allow_hosts, *_proxy_host(order))))
    crawler = process.create_crawler(SiteSpider)
    scope = urls.Scope(order.start, order.allow, order.deny, order.forgotten)
    ledger = Ledger(frontier, order.max_pages)
    process.crawl(crawler, ledger=ledger, scope=scope, guard=process.guard, order=order)
    obeying = threading.Thread(target=_obey, args=(control, crawler), daemon=True)
    crawler.signals.connect(obeying.start, signal=signals.engine_started, weak=False)  # a crawl that is stopped before it runs never ends
    process.start(install_signal_handlers=False)
    spider: Any = crawler.spider
    if spider.write_error:
        raise spider.write_error
    dropped = spider.dropped | ({"too many queries": ledger.variants} if ledger.variants else {})
    counts, gate = crawler.stats, getattr(crawler, "robots", None)
    requests, received = counts.get_value("downloader/request_count", 0), counts.get_value("downloader/response_bytes", 0)
    return Tally(requests, received, dropped, gate.memory if gate else {})


def _obey(control: Connection, crawler: Any) -> None:
    """Wait for the parent: any message means finish, the end of the pipe means vanish."""
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
