"""URLs of pages: one canonical form, what belongs to a site, what looks like a trap.

Parsing follows the WHATWG URL standard through ada-url, so a URL means here what it means to a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

import ada_url

if TYPE_CHECKING:
    from tldextract import TLDExtract

__all__ = [
    "Scope",
    "canonical",
    "folder_of",
    "glob",
    "host_port",
    "is_loopback",
    "is_under",
    "origin",
    "path_of",
    "same_site",
    "trap",
]

MAX_LENGTH = 2_000  # characters; the longest URL of the sitemaps standard is 2,048
MAX_SEGMENTS = 16  # as Elastic's Open Crawler
MAX_PARAMETERS = 10  # as Elastic's Open Crawler
_PORTS = {"http:": 80, "https:": 443}

# Query parameters that name where a visitor came from, never what the page is.
# Sources: Google Analytics "utm" campaign parameters; the click ids of Google, Facebook, Microsoft, Mailchimp,
# HubSpot, Yandex and Instagram as their help pages name them.
_TRACKING = re.compile(
    r"utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|mc_[ce]id|_hs(?:enc|mi)|yclid|igshid|ref_src|_ga|_gl",
    re.IGNORECASE,
)

# Addresses that only repeat what another address holds, or that do something when asked.
# WordPress: replytocom, share, print, attachment_id; shops: add-to-cart; sessions: PHP, Java, ASP; oEmbed and WordPress's own API.
_ACTIONS = re.compile(
    r"[?&](?:replytocom|share|print|printable|add[-_]to[-_](?:cart"
    r"|wishlist|compare)|action|phpsessid|jsessionid|sessionid"
    r"|sid|preview|attachment_id"
    r"|format=(?:pdf|print|feed|amp)|rest_route)(?:=|&|$)"
    r"|;jsessionid="
    r"|/(?:print|printable|printpage)/?$"
    r"|/attachment/"
    r"|/(?:wp-login|wp-admin|wp-json|xmlrpc|cart|checkout"
    r"|log-?(?:in|out)|sign-?(?:in|up|out))(?:\.php)?(?:[/?#]"
    r"|$)",
    re.IGNORECASE,
)
# Views of a list: sorted, filtered, more of it on a page. WooCommerce, Shopify, Magento and Drupal views.
_FACET = re.compile(
    r"[?&](?:orderby|sort(?:_?by|ing|_order)?|filter(?:[._\[]\w*\]?)*"
    r"|min_price|max_price|rating_filter|per_?page|limit"
    r"|view_?mode"
    r"|f(?:%5B|\[)\d+(?:%5D|\])|facet\w*|refine\w*)=",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"/(?:calendar|events?)/.*\b(?:19|20)\d\d[-/]\d|[?&](?:month|day|week|ical|tribe-bar-date)=",
    re.IGNORECASE,
)
_NOT_PAGES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css"
    r"|js|mjs|json|map|woff2?|ttf|eot|otf|mp[34]|m4[av]|ogg"
    r"|wav|webm|avi|mov|wmv"
    r"|pdf|docx?|xlsx?|pptx?|odt|ics|vcf|zip|gz|rar|7z|tar|dmg|exe|apk|iso)$",
    re.IGNORECASE,
)


def canonical(url: str, base: str | None = None) -> str | None:
    """Return the one URL of a page, or None if this is not an http(s) URL.

    The fragment, credentials, default port, tracking parameters and an empty query go; scheme and host are lower case, dots in the path
    resolved; the rest of the query stays byte for byte and in its order, because some sites heed both.
    """
    try:
        parsed = ada_url.URL(url.strip(), base)
    except ValueError:
        return None
    if parsed.protocol not in _PORTS or not parsed.hostname:
        return None
    if parsed.username or parsed.password:
        parsed.username = parsed.password = ""
    parsed.hash = ""
    search = parsed.search
    if not search or _TRACKING.search(search):
        parsed.search = _without_tracking(search)  # a "?" with nothing behind it goes as well
    return str(parsed.href)


def _without_tracking(search: str) -> str:
    """Cut the tracking parameters out of a query; "" if nothing else is in it."""
    parameters = search.removeprefix("?").split("&")
    kept = "&".join(one for one in parameters if not _TRACKING.fullmatch(one.partition("=")[0]))
    return f"?{kept}" if kept else ""


def origin(url: str) -> str:
    """Give scheme, host and port ("https://example.org") of a canonical URL."""
    return str(ada_url.URL(url).origin)


def host_port(url: str) -> tuple[str, int]:
    """Give host (without brackets) and port of a canonical URL."""
    parsed = ada_url.URL(url)
    return parsed.hostname.strip("[]"), int(parsed.port or _PORTS[parsed.protocol])


def path_of(url: str) -> str:
    """Give the path of a canonical URL, percent-decoded."""
    return unquote(ada_url.URL(url).pathname)


def folder_of(url: str) -> str:
    """Give the path of the folder that a canonical URL lies in: "/blog/" for "https://clinic.example/blog/low-back-pain/"."""
    return path_of(url).rstrip("/").rpartition("/")[0] + "/"


def is_loopback(host: str) -> bool:
    """Tell whether a host name or literal names this machine."""
    return host in ("localhost", "::1") or bool(re.fullmatch(r"127(?:\.\d{1,3}){3}", host))


def same_site(one: str, other: str) -> bool:
    """Tell whether two canonical URLs belong to one site: same host but for "www.", same port but for http/https."""
    return _site_key(one) == _site_key(other)


def _site_key(url: str) -> tuple[str, int]:
    host, port = host_port(url)
    return host.removeprefix("www."), 0 if port in (80, 443) else port


class Scope:
    """What belongs to a crawl: same registrable domain as the start ("clinic.example" with all below it), allowed and not denied by the owner's globs.

    A glob is matched against the path and query; `*` stands for any characters. An address by number and a name without a known
    ending stand for themselves.
    """

    def __init__(
        self,
        start: str,
        allow: tuple[str, ...] = (),
        deny: tuple[str, ...] = (),
        forgotten: tuple[str, ...] = (),
    ) -> None:
        host, self._port = _site_key(start)
        registrable = _registrable(host)
        self._domain = registrable or host
        self._below = f".{self._domain}" if registrable else f"www.{self._domain}"
        self._allow = [glob(pattern) for pattern in allow]
        self._deny = [glob(pattern) for pattern in deny]
        self._forgotten = forgotten

    def holds(self, url: str) -> bool:
        """Tell whether an address is of the site, whatever its globs say."""
        host, port = _site_key(url)
        return port == self._port and (host == self._domain or host.endswith(self._below))

    def refusal(self, url: str) -> str | None:
        """Say why a canonical URL is not to be fetched; None if it may be."""
        parsed = ada_url.URL(url)
        if not self.holds(url):
            return "other site"
        if is_under(url, self._forgotten):
            return "forgotten"
        target = unquote(parsed.pathname) + parsed.search
        if any(pattern.fullmatch(target) for pattern in self._deny):
            return "denied"
        if self._allow and not any(pattern.fullmatch(target) for pattern in self._allow):
            return "not allowed"
        return trap(url)


def is_under(url: str, targets: Iterable[str]) -> bool:
    """Tell whether an address is one of the targets, or below one that ends with "/" or "*"."""
    return any(
        url.startswith(one.removesuffix("*")) if one.endswith(("/", "*")) else url == one for one in targets
    )


def _registrable(host: str) -> str:
    """Return the part of a host name that is registered, by the Public Suffix List as shipped with tldextract; "" if there is none."""
    return _public_suffixes().extract_str(host).top_domain_under_public_suffix


@cache
def _public_suffixes() -> TLDExtract:
    """Read the Public Suffix List, once a process: that takes 20 ms."""
    from tldextract import TLDExtract  # imported late: it loads requests, which reading URLs does not need

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def glob(pattern: str) -> re.Pattern[str]:
    """Compile an owner's glob, to be matched in full; `*` stands for any characters."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def trap(url: str) -> str | None:
    """Name what makes a canonical URL not worth fetching; None if nothing does."""
    if len(url) > MAX_LENGTH:
        return "too long"
    path, _, query = url.partition("?")
    if _NOT_PAGES.search(path):
        return "not a page"
    if _ACTIONS.search(url):
        return "action"
    if _CALENDAR.search(url):
        return "calendar"
    if _FACET.search(url):
        return "facet"
    if query.count("&") >= MAX_PARAMETERS:
        return "too many parameters"
    return _path_trap([segment for segment in path.split("/")[3:] if segment])


def _path_trap(segments: list[str]) -> str | None:
    if len(segments) > MAX_SEGMENTS:
        return "too deep"
    if any(segments.count(segment) >= 3 for segment in segments[2:]):
        return "repeating path"
    return None
