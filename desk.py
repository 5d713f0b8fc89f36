"""Read single pages for people: from a file, an address or stdin; one by one, or a batch of lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from . import urls
from .article import Article, Page, Rejection, to_record
from .config import Config
from .errors import ConfigError, SiteError
from .pipeline import render, trained
from .pipeline.read import Context, Reading, examine, examine_text, observe, read, unreadable
from .pipeline.site import Notes, SiteModel, learn
from .vocabulary import concepts
from .worker import Failure, Worker

__all__ = ["Shown", "batch", "read_sources", "shown"]

_BATCH = 32  # pages handed to the reading process at once
_NOWHERE = "http://localhost/a-page"  # the address of a page that came without one


@dataclass(frozen=True, slots=True)
class Shown:
    """What to print, and what to say beside it."""

    text: str
    is_article: bool
    note: str = ""


def read_sources(sources: Iterable[str], url: str | None, config: Callable[[], Config]) -> Iterator[tuple[str, Reading]]:
    """Read pages from "-", http(s) addresses or files. `config` is asked only for an address."""
    context = _context()
    for source in sources:
        yield source, _read(source, url, config, context)


def _context() -> Context:
    return Context("", concepts.load(), trained.load())


def _at(context: Context, address: str) -> Context:
    """Name the site by its host."""
    return replace(context, site=urls.host_port(address)[0])


def _read(source: str, url: str | None, config: Callable[[], Config], context: Context) -> Reading:
    if source.startswith(("http://", "https://")):
        page = _fetched(source, config())
    else:
        body, address = _bytes(source), _address(url)
        if not _is_markup(body):
            return examine_text(body.decode("utf-8", "replace"), context, url or "")
        page = _page(body, address)
    return examine(page, _at(context, page.url))


def _page(body: bytes, address: str) -> Page:
    return Page(address, address, 200, datetime.now(UTC), (), body)


def _address(url: str | None) -> str:
    found = urls.canonical(url) if url else _NOWHERE
    if found is None:
        raise ConfigError(f"{url!r} is no web address; write https://…")
    return found


def _bytes(source: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot read {source!r}: {getattr(error, 'strerror', None) or error}; check the path") from error


def _is_markup(body: bytes) -> bool:
    head = body[:2000].lower()
    return any(mark in head for mark in (b"<!doctype", b"<html", b"<head", b"<body", b"<div", b"<p>", b"<article", b"<meta"))


def _fetched(source: str, config: Config) -> Page:
    """Fetch one page through the crawler, so that robots.txt and the guard stand before it."""
    from .fetching import fetch_one

    page = fetch_one(_address(source), config).page
    if page is None:
        raise SiteError(f"{source}: the page could not be fetched; see the log in {config.data_dir / 'logs'}")
    return page


def shown(reading: Reading, shape: str, source: str) -> Shown:
    """Put a reading into the shape asked for: json, text, markdown or html."""
    outcome = reading.outcome
    if isinstance(outcome, Rejection):
        text = json.dumps({"url": outcome.url, "rejected": outcome.reason, "detail": outcome.detail}, ensure_ascii=False) if shape == "json" else ""
        return Shown(text, False, f"{source}: no article: {outcome.reason} ({outcome.detail})")
    kept = reading.judgement.kept if reading.judgement else []
    if shape == "json":
        return Shown(json.dumps(to_record(outcome), ensure_ascii=False, indent=2), True)
    if shape == "markdown":
        return Shown(render.markdown(kept, outcome.url or _NOWHERE, outcome.title), True)
    if shape == "html":
        return Shown(render.html(kept, outcome.url or _NOWHERE), True)
    return Shown(f"{outcome.title}\n\n{outcome.text}", True)


def batch(lines: Iterable[tuple[int, Any]], *, same_site: bool, force: bool) -> Iterator[dict[str, Any]]:
    """Read many pages, in order: an article's record, or why it is none. `force` makes an article of each anyway.

    With `same_site` all pages are taken as one site, whose model is learned before any is read. The reading is supervised: a
    page that takes too long or too much memory is a Rejection, and the others go on.
    """
    pages: Iterable[Page] = (_batch_page(number, line) for number, line in lines)
    with Worker(_BatchJob) as worker:
        model = SiteModel()
        if same_site:
            pages = list(pages)
            worker.prepare(None)
            model = learn(note for note in worker.work(pages) if isinstance(note, Notes))
        worker.prepare((model, force))
        for some in _batches(pages):
            for page, found in zip(some, worker.work(some), strict=True):
                reading = unreadable(page, found.detail) if isinstance(found, Failure) else found
                assert isinstance(reading, Reading)
                yield _record(reading, page)


class _BatchJob:
    """What the reading process does: it notes what pages show of their site, or reads them."""

    def __init__(self) -> None:
        self._context = _context()
        self._reads = False

    def prepare(self, setup: tuple[SiteModel, bool] | None) -> None:
        """Take the model of the site and whether to force; without them pages are only observed."""
        self._reads = setup is not None
        if setup:
            self._context = replace(self._context, model=setup[0], force=setup[1])

    def do(self, item: Page) -> Reading | Notes | None:
        """Read or observe one page."""
        return read(item, _at(self._context, item.url)) if self._reads else observe(item, self._context)


def _batches(pages: Iterable[Page]) -> Iterator[list[Page]]:
    iterator = iter(pages)
    while some := list(islice(iterator, _BATCH)):
        yield some


def _batch_page(number: int, line: Any) -> Page:
    fits = isinstance(line, dict) and ("path" in line or "html" in line)
    if not fits or not all(isinstance(line.get(name, ""), str) for name in ("path", "html", "url")):
        raise ConfigError(f'line {number} needs {{"path": "…"}} or {{"html": "…"}}, and "url"')
    body = _bytes(str(line["path"])) if "path" in line else str(line["html"]).encode("utf-8", "replace")
    return _page(body, _address(line.get("url")))


def _record(reading: Reading, page: Page) -> dict[str, Any]:
    """Give the record of an article, of a forced one with the reason it would be none, or of a Rejection."""
    refused = reading.outcome if isinstance(reading.outcome, Rejection) else reading.refused
    why = {"url": page.url, "rejected": refused.reason.value, "detail": refused.detail} if refused else {}
    return {**to_record(reading.outcome), **why} if isinstance(reading.outcome, Article) else why
