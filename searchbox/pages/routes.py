"""Handlers for people and their browsers.

They serve the search page, the same results as data and as a feed, suggestions, related articles, and the
search box.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...index.engine import Reader, Results
from ...index.query import Query
from ...index.synonyms import Synonyms
from ...index.topic_tree import Branch, grown
from ..assets import text_of
from ..http.executor import SearchExecutor
from ..http.problem import Problem
from ..http.responses import PROTECTING, answer, body_of, json_answer
from ..query_log import QueryLog
from ..settings import Settings
from ..translations import all_words, spoken
from ..widget import code
from . import rss
from .answer import SearchAnswer, find, hits_record, record
from .html import SearchPage
from .params import given, link, query_of
from .topics import distinct

__all__ = ["PageRoutes"]

_FILE_AGE = "max-age=3600"  # seconds (chosen by hand)
_LONGEST = 100  # characters of a prefix to complete (chosen by hand)
_LONGEST_ADDRESS = 2_000  # characters of a URL or a reported query (chosen by hand)
_SUGGESTIONS = "application/x-suggestions+json"


class PageRoutes:
    """Handlers for the requests of people and their browsers."""

    def __init__(self, executor: SearchExecutor, settings: Settings) -> None:
        self._executor, self._settings = executor, settings
        self._words = all_words()
        self._vocabulary = Synonyms()
        self._searches = QueryLog(settings.searches, clicks=settings.clicks)
        self._code = code()
        self._files = {name: text_of(name) for name in ("clinicdex.css", "openapi.json")}

    def routes(self) -> list[Route]:
        """Return the routes of the search page and its data."""
        return [
            Route("/", self.page),
            Route("/search", self.page),
            Route("/search.json", self.data),
            Route("/search.rss", self.rss),
            Route("/suggest", self.suggest),
            Route("/more-like", self.more_like),
            Route("/searches", self.searched, methods=["POST"]),
            Route("/health", self.health),
            Route("/opensearch.xml", self.description),
            Route("/openapi.json", self.openapi),
            Route("/clinicdex-search.js", self.script),
            Route("/clinicdex.css", self.style),
            Route("/favicon.ico", self.icon),
        ]

    def _spoken(self, request: Request) -> tuple[str, Mapping[str, str]]:
        language = spoken(request.headers.get("accept-language", ""), self._words)
        return language, self._words[language]

    def _notice(self, words: Mapping[str, str]) -> str | None:
        own = self._settings.notice
        return None if own == "off" else own or words["notice"]

    async def _found(
        self, params: Mapping[str, str], *, suggesting: bool = False
    ) -> tuple[SearchAnswer, tuple[Branch, ...]]:
        query, text = query_of(params), params.get("q", "")

        def ask(reader: Reader) -> tuple[SearchAnswer, tuple[Branch, ...]]:
            result = find(reader, text, query, self._settings.pins, suggesting=suggesting)
            return result, grown(
                distinct(result.results.facets["topic"]), self._vocabulary.wider, result.results.total
            )

        return await self._executor.ask(ask)

    async def page(self, request: Request) -> Response:
        """Return the search page."""
        now = given(request.query_params)
        language, words = self._spoken(request)
        result, topics = await self._found(now) if now else (None, ())
        if result and result.query.offset == 0 and not _is_same_query(request, result.text):
            self._searches.note(result.text, result.results.total, _today())
        drawn = SearchPage(words, language, now).drawn(
            result, topics, self._notice(words), self._settings.no_results_link
        )
        return _by_language(answer(request, drawn, "text/html"))

    async def data(self, request: Request) -> Response:
        """Return a page of results as JSON; with `typing=1`, also completions of the query."""
        params = request.query_params
        result, _ = await self._found(params, suggesting=params.get("typing") == "1")
        notice = self._notice(self._spoken(request)[1])
        return _by_language(
            json_answer(request, record(result, notice, self._settings.no_results_link, self._settings.noted))
        )

    async def rss(self, request: Request) -> Response:
        """Return a page of results as an RSS feed."""
        now = given(request.query_params)
        result, _ = await self._found(now)
        url = f"{_base(request)}{link(now)}"
        return answer(
            request,
            rss.rss(f"{now.get('q', '')} – clinicdex", url, result.results.hits),
            "application/rss+xml",
        )

    async def suggest(self, request: Request) -> Response:
        """Return completions of a prefix; with `format=opensearch`, in the form that browsers read."""
        text = request.query_params.get("q", "")[:_LONGEST]
        entries = await self._executor.ask(lambda reader: reader.suggest(text))
        if request.query_params.get("format") == "opensearch":
            return answer(request, json.dumps([text, entries], ensure_ascii=False), _SUGGESTIONS)
        return json_answer(request, {"suggestions": entries})

    async def more_like(self, request: Request) -> Response:
        """Return articles related to the one at a URL: as a page for a browser, else as JSON."""
        url = request.query_params.get("url", "")
        if not url or len(url) > _LONGEST_ADDRESS:
            raise Problem(400, "url must be the URL of an article", "bad_parameter")

        def ask(reader: Reader) -> SearchAnswer | None:
            article = reader.at(url)
            if article is None:
                return None
            hits = tuple(reader.more_like(article.id))
            return SearchAnswer(article.title, Query(), Results(len(hits), hits), like=article)

        result = await self._executor.ask(ask)
        if result is None:
            raise Problem(404, f"there is no article at {url}")
        language, words = self._spoken(request)
        if "text/html" not in request.headers.get("accept", ""):
            return _by_accepted(json_answer(request, {"hits": hits_record(result.results.hits)}))
        drawn = SearchPage(words, language, {}).drawn(result, (), self._notice(words), None)
        return _by_accepted(answer(request, drawn, "text/html"))

    async def searched(self, request: Request) -> Response:
        """Log what a search box reports: a finished search {"q"}, or the result chosen from it {"q", "url"}.

        A URL that is not in the index is ignored.
        """
        body = await body_of(request)
        text, url = (body.get("q"), body.get("url")) if isinstance(body, dict) else (None, None)
        if (
            not isinstance(text, str)
            or not isinstance(url, str | None)
            or len(text) > _LONGEST_ADDRESS
            or len(url or "") > _LONGEST_ADDRESS
        ):
            raise Problem(400, 'the body must be {"q": "…"} or {"q": "…", "url": "…"}', "bad_request")
        query = query_of({"q": text})
        known, total = await self._executor.ask(
            lambda reader: (url is None or reader.at(url) is not None, reader.search(query).total)
        )
        if known:
            self._searches.note(text, total, _today(), url)
        return Response(status_code=204)

    async def health(self, request: Request) -> Response:
        """Report that searches can be answered; 503 if they cannot."""
        await self._executor.ask(lambda reader: reader.stamp())
        return json_answer(request, {"status": "available"})

    async def description(self, request: Request) -> Response:
        """Return the OpenSearch description, from which browsers learn how to search here."""
        return answer(
            request, rss.description("clinicdex", _base(request)), "application/opensearchdescription+xml"
        )

    async def openapi(self, request: Request) -> Response:
        """Return the OpenAPI description of the API."""
        return answer(request, self._files["openapi.json"], "application/json")

    async def script(self, request: Request) -> Response:
        """Return the search box's JavaScript."""
        return answer(request, self._code, "text/javascript", caching=_FILE_AGE)

    async def style(self, request: Request) -> Response:
        """Return the style sheet of the search page."""
        return answer(request, self._files["clinicdex.css"], "text/css", caching=_FILE_AGE)

    async def icon(self, request: Request) -> Response:
        """Return 204: there is no icon, but browsers request one unprompted."""
        return Response(status_code=204, headers=PROTECTING | {"Cache-Control": _FILE_AGE})


def _is_same_query(request: Request, text: str) -> bool:
    """Whether the request is not a new search.

    That is so if a program wants only the headers (HEAD), or if a visitor sorts or narrows the results of the
    same query on one of our pages (Referer).
    """
    try:
        before = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        before = urlsplit("")
    return request.method == "HEAD" or (
        before.netloc == request.url.netloc and text in parse_qs(before.query).get("q", ())
    )


def _by_language(response: Response) -> Response:
    response.headers["Vary"] = "Accept-Language"
    return response


def _by_accepted(response: Response) -> Response:
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _today() -> date:
    return datetime.now(UTC).date()
