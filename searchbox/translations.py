"""Texts of the search page and the search box in six languages; both read them from translations.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

__all__ = ["all_words", "spoken"]


def all_words() -> dict[str, dict[str, str]]:
    """Return the texts by language (ISO 639-1) and name.

    The placeholders `{n}`, `{q}`, `{source}` and `{people}` are left for the caller to fill in.
    """
    texts: dict[str, dict[str, str]] = json.loads(
        resources.files(__package__).joinpath("translations.json").read_text(encoding="utf-8")
    )
    return texts


def spoken(accepted: str, known: Mapping[str, object]) -> str:
    """Return the language that an Accept-Language header prefers (RFC 9110, 12.5.4).

    English if the header names no known language.
    """
    wishes = []
    for position, part in enumerate(accepted.split(",")[:20]):
        name, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        wishes.append((-weight, position, name.strip().partition("-")[0].lower()))
    return next((name for weight, _, name in sorted(wishes) if name in known and weight < 0), "en")
