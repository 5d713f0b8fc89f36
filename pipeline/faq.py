"""Questions and answers that a page declares (schema.org FAQPage), and the blocks that show them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..records import Answered
from . import metadata
from .blocks import Block, Inside, plain
from .parsed_page import ParsedPage

__all__ = ["answered", "declared", "shown"]

_TAG = re.compile(r"<[^>]*>")
_SHORTEST = 12  # characters of a block that may be part of an answer; chosen by hand
_ELSEWHERE = Inside.NAV | Inside.FOOTER | Inside.FORM
_MOST = 100  # pairs of one page that are read; chosen by hand


def declared(parsed_page: ParsedPage) -> tuple[Answered, ...]:
    """Return the questions and answers in a page's JSON-LD, each once, as plain text."""
    found = dict.fromkeys(pair for node in parsed_page.data for pair in _pairs(node))
    return tuple(found)[:_MOST]


def answered(parsed_page: ParsedPage, text: str) -> tuple[Answered, ...]:
    """Return the declared questions that an article's text holds, with their answers."""
    pairs = declared(parsed_page)
    said = plain(text) if pairs else ""
    return tuple(pair for pair in pairs if plain(pair.question) in said)


def shown(pairs: Sequence[Answered], blocks: Sequence[Block]) -> list[int]:
    """Return the positions of the blocks that are a declared question or a part of its answer."""
    questions = {plain(pair.question) for pair in pairs}
    answers = [plain(pair.answer) for pair in pairs]
    return [
        position
        for position, block in enumerate(blocks)
        if not block.inside & _ELSEWHERE
        and (
            (text := plain(block.text)) in questions
            or (len(text) >= _SHORTEST and any(text in answer for answer in answers))
        )
    ]


def _pairs(node: dict[str, Any]) -> Iterator[Answered]:
    if "question" not in metadata.types(node):
        return
    question = next(metadata.strings(node.get("name")), "")
    answer = node.get("acceptedAnswer")
    answer = answer[0] if isinstance(answer, list) and answer else answer
    text = answer.get("text") if isinstance(answer, dict) else ""
    if question and isinstance(text, str) and text.strip():
        yield Answered(_words(question), _words(text))


def _words(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", html.unescape(text))).split())
