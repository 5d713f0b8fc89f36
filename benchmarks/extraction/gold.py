"""The evaluation data as plain values: public gold sets and the clinic pages, in one format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from clinicdex import urls

__all__ = [
    "FOLDS", "INDEPENDENT", "WHOLE_SITES", "Example", "examples", "fold_of", "lines",
    "page_of_site",
]  # fmt: skip

FOLDS = 5
# Made by people or reviewed publisher parsers; the other sets hold the approved output of one of the peers.
INDEPENDENT = (
    "scrapinghub",
    "wcxb",
    "cleaneval",
    "cleanportaleval",
    "dragnet",
    "l3s_gn1",
    "daniel",
    "fundus",
    "chinese",
)

WHOLE_SITES = ("clinic", "languages")  # sets of sites that are held with all their pages


@dataclass(frozen=True, slots=True)
class Example:
    """One page with what is known about it; fields that the set does not have keep their defaults."""

    set: str
    id: str
    group: str  # pages of one group share a domain and are never on both sides of a split
    site: str  # pages with the same value are learned as one site if there are enough; "" is no site
    url: str
    file: Path
    text: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)  # the set's own record

    def markup(self) -> bytes:
        """Read the page."""
        return self.file.read_bytes()

    def fold(self) -> int:
        """Return the number of the fold that this example's group is in, 0 to FOLDS - 1."""
        return fold_of(self.group)


def fold_of(group: str) -> int:
    """Return the number of the fold that a group is in, 0 to FOLDS - 1."""
    return int(hashlib.sha1(group.encode()).hexdigest(), 16) % FOLDS


def examples(gold: Path, *names: str) -> Iterator[Example]:
    """Yield the pages of the named sets; those of WHOLE_SITES name gold articles."""
    for name in names:
        if name in WHOLE_SITES:
            for record in lines(gold / name / "gold.jsonl"):
                yield replace(page_of_site(gold, name, record["path"]), text=record["text"], fields=record)
        else:
            yield from _public(gold / "extraction" / name, name)


def _public(folder: Path, name: str) -> Iterator[Example]:
    for record in lines(folder / "gold.jsonl"):
        domain = record.get("domain") or record["id"]
        url = urls.canonical(record.get("url") or "") or "http://unknown.example/a-page"
        site = domain if record.get("domain") and domain not in _HOSTERS else ""
        yield Example(
            name,
            record["id"],
            f"{domain}",
            site,
            url,
            folder / record["file"],
            record.get("text") or None,
            record,
        )


_HOSTERS = frozenset(("blogspot.com", "typepad.com", "wordpress.com"))  # one domain, many sites


def page_of_site(gold: Path, name: str, path: str) -> Example:
    """Return a page of a site that is held whole, with no gold; `path` as in its manifest."""
    site, _, rest = path.removeprefix("sites/").partition("/")
    url = f"http://{site}.example/{rest.removesuffix('index.html')}"
    return Example(name, path, site, site, url, gold / name / path)


def lines(file: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in file.open(encoding="utf-8")]
