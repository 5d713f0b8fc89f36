"""The answers for people and their browsers: the search page, the same as data and as a feed, suggestions, related articles, the search box."""

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

_FILE_AGE = "max-age=3600"
_LONGEST = 100  # characters of what is completed
_LONGEST_ADDRESS = 2_000
_SUGGESTIONS = "application/x-suggestions+json"


class PageRoutes:
    """The answers to people."""

    def __init__(self, executor: SearchExecutor, settings: Settings) -> None:
        self._executor, self._settings = executor, settings
        self._words = all_words()
        self._vocabulary = Synonyms()
        self._searches = QueryLog(settings.searches, clicks=settings.clicks)
        self._code = code()
        self._files = {name: text_of(name) for name in ("clinicdex.css", "openapi.json")}

    def routes(self) -> list[Route]:
        """Give the addresses."""
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
            found = find(reader, text, query, self._settings.pins, suggesting=suggesting)
            return found, grown(
                distinct(found.results.facets["topic"]), self._vocabulary.wider, found.results.total
            )

        return await self._executor.ask(ask)

    async def page(self, request: Request) -> Response:
        """Draw the search page."""
        now = given(request.query_params)
        language, words = self._spoken(request)
        found, topics = await self._found(now) if now else (None, ())
        if found and found.query.offset == 0 and not _is_same_question(request, found.text):
            self._searches.note(found.text, found.results.total, _today())
        drawn = SearchPage(words, language, now).drawn(
            found, topics, self._notice(words), self._settings.no_results_link
        )
        return _by_language(answer(request, drawn, "text/html"))

    async def data(self, request: Request) -> Response:
        """Give a page of results as data; with `typing=1` with what completes the question."""
        params = request.query_params
        found, _ = await self._found(params, suggesting=params.get("typing") == "1")
        notice = self._notice(self._spoken(request)[1])
        return _by_language(
            json_answer(request, record(found, notice, self._settings.no_results_link, self._settings.noted))
        )

    async def rss(self, request: Request) -> Response:
        """Give a page of results as a feed."""
        now = given(request.query_params)
        found, _ = await self._found(now)
        address = f"{_base(request)}{link(now)}"
        return answer(
            request,
            rss.rss(f"{now.get('q', '')} – clinicdex", address, found.results.hits),
            "application/rss+xml",
        )

    async def suggest(self, request: Request) -> Response:
        """Complete what is being typed; as browsers want it with `format=opensearch`."""
        text = request.query_params.get("q", "")[:_LONGEST]
        entries = await self._executor.ask(lambda reader: reader.suggest(text))
        if request.query_params.get("format") == "opensearch":
            return answer(request, json.dumps([text, entries], ensure_ascii=False), _SUGGESTIONS)
        return json_answer(request, {"suggestions": entries})

    async def more_like(self, request: Request) -> Response:
        """Find articles about the same as the one at an address: as a page for a browser, else as data."""
        url = request.query_params.get("url", "")
        if not url or len(url) > _LONGEST_ADDRESS:
            raise Problem(400, "url must be the address of an article", "bad_parameter")

        def ask(reader: Reader) -> SearchAnswer | None:
            article = reader.at(url)
            if article is None:
                return None
            hits = tuple(reader.more_like(article.id))
            return SearchAnswer(article.title, Query(), Results(len(hits), hits), like=article)

        found = await self._executor.ask(ask)
        if found is None:
            raise Problem(404, f"there is no article at {url}")
        language, words = self._spoken(request)
        if "text/html" not in request.headers.get("accept", ""):
            return _by_accepted(json_answer(request, {"hits": hits_record(found.results.hits)}))
        drawn = SearchPage(words, language, {}).drawn(found, (), self._notice(words), None)
        return _by_accepted(answer(request, drawn, "text/html"))

    async def searched(self, request: Request) -> Response:
        """Take note of a search that a search box settled on, and of the result that was chosen: {"q"} or {"q", "url"}."""
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
        """Tell whether searches can be answered; 503 if not."""
        await self._executor.ask(lambda reader: reader.stamp())
        return json_answer(request, {"status": "available"})

    async def description(self, request: Request) -> Response:
        """Tell browsers how to search here."""
        return answer(
            request, rss.description("clinicdex", _base(request)), "application/opensearchdescription+xml"
        )

    async def openapi(self, request: Request) -> Response:
        """Describe these addresses for programs."""
        return answer(request, self._files["openapi.json"], "application/json")

    async def script(self, request: Request) -> Response:
        """Give the search box."""
        return answer(request, self._code, "text/javascript", caching=_FILE_AGE)

    async def style(self, request: Request) -> Response:
        """Give the looks of the search page."""
        return answer(request, self._files["clinicdex.css"], "text/css", caching=_FILE_AGE)

    async def icon(self, request: Request) -> Response:
        """Tell browsers, which ask for it by themselves, that there is none."""
        return Response(status_code=204, headers=PROTECTING | {"Cache-Control": _FILE_AGE})


def _is_same_question(request: Request, text: str) -> bool:
    """Tell whether nobody asks anew: a program wants the headers, or a reader of a page of ours sorts or narrows the results that it shows."""
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
