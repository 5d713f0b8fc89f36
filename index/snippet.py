"""The part of a text that best shows why it was found, with the matching words highlighted by offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..records import SnippetLimits

__all__ = ["WIDTH", "Snippet", "cut"]

WIDTH = 240  # characters; chosen by hand


@dataclass(frozen=True, slots=True)
class Snippet:
    """A snippet: plain text, never markup, and what is highlighted in it."""

    text: str
    highlights: tuple[tuple[int, int], ...] = ()  # start and end in `text`, in order, not overlapping

    def parts(self) -> Iterator[tuple[str, bool]]:
        """Yield the text in parts, each with whether it is highlighted."""
        position = 0
        for start, end in self.highlights:
            yield self.text[position:start], False
            yield self.text[start:end], True
            position = end
        yield self.text[position:], False


def cut(
    text: str, matches: Sequence[tuple[int, int, str]], limits: SnippetLimits, width: int = WIDTH
) -> Snippet:
    """Cut out the first window of about `width` characters that contains the most different query terms.

    `matches` are (start, end, term) of every occurrence of a query term, in order. `limits` may forbid a
    snippet or shorten it.
    """
    if limits.nosnippet:
        return Snippet("")
    width = min(width, limits.max_snippet) if limits.max_snippet is not None else width
    start = _best_start(matches, width)
    begin = _word_start(text, max(0, start - width // 6)) if start else 0
    end = len(text) if begin + width >= len(text) else text.rfind(" ", begin, begin + width)
    end = end if end > begin else min(len(text), begin + width)
    lead, tail = ("… " if begin else ""), (" …" if end < len(text) else "")
    body = text[begin:end].replace("\n", " ")
    shift = len(lead) - begin
    highlights = tuple((s + shift, e + shift) for s, e, _ in matches if begin <= s and e <= end)
    return Snippet(lead + body + tail, highlights)


def _best_start(matches: Sequence[tuple[int, int, str]], width: int) -> int:
    best, most, first = 0, 0, 0
    for last, (_, end, _) in enumerate(matches):
        while first < last and end - matches[first][0] > width:
            first += 1
        distinct = len({term for _, _, term in matches[first : last + 1]})
        if distinct > most:
            best, most = matches[first][0], distinct
    return best


def _word_start(text: str, position: int) -> int:
    while position > 0 and not text[position - 1].isspace():
        position -= 1
    return position
