"""The public API as a user types it; mypy checks this file, nothing runs it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import clinicdex


def read(html: str) -> str:
    extracted = clinicdex.extract(html, "https://clinic.example/post")
    if isinstance(extracted, clinicdex.Rejection):
        return extracted.reason.value
    return ", ".join(person.name for person in extracted.authors)


def search(words: str) -> list[str]:
    with clinicdex.open_index("whoosh+file:///index") as index:
        hits: tuple[clinicdex.Hit, ...] = index.search(words, topic="Exercise", size=5).hits
        return [f"{hit.article.title} {hit.score:.1f}" for hit in hits]


def found(words: str) -> tuple[int, str | None, dict[str, tuple[clinicdex.Facet, ...]]]:
    with clinicdex.open_index(Path("articles")) as index:
        results: clinicdex.Results = index.search(words, since=date(2024, 1, 1), sort="recent", facets=True)
        suggested: list[str] = index.suggest(words[:3], most=5)
        return results.total + len(suggested), results.cursor, results.facets


def like(url: str) -> list[clinicdex.Hit]:
    with clinicdex.open_index("articles") as index:
        article: clinicdex.Article | None = index.at(url)
        again = index.get(article.id) if article else None
        return index.more_like(again.id, most=3) if again else []


def titles() -> list[str]:
    try:
        with clinicdex.open_index("articles") as index:
            return [article.title for article in index.articles()]
    except clinicdex.IndexMissing:
        return []


def collect(url: str) -> int | None:
    def progress(now: clinicdex.Progress) -> None:
        assert now

    try:
        summary: clinicdex.Summary = clinicdex.crawl(url, data="articles", max_pages=5, progress=progress)
    except (clinicdex.ConfigError, clinicdex.SiteError):
        return None
    return summary.articles
