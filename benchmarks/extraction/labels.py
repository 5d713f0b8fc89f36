"""Which blocks of a page are in its gold text: what the block scorer is trained on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["labels", "tokens"]

# Letters and digits; CJK, Thai and Burmese characters one by one.
_TOKEN = re.compile(
    r"[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
    r"|[^\W\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+"
)
_LONG = 5  # tokens; a shorter block is labelled only if it continues a labelled neighbour
_CONTAINED = 0.5  # share of a long block's 4-grams that the gold text must hold


def tokens(text: str) -> list[str]:
    """Cut a text into tokens, case kept."""
    return _TOKEN.findall(text.replace("\u00ad", ""))


def labels(texts: Sequence[str], gold: str) -> list[bool]:
    """Return for every block whether the gold text holds it.

    A long block is judged by its 4-grams; a short one is held if it continues a labelled neighbour word for
    word. If a text occurs more often on the page than in the gold text, it is labelled as often as the gold
    text has it, in the largest labelled run first.
    """
    wanted = [token.lower() for token in tokens(gold)]
    grams = {size: set(zip(*(wanted[start:] for start in range(size)), strict=False)) for size in (2, 3, 4)}
    blocks = [[token.lower() for token in tokens(text)] for text in texts]
    marks = [len(block) >= _LONG and _contained(block, grams[4]) for block in blocks]
    for _ in range(3):
        for position, block in enumerate(blocks):
            if block and len(block) < _LONG and not marks[position]:
                marks[position] = _continues(blocks, marks, position, grams)
    return _without_doubles(texts, marks, wanted)


def _contained(block: list[str], grams: set[tuple[str, ...]]) -> bool:
    mine = list(zip(block, block[1:], block[2:], block[3:], strict=False))
    return sum(gram in grams for gram in mine) >= _CONTAINED * len(mine)


def _continues(
    found: list[list[str]], marks: list[bool], place: int, grams: dict[int, set[tuple[str, ...]]]
) -> bool:
    block = found[place]
    before = found[place - 1][-2:] if place and marks[place - 1] else None
    after = found[place + 1][:2] if place + 1 < len(found) and marks[place + 1] else None
    return (before is not None and _known(before + block, grams)) or (
        after is not None and _known(block + after, grams)
    )


def _known(sequence: list[str], grams: dict[int, set[tuple[str, ...]]]) -> bool:
    if len(sequence) < 2:
        return False
    size = min(4, len(sequence))
    return all(
        gram in grams[size] for gram in zip(*(sequence[start:] for start in range(size)), strict=False)
    )


def _without_doubles(texts: Sequence[str], marks: list[bool], wanted: list[str]) -> list[bool]:
    doubled = {
        text
        for text, count in Counter(text for text, mark in zip(texts, marks, strict=True) if mark).items()
        if count > 1
    }
    if not doubled:
        return marks
    runs = _run_lengths(marks)
    joined = " " + " ".join(wanted) + " "
    result = list(marks)
    for text in doubled:
        positions = [position for position, other in enumerate(texts) if other == text and marks[position]]
        times = max(1, joined.count(" " + " ".join(token.lower() for token in tokens(text)) + " "))
        for position in sorted(positions, key=lambda position: (-runs[position], position))[times:]:
            result[position] = False
    return result


def _run_lengths(marks: Sequence[bool]) -> list[int]:
    lengths = [0] * len(marks)
    start = 0
    for position in range(len(marks) + 1):
        if position == len(marks) or not marks[position]:
            for inner in range(start, position):
                lengths[inner] = position - start
            start = position + 1
    return lengths
