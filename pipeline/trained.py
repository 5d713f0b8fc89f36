"""The models learned from pages with known main content, loaded from the shipped file.

Only `benchmarks/extraction/train.py` writes the file. It is JSON, so that people can read and compare it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .features import FEATURES
from .forest import Forest
from .lexicon import Lexicon

__all__ = ["Trained"]


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """The trained models that judge a page."""

    lexicon: Lexicon
    content: Forest  # rows of `features.measure` -> log-odds of being main content
    kinds: Forest  # rows of `kind.measure` -> a score for each of kind.KINDS; one tree for each in turn

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Trained:
        """Rebuild the models from the file's values; ValueError if they were trained for other features."""
        if tuple(record["features"]) != FEATURES:
            raise ValueError("trained for other features; run benchmarks/extraction/train.py")
        content, kinds = Forest.from_record(record["content"]), Forest.from_record(record["kinds"])
        return cls(Lexicon(record["classes"], record["texts"]), content, kinds)
