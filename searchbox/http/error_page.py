"""What comes in place of an answer: a page in the visitor's language for a browser, the body of problem.py for a program."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from ..pages.html import SearchPage
from ..translations import all_words, spoken
from .problem import Problem
from .responses import PROTECTING, problem_answer

__all__ = ["ErrorPages"]

_SAID = {404: ("gone",), 429: ("pace",)}
# Some programs accept HTML because their library says so (Java's URLConnection does); at these addresses only they ask
_FOR_PROGRAMS = re.compile(r"^/(?:indexes|multi-search|suggest|searches|health|version)\b|\.\w+$")


class ErrorPages:
    """The same for all requests."""

    def __init__(self) -> None:
        self._words = all_words()

    def answer(self, request: Request, problem: Problem) -> Response:
        """Say what went wrong, with the same status and headers to either."""
        if "text/html" not in request.headers.get("accept", "") or _FOR_PROGRAMS.search(request.url.path):
            return problem_answer(problem)
        return Response(
            self._page(request, problem).encode("utf-8", "replace"),
            problem.status,
            PROTECTING | problem.headers(),
            "text/html",
        )

    def _page(self, request: Request, problem: Problem) -> str:
        """Draw the form with the question, and why there is no answer; an error of ours is no visitor's business."""
        language = spoken(request.headers.get("accept-language", ""), self._words)
        words = self._words[language]
        said = _SAID.get(problem.status, ("refused",) if problem.status < 500 else ("down", "later"))
        detail = problem.message if said == ("refused",) else ""
        return SearchPage(words, language, {"q": request.query_params.get("q", "")}).refusal(
            " ".join(words[name] for name in said), detail
        )
