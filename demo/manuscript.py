"""A manuscript: one content file of a demo site, `key: value` lines, a line `---`, then an HTML fragment.

A key may be repeated on several lines; it then has several values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

__all__ = ["Manuscript", "parse", "shelf"]


@dataclass(frozen=True, slots=True)
class Manuscript:
    slug: str  # the file's name without its ending
    head: Mapping[str, tuple[str, ...]]  # values in the order of the file
    body: str  # an HTML fragment, without the title

    def all(self, key: str) -> tuple[str, ...]:
        """Return every value of `key`; an empty tuple if it has none."""
        return self.head.get(key, ())

    def one(self, key: str, default: str = "") -> str:
        """Return the first value of `key`, or `default` if it has none."""
        return next(iter(self.all(key)), default)


def parse(slug: str, text: str) -> Manuscript:
    """Parse a content file, which is split at its `---` line."""
    lines, _, body = text.partition("\n---\n")
    head: dict[str, tuple[str, ...]] = {}
    for line in lines.splitlines():
        key, _, value = line.partition(": ")
        head[key] = (*head.get(key, ()), value)
    return Manuscript(slug, head, body.strip())


def shelf(site: str, folder: str) -> list[Manuscript]:
    """Read every manuscript of one folder, sorted by file name."""
    files = (resources.files(__package__) / site / folder).iterdir()
    named = sorted((file.name, file) for file in files if file.name.endswith(".html"))
    return [parse(name.removesuffix(".html"), file.read_text("utf-8")) for name, file in named]
