"""The public API as a user types it; mypy checks this file, nothing runs it."""

from __future__ import annotations

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
