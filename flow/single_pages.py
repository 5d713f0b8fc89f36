"""Extracts single pages on request: from a file, a URL or stdin, one by one or as a batch of lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from .. import urls
from ..config import Config, url_of
from ..errors import ConfigError, SiteError
from ..pipeline import render
from ..pipeline.decode import decode
from ..pipeline.extract import Context, Extraction, examine, extract, observe, unreadable
from ..pipeline.extract_text import examine_text
from ..pipeline.media_type import sniff
from ..pipeline.site import Notes, SiteModel, learn
from ..records import Article, Page, Reason, Rejection, to_record
from .shipped import shipped_context
from .worker import Failure, Worker

__all__ = ["batch", "examine_sources", "extract_html", "rendered"]

_BATCH = 32  # pages sent to the extraction process at once (chosen by hand)
_NOWHERE = "http://localhost/a-page"  # the URL of a page that came without one
_MARKUP = ("<!doctype", "<html", "<head", "<body", "<div", "<p>", "<article", "<meta")
_HEAD = 2_000  # bytes in which markup is looked for (chosen by hand)


def extract_html(html: str | bytes, url: str) -> Article | Rejection:
    """Extract one page of HTML that came from `url`; ConfigError if that is not a URL."""
    body, charset = (html.encode("utf-8", "replace"), "utf-8") if isinstance(html, str) else (html, None)
    page = _page(body, url_of(url), charset)
    return extract(page, _at(shipped_context(), page.url)).outcome


def examine_sources(
    sources: Iterable[str], url: str | None, config: Callable[[], Config]
) -> Iterator[tuple[str, Extraction]]:
    """Extract pages from "-" (stdin), http(s) URLs or files; yield each source with its extraction.

    `config` is called only for a source that is a URL.
    """
    context = shipped_context()
    for source in sources:
        yield source, _examined(source, url, config, context)


def _at(context: Context, url: str) -> Context:
    """Return the context with the site named by the host of a URL."""
    return replace(context, site=urls.host_port(url)[0])


def _examined(source: str, url: str | None, config: Callable[[], Config], context: Context) -> Extraction:
    if source.startswith(("http://", "https://")):
        page = _fetched(source, config())
    else:
        body, page_url = _bytes(source), _url(url)
        if found := sniff(body):
            return Extraction(Rejection(page_url, Reason.NOT_HTML, found))
        text = decode(body[:_HEAD]).lower()
        if not any(mark in text for mark in _MARKUP):
            return examine_text(decode(body), context, url or "")
        page = _page(body, page_url)
    return examine(page, _at(context, page.url))


def _page(body: bytes, url: str, charset: str | None = None) -> Page:
    return Page(url, url, 200, datetime.now(UTC), (), body, charset)


def _url(given: str | None) -> str:
    return url_of(given) if given else _NOWHERE


def _bytes(source: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"cannot read {source!r}: {getattr(error, 'strerror', None) or error}; check the path"
        ) from error


def _fetched(source: str, config: Config) -> Page:
    """Fetch one page through the crawler, so that robots.txt and the address guard apply."""
    from .preview import fetch_one

    page = fetch_one(url_of(source), config)
    if page is None:
        raise SiteError(f"{source}: the page could not be fetched; see the log in {config.folder.logs}")
    return page


def rendered(extraction: Extraction, shape: str) -> str:
    """Return the main content of an extracted article as "text", "markdown" or "html"; "" for a Rejection."""
    article = extraction.outcome
    if isinstance(article, Rejection):
        return ""
    kept = extraction.judgement.kept if extraction.judgement else []
    if shape == "markdown":
        return render.markdown(kept, article.url or _NOWHERE, article.title, extraction.pictures)
    if shape == "html":
        return render.html(kept, article.url or _NOWHERE, extraction.pictures)
    return f"{article.title}\n\n{article.text}"


def batch(lines: Iterable[tuple[int, Any]], *, same_site: bool, force: bool) -> Iterator[dict[str, Any]]:
    """Extract many pages in order; yield each article's record, or why the page is not an article.

    A line that is wrong, or whose value is the ConfigError that says so, gives its number and the error.

    With `force` every page that has text becomes an article anyway. With `same_site` all pages are treated as
    one site, whose model is learned before any page is extracted. The extraction is supervised: a page that
    takes too long or too much memory becomes a Rejection, and the others go on.
    """
    asked: Iterable[Page | _Wrong] = (_asked(number, line) for number, line in lines)
    with Worker(_BatchJob) as worker:
        model = SiteModel()
        if same_site:
            asked = list(asked)
            worker.prepare(None)
            pages = [page for page in asked if isinstance(page, Page)]
            model = learn(note for note in worker.work(pages) if isinstance(note, Notes))
        worker.prepare((model, force))
        for some in _batches(asked):
            results = iter(worker.work([page for page in some if isinstance(page, Page)]))
            for page in some:
                if isinstance(page, _Wrong):
                    yield {"line": page.line, "error": page.error}
                    continue
                result = next(results)
                extraction = unreadable(page, result.detail) if isinstance(result, Failure) else result
                assert isinstance(extraction, Extraction)
                yield _record(extraction, page)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A line of a batch that is no page."""

    line: int  # from 1
    error: str


def _asked(number: int, line: Any) -> Page | _Wrong:
    try:
        return _batch_page(number, line)
    except ConfigError as error:
        return _Wrong(number, str(error))


class _BatchJob:
    """The extraction process's job: observe what pages show of their site, or extract them."""

    def __init__(self) -> None:
        self._context = shipped_context()
        self._extracts = False

    def prepare(self, setup: tuple[SiteModel, bool] | None) -> None:
        """Set the site's model and whether to force articles; with None, pages are only observed."""
        self._extracts = setup is not None
        if setup:
            self._context = replace(self._context, model=setup[0], force=setup[1])

    def do(self, item: Page) -> Extraction | Notes | None:
        """Extract or observe one page."""
        return extract(item, _at(self._context, item.url)) if self._extracts else observe(item, self._context)


def _batches(asked: Iterable[Page | _Wrong]) -> Iterator[list[Page | _Wrong]]:
    iterator = iter(asked)
    while some := list(islice(iterator, _BATCH)):
        yield some


def _batch_page(number: int, line: Any) -> Page:
    if isinstance(line, ConfigError):
        raise line
    fits = isinstance(line, dict) and ("path" in line or "html" in line)
    if not fits or not all(isinstance(line.get(name, ""), str) for name in ("path", "html", "url")):
        raise ConfigError(f'line {number} needs {{"path": "…"}} or {{"html": "…"}}, and "url"')
    body = _bytes(str(line["path"])) if "path" in line else str(line["html"]).encode("utf-8", "replace")
    return _page(body, _url(line.get("url")))


def _record(extraction: Extraction, page: Page) -> dict[str, Any]:
    """Return the record of an article (of a forced one, with the reason against it) or of a Rejection."""
    refused = extraction.outcome if isinstance(extraction.outcome, Rejection) else extraction.refused
    why = {"url": page.url, "rejected": refused.reason.value, "detail": refused.detail} if refused else {}
    return {**to_record(extraction.outcome), **why} if isinstance(extraction.outcome, Article) else why
