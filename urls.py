"""URLs of pages: their canonical form, whether they belong to a site, whether they look like a trap.

Parsing follows the WHATWG URL standard through ada-url, so a URL means the same here as in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode

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
    "path_of_folder",
    "same_site",
    "trap",
    "unescaped",
]

MAX_LENGTH = 2_000  # characters; the sitemaps standard limits URLs to 2,048
MAX_SEGMENTS = 16  # as Elastic's Open Crawler
MAX_PARAMETERS = 10  # as Elastic's Open Crawler
_PORTS = {"http:": 80, "https:": 443}

# Query parameters that say where a visitor came from, never what the page is. Sources: Google Analytics "utm"
# campaign parameters; the click ids of Google, Facebook, Microsoft, Mailchimp, HubSpot, Yandex and Instagram
# as their help pages name them.
_TRACKING = re.compile(
    r"utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|mc_[ce]id|_hs(?:enc|mi)|yclid|igshid|ref_src|_ga|_gl",
    re.IGNORECASE,
)

# What a link does that changes something for its reader or for all; a segment, a parameter or its value.
_CHANGES = (
    "delete|remove|destroy|trash|unsubscribe|opt-?out|vote|up-?vote|down-?vote|unfollow|mark-?as-?(?:read|spam)"
    "|(?:delete|remove|unsubscribe|vote)[-_](?:item|post|comment|page|entry|user|account)|remove_item"
)
# URLs that only repeat the content of another URL, or that trigger an action when fetched. WordPress:
# replytocom, share, print, attachment_id; shops: add-to-cart; sessions: PHP, Java, ASP; oEmbed and
# WordPress's own API.
_ACTIONS = re.compile(
    rf"[?&](?:{_CHANGES}|replytocom|share|print|printable|add[-_]to[-_](?:cart"
    r"|wishlist|compare)|action|phpsessid|jsessionid|sessionid"
    r"|sid|preview|attachment_id"
    r"|format=(?:pdf|print|feed|amp)|rest_route)(?:=|&|$)"
    rf"|[?&][\w.\[\]-]+=(?:{_CHANGES})(?:&|$)"
    rf"|/(?:{_CHANGES})(?:\.\w{{2,4}})?(?:[/?]|$)"
    r"|;jsessionid="
    r"|/(?:print|printable|printpage)/?$"
    r"|/attachment/"
    r"|/(?:wp-login|wp-admin|wp-json|xmlrpc|cart|checkout"
    r"|log-?(?:in|out)|sign-?(?:in|up|out))(?:\.php)?(?:[/?#]"
    r"|$)",
    re.IGNORECASE,
)
# Views of a list: sorted, filtered, more entries per page. WooCommerce, Shopify, Magento and Drupal views.
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
# Names under which servers keep the page of a folder: DirectoryIndex of Apache and nginx, IIS, Tomcat.
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|php\d?|aspx?|jsp|cfm|cgi|pl)$", re.IGNORECASE)
_NOT_PAGES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css"
    r"|js|mjs|json|map|woff2?|ttf|eot|otf|mp[34]|m4[av]|ogg"
    r"|wav|webm|avi|mov|wmv"
    r"|pdf|docx?|xlsx?|pptx?|odt|ics|vcf|zip|gz|rar|7z|tar|dmg|exe|apk|iso)$",
    re.IGNORECASE,
)


def canonical(url: str, base: str | None = None, encoding: str = "utf-8") -> str | None:
    """Return the canonical URL of a page; None if `url` is not an http(s) URL.

    `encoding` is that of the page on which the URL is written: characters of the query are encoded in it.

    The fragment, credentials, default port, tracking parameters and an empty query are removed. Scheme and
    host become lower case, and dots in the path are resolved. The rest of the query stays byte for byte and
    in its order, because some sites depend on both.
    """
    if encoding != "utf-8" and "?" in url and not url.isascii():
        url = _with_query_in(url, encoding)
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
        parsed.search = _without_tracking(search)  # this also removes a "?" with nothing after it
    return str(parsed.href)


def _with_query_in(url: str, encoding: str) -> str:
    """Percent-encode what is beyond ASCII in a query, as browsers do on a page in that encoding.

    WHATWG URL standard, "percent-encode after encoding": a character that the encoding lacks becomes its
    number, and a page in UTF-16 counts as one in UTF-8.
    """
    if encoding.startswith(("utf-16", "utf-32")):
        return url
    before, mark, rest = url.partition("?")
    query, number, fragment = rest.partition("#")
    if "#" in before:
        return url
    written = "".join(char if char.isascii() else _percent(char, encoding) for char in query)
    return f"{before}{mark}{written}{number}{fragment}"


def _percent(char: str, encoding: str) -> str:
    try:
        return "".join(f"%{byte:02X}" for byte in char.encode(encoding))
    except UnicodeEncodeError:
        return f"%26%23{ord(char)}%3B"


def _without_tracking(search: str) -> str:
    """Return a query without its tracking parameters; "" if nothing else is in it."""
    parameters = search.removeprefix("?").split("&")
    rest = "&".join(part for part in parameters if not _TRACKING.fullmatch(part.partition("=")[0]))
    return f"?{rest}" if rest else ""


def origin(url: str) -> str:
    """Return scheme, host and port ("https://example.org") of a canonical URL."""
    return str(ada_url.URL(url).origin)


def host_port(url: str) -> tuple[str, int]:
    """Return host (without brackets) and port of a canonical URL."""
    parsed = ada_url.URL(url)
    return parsed.hostname.strip("[]"), int(parsed.port or _PORTS[parsed.protocol])


def path_of(url: str) -> str:
    """Return the path of a canonical URL, percent-decoded."""
    return unquote(ada_url.URL(url).pathname)


def path_of_folder(url: str) -> str:
    """Return the path of a canonical URL as `path_of` does, without the name of a folder's own page.

    It is "/special/" for "https://clinic.example/special/index.html".
    """
    return _INDEX.sub("/", path_of(url))


def unescaped(url: str) -> str:
    """Return a URL with its percent escapes decoded: for comparing, never for fetching."""
    return unquote(url)


def folder_of(url: str) -> str:
    """Return the path of the folder that a canonical URL lies in.

    It is "/blog/" for "https://clinic.example/blog/low-back-pain/".
    """
    return path_of(url).rstrip("/").rpartition("/")[0] + "/"


def is_loopback(host: str) -> bool:
    """Whether a host name or IP literal names this machine."""
    return host in ("localhost", "::1") or bool(re.fullmatch(r"127(?:\.\d{1,3}){3}", host))


def same_site(first: str, second: str) -> bool:
    """Whether two canonical URLs belong to one site.

    They do if their hosts are the same apart from "www.", and their ports apart from http and https.
    """
    return _site_key(first) == _site_key(second)


def _site_key(url: str) -> tuple[str, int]:
    host, port = host_port(url)
    return host.removeprefix("www."), 0 if port in (80, 443) else port


class Scope:
    """The URLs that belong to a crawl.

    They have the same registrable domain as the start ("clinic.example" with all below it), and the owner's
    globs allow them and do not deny them. A glob is matched against path and query; `*` stands for any
    characters. An IP address, or a name without a known public suffix, counts as a domain of its own.
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
        """Whether a URL belongs to the site, whatever the globs say."""
        host, port = _site_key(url)
        return port == self._port and (host == self._domain or host.endswith(self._below))

    def refusal(self, url: str) -> str | None:
        """Return why a canonical URL must not be fetched; None if it may be."""
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
    """Whether a URL is one of the targets, or below one that ends with "/" or "*"."""
    return any(
        url.startswith(target.removesuffix("*")) if target.endswith(("/", "*")) else _is_same(url, target)
        for target in targets
    )


def _is_same(url: str, target: str) -> bool:
    """Whether a URL is a target, also one as `canonical` spelled it before it left the query as it is."""
    if "?" not in target:
        return url == target
    path, _, query = url.partition("?")
    return target in (url, f"{url}?", f"{path}?{urlencode(parse_qsl(query, keep_blank_values=True))}")


def _registrable(host: str) -> str:
    """Return the registrable domain of a host name; "" if it has none.

    It is found by the Public Suffix List that is shipped with tldextract.
    """
    return _public_suffixes().extract_str(host).top_domain_under_public_suffix


@cache
def _public_suffixes() -> TLDExtract:
    """Load the Public Suffix List, once per process: it takes 20 ms."""
    from tldextract import TLDExtract  # imported late: it loads requests, which parsing does not need

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def glob(pattern: str) -> re.Pattern[str]:
    """Compile an owner's glob, to be matched against a whole text; `*` stands for any characters."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def trap(url: str) -> str | None:
    """Return why a canonical URL is not worth fetching; None if it is worth it."""
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
