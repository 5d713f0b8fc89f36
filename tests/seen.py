"""What a test sees of a house."""

from __future__ import annotations

from clinicdex import flow

__all__ = ["titles"]


def titles(house: flow.House) -> list[str]:
    return [found.title for found in house.catalogue.articles.all("faux")]
