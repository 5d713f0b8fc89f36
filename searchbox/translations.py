"""What the search page and the search box say, in six languages (translations.json, the one place for both)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

__all__ = ["all_words", "spoken"]


def all_words() -> dict[str, dict[str, str]]:
    """Give the texts by language (ISO 639-1) and name; `{n}`, `{q}`, `{source}` and `{people}` in them are filled in."""
    read: dict[str, dict[str, str]] = json.loads(
        resources.files(__package__).joinpath("translations.json").read_text(encoding="utf-8")
    )
    return read


def spoken(accepted: str, known: Mapping[str, object]) -> str:
    """Choose a language by an Accept-Language header (RFC 9110, 12.5.4); English if it names none that is known."""
    wishes = []
    for place, part in enumerate(accepted.split(",")[:20]):
        name, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        wishes.append((-weight, place, name.strip().partition("-")[0].lower()))
    return next((name for weight, _, name in sorted(wishes) if name in known and weight < 0), "en")
