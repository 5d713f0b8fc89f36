"""Files that ship with the search box: scripts, style sheet, OpenAPI description, WordPress plugin."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

__all__ = ["asset", "text_of"]


def asset(*path: str) -> Traversable:
    """Return a file or folder of this package."""
    return resources.files(__package__).joinpath(*path)


def text_of(name: str) -> str:
    """Return the text of a file of this package."""
    return asset(name).read_text(encoding="utf-8")
