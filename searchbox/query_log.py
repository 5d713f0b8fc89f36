"""Log what is searched for, but not by whom: one line per search, without IP address, cookie or time of day.

A line is {"day", "q", "total"}. A line that also has "url" records which result was chosen. Anything that
looks like an e-mail address or a long number is masked, because people paste such things into search boxes.
The file is bounded: a full one is renamed to `.1`, which replaces the previous `.1`.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

__all__ = ["QueryLog", "SearchReport", "logs", "tally"]

_LONGEST = 100  # characters of a query that are logged (chosen by hand)
_MOST_BYTES = 10_000_000  # of a log file before it is renamed (chosen by hand)
_MAIL = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"\d[\d\s./-]{4,}\d")  # a telephone or patient number, a date of birth


class QueryLog:
    """Appends searches to the log file; with path None nothing is logged."""

    def __init__(self, path: Path | None, *, clicks: bool) -> None:
        self._path = path
        self._clicks = clicks
        self._lock = threading.Lock()

    def note(self, text: str, total: int, day: date, url: str | None = None) -> None:
        """Append a search, or, with `url`, the result of it that was chosen.

        Chosen results are logged only if the owner wants that (`clicks`). If the file cannot be written, the
        line is lost without an error: the search itself must not fail.
        """
        if self._path is None or (url and not self._clicks) or not text.strip():
            return
        masked = " ".join(_NUMBER.sub("#", _MAIL.sub("@", text)).casefold().split())[:_LONGEST]
        entry: dict[str, Any] = {"day": day.isoformat(), "q": masked, "total": total} | (
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
            path.replace(_former(path))
        with path.open("ab") as file:
            file.write(line)


def _former(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")


def logs(path: Path) -> tuple[Path, ...]:
    """Return those that exist of the log before and the log at `path`, the older one first."""
    return tuple(log for log in (_former(path), path) if log.exists())


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReport:
    """What was searched for and chosen. The lists are (text, times), most frequent first."""

    since: str | None  # first day, ISO 8601
    until: str | None  # last day
    searches: int
    popular: tuple[tuple[str, int], ...]  # queries
    without_result: tuple[tuple[str, int], ...]  # queries whose latest search had no result
    chosen: tuple[tuple[str, int], ...]  # URLs of results

    def to_record(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "since": self.since,
            "until": self.until,
            "searches": self.searches,
            "popular": [{"q": text, "count": count} for text, count in self.popular],
            "without_result": [{"q": text, "count": count} for text, count in self.without_result],
            "chosen": [{"url": url, "count": count} for url, count in self.chosen],
        }


def tally(paths: Iterable[Path], most: int) -> SearchReport:
    """Count the logged searches: the days they span, and the most frequent queries and chosen results.

    Each list has at most `most` entries. A query that finds something now is no longer without a result.
    """
    queries, chosen, last, days = Counter[str](), Counter[str](), dict[str, int](), set[str]()
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
            queries[line["q"]] += 1
            last[line["q"]] = line["total"]
    missing = Counter({query: count for query, count in queries.items() if not last[query]})
    return SearchReport(
        since=min(days, default=None),
        until=max(days, default=None),
        searches=queries.total(),
        popular=_first(queries, most),
        without_result=_first(missing, most),
        chosen=_first(chosen, most),
    )


def _lines(path: Path) -> Iterator[Any]:
    """Yield the values of a log file; skip lines that do not parse, such as half a line left by a crash."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            with suppress(ValueError, RecursionError):
                yield json.loads(line)


def _first(counts: Counter[str], most: int) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:most])
