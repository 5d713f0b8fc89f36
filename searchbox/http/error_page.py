"""Error responses: a page in the visitor's language for a browser, the body of problem.py for a program."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from ..pages.html import SearchPage
from ..translations import all_words, spoken
from .problem import Problem
from .responses import PROTECTING, problem_answer

__all__ = ["ErrorPages"]

# HTTP status -> names of the texts on the page; see `_page` for the others
_SAID = {404: ("gone",), 429: ("pace",)}
# Paths that only programs request. Some programs accept HTML because their library does (Java's
# URLConnection).
_FOR_PROGRAMS = re.compile(r"^/(?:indexes|multi-search|suggest|searches|health|version)\b|\.\w+$")


class ErrorPages:
    """Builds error responses; one object serves all requests."""

    def __init__(self) -> None:
        self._words = all_words()

    def answer(self, request: Request, problem: Problem) -> Response:
        """Return the response for a problem, with the same status and headers for browsers and programs."""
        if "text/html" not in request.headers.get("accept", "") or _FOR_PROGRAMS.search(request.url.path):
            return problem_answer(problem)
        return Response(
            self._page(request, problem).encode("utf-8", "replace"),
            problem.status,
            PROTECTING | problem.headers(),
            "text/html",
        )

    def _page(self, request: Request, problem: Problem) -> str:
        """Return the page: the form with the query, and why there is no answer.

        Details are not shown for server errors: they do not concern the visitor.
        """
        language = spoken(request.headers.get("accept-language", ""), self._words)
        words = self._words[language]
        names = _SAID.get(problem.status, ("refused",) if problem.status < 500 else ("down", "later"))
        detail = problem.message if names == ("refused",) else ""
        return SearchPage(words, language, {"q": request.query_params.get("q", "")}).refusal(
            " ".join(words[name] for name in names), detail
        )
