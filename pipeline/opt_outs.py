"""Uses of a text that its publisher reserves: training of models, text and data mining.

They are read, kept in the article's record and shown; whoever exports articles for models must ask for them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from .. import urls
from ..records import Page
from ..robots_tags import AGENT
from .parsed_page import ParsedPage

__all__ = ["SiteOptOuts", "of_page"]

_OF_ROBOTS = ("noai", "noimageai")  # DeviantArt, 2022; also used by other publishers
_RESERVED = "tdm-reservation"  # W3C TDM Reservation Protocol: header, meta tag and tdmrep.json
_SIGNAL = re.compile(r"\s*content-signal\s*:\s*(/\S*\s+)?(.+)", re.IGNORECASE)  # contentsignals.org
_AGENT = re.compile(r"\s*user-agent\s*:\s*(\S*)", re.IGNORECASE)
_MOST = 1_000  # rules of a file (chosen by hand)


@dataclass(frozen=True, slots=True)
class SiteOptOuts:
    """What the files of a site reserve, for all of it or for some paths. Empty: nothing."""

    rules: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (pattern of paths, uses that are reserved)

    @classmethod
    def from_files(cls, robots: str, tdmrep: str) -> SiteOptOuts:
        """Parse the texts of a robots.txt and of a /.well-known/tdmrep.json; "" if there is none."""
        return cls((*_of_robots(robots), *_of_tdmrep(tdmrep)))

    def of(self, url: str) -> tuple[str, ...]:
        """Return the uses that are reserved for a canonical URL."""
        path = urls.path_of(url)
        return tuple(use for pattern, uses in self.rules if _matches(pattern, path) for use in uses)


def of_page(page: Page, parsed_page: ParsedPage, rules: Iterable[str], site: SiteOptOuts) -> tuple[str, ...]:
    """Return the uses that are reserved for a page, sorted; `rules` are its robots rules."""
    found = {rule for rule in rules if rule in _OF_ROBOTS} | set(site.of(page.final_url))
    said = [page.header(_RESERVED), *parsed_page.meta.get(_RESERVED, ())]
    if any(value.strip() == "1" for value in said):
        found.add(_RESERVED)
    elif any(value.strip() == "0" for value in said):
        found.discard(_RESERVED)  # a page overrides the file of its site
    return tuple(sorted(found))


def _of_robots(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the Content-Signals with the value "no" of the groups that are for us or for all."""
    found: list[tuple[str, tuple[str, ...]]] = []
    agents: set[str] = set()
    in_agents = False
    for line in text.splitlines()[: 10 * _MOST]:
        agent, signal = _AGENT.match(line), _SIGNAL.match(line)
        if agent:
            agents = agents if in_agents else set()
            agents.add(agent[1].lower())
        elif signal and agents & {"*", AGENT}:
            uses = (part.split("=") for part in signal[2].split(","))
            refused = tuple(
                f"{name.strip().lower()}=no"
                for name, *value in uses
                if value and value[0].strip().lower() == "no"
            )
            found += [((signal[1] or "/").strip(), refused)] if refused else []
        in_agents = agent is not None
    return found[:_MOST]


def _of_tdmrep(text: str) -> list[tuple[str, tuple[str, ...]]]:
    try:
        entries: Any = json.loads(text.lstrip("\ufeff")) if text else []
    except (ValueError, RecursionError):
        return []
    found: list[tuple[str, tuple[str, ...]]] = []
    for entry in entries[:_MOST] if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("location"), str):
            is_reserved = str(entry.get(_RESERVED)) == "1"
            found.append((entry["location"], (_RESERVED,) if is_reserved else ()))
    return found


def _matches(pattern: str, path: str) -> bool:
    """Whether a path matches a pattern as robots.txt has them: "*" is anything, a final "$" the end."""
    parts = unquote(pattern).removesuffix("$").split("*")
    if not path.startswith(parts[0]):
        return False
    at = len(parts[0])
    for part in parts[1:]:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return not pattern.endswith("$") or at == len(path) or parts[-1] == ""
