"""Results as an RSS 2.0 feed, and the description that lets browsers search here (OpenSearch 1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time
from email.utils import format_datetime
from xml.etree import ElementTree

from ...index.engine import Hit
from ...records import Article

__all__ = ["description", "rss"]

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"


def rss(title: str, page_url: str, hits: Iterable[Hit]) -> bytes:
    """Return a feed of results as XML; `page_url` is that of the search page."""
    feed = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(feed, "channel")
    for name, text in (("title", title), ("link", page_url), ("description", title)):
        _add(channel, name, text)
    for hit in hits:
        _item(channel, hit.article, hit.snippet.text)
    return _whole(feed)


def _item(channel: ElementTree.Element, article: Article, snippet: str) -> None:
    item = ElementTree.SubElement(channel, "item")
    _add(item, "title", article.title)
    if article.url.startswith(("http://", "https://")):
        _add(item, "link", article.url)
    _add(item, "guid", article.id).set("isPermaLink", "false")
    _add(item, "description", snippet)
    for topic in article.topics:
        _add(item, "category", topic.label)
    if article.published:
        _add(item, "pubDate", format_datetime(datetime.combine(article.published, time(), UTC)))


def description(name: str, base: str) -> bytes:
    """Return the OpenSearch description as XML; `base` is the server's own URL without a trailing slash."""
    whole = ElementTree.Element("OpenSearchDescription", xmlns=_OPENSEARCH)
    _add(whole, "ShortName", name[:16])
    _add(whole, "Description", name)
    _add(whole, "InputEncoding", "UTF-8")
    for type_, template in (
        ("text/html", "/search?q={searchTerms}&page={startPage?}"),
        ("application/rss+xml", "/search.rss?q={searchTerms}"),
        ("application/x-suggestions+json", "/suggest?q={searchTerms}&format=opensearch"),
    ):
        ElementTree.SubElement(whole, "Url", type=type_, template=base + template)
    return _whole(whole)


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = _NOT_XML.sub("", text)
    return element


def _whole(root: ElementTree.Element) -> bytes:
    whole: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return whole
