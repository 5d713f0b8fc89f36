"""What is searched for, without who: one line a search in a file of its own, without address, cookie or time of day.

A line is {"day", "q", "total"}, and with "url" the result that was chosen. What looks like a mail address or a long number is masked, for people
paste such things into search boxes. The file is bounded; a full one becomes `.1`, and that one goes.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

__all__ = ["QueryLog", "tally"]

_LONGEST = 100  # characters of a question
_MOST_BYTES = 10_000_000
_MAIL = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"\d[\d\s./-]{4,}\d")  # of a telephone, a patient, a day of birth


class QueryLog:
    """The file; None keeps nothing."""

    def __init__(self, path: Path | None, *, clicks: bool) -> None:
        self._path = path
        self._clicks = clicks
        self._lock = threading.Lock()

    def note(self, text: str, total: int, day: date, url: str | None = None) -> None:
        """Append a search, or which of its results was chosen if the owner wants to know. A full disk loses the line, never the search."""
        if self._path is None or (url and not self._clicks) or not text.strip():
            return
        said = " ".join(_NUMBER.sub("#", _MAIL.sub("@", text)).casefold().split())[:_LONGEST]
        entry: dict[str, Any] = {"day": day.isoformat(), "q": said, "total": total} | (
            {"url": url} if url else {}
        )
        line = (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", "replace")
        try:
            with self._lock:
                self._append(self._path, line)
        except OSError:
            return

    def _append(self, path: Path, line: bytes) -> None:
        if path.exists() and path.stat().st_size > _MOST_BYTES:
            path.replace(path.with_name(path.name + ".1"))
        with path.open("ab") as file:
            file.write(line)


def tally(paths: Iterable[Path], most: int) -> dict[str, Any]:
    """Count what was noted: the days it spans, and the most frequent questions, questions without result, and chosen results.

    `without_result` goes by the last time a question was asked: what is found by now is no longer missing.
    """
    asked, chosen, last, days = Counter[str](), Counter[str](), dict[str, int](), set[str]()
    for line in (line for path in paths for line in _lines(path)):
        if (
            not isinstance(line, dict)
            or not isinstance(line.get("q"), str)
            or not isinstance(line.get("total"), int)
        ):
            continue
        days.add(str(line.get("day")))
        if isinstance(line.get("url"), str):
            chosen[line["url"]] += 1
        else:
            asked[line["q"]] += 1
            last[line["q"]] = line["total"]
    missing = Counter({question: count for question, count in asked.items() if not last[question]})
    return {
        "since": min(days, default=None),
        "until": max(days, default=None),
        "searches": asked.total(),
        "popular": _first(asked, "q", most),
        "without_result": _first(missing, "q", most),
        "chosen": _first(chosen, "url", most),
    }


def _lines(path: Path) -> Iterator[Any]:
    """Read a file as far as it can be: a line may be half if the machine stopped."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            with suppress(ValueError):
                yield json.loads(line)


def _first(counts: Counter[str], name: str, most: int) -> list[dict[str, Any]]:
    return [
        {name: value, "count": count}
        for value, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:most]
    ]
