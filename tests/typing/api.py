"""The public API as a user types it; checked by mypy, never run."""

from __future__ import annotations

import clinicdex


def read(html: str) -> str:
    found = clinicdex.extract(html, "https://clinic.example/post")
    if isinstance(found, clinicdex.Rejection):
        return found.reason.value
    return ", ".join(person.name for person in found.authors)


def search(words: str) -> list[str]:
    with clinicdex.open_index("whoosh+file:///index") as index:
        hits: tuple[clinicdex.Hit, ...] = index.search(words, topic="Exercise", size=5).hits
        return [f"{hit.article.title} {hit.score:.1f}" for hit in hits]
