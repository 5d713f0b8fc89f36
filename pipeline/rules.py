"""The owner's extraction rules for one site: CSS selectors that Beautiful Soup applies before lxml parses."""

from __future__ import annotations

import re
from dataclasses import dataclass

import soupsieve
from bs4 import BeautifulSoup
from bs4.element import Tag

from .override import Override

__all__ = ["CHOSEN", "NO_RULES", "Ruled", "SiteRules", "apply", "selector_problem"]


@dataclass(frozen=True, slots=True)
class SiteRules:
    """CSS selectors and limits; where one is None or (), clinicdex decides itself."""

    content: str | None = None  # the element that holds the article
    remove: tuple[str, ...] = ()  # every match is removed before extraction
    author: str | None = None
    date: str | None = None
    topics: str | None = None  # every match is one topic
    language: tuple[str, ...] = ()  # ISO 639-1 codes to keep; empty keeps all
    kinds: tuple[str, ...] = ("article",)  # kinds of pages that are kept (kind.py)
    exclude: tuple[re.Pattern[str], ...] = ()  # matched against path and query
    accounts: tuple[str, ...] = ()  # names that sign articles but are not people
    not_accounts: tuple[str, ...] = ()  # people who were taken for accounts
    title_affixes: tuple[str, ...] = ()  # parts of page titles that name the site
    keep_repeated: tuple[str, ...] = ()  # texts that appear on many pages and belong to each
    keywords: bool | None = None  # whether keywords are topics; None: as learned
    overrides: tuple[tuple[str, Override], ...] = ()  # canonical URL -> override of that article

    @property
    def selects(self) -> bool:
        """Whether any selector is set, so that the page must go through Beautiful Soup."""
        return bool(self.content or self.remove or self.author or self.date or self.topics)

    def override(self, *addresses: str) -> Override | None:
        """Return the owner's override of the article that has one of these URLs; None if there is none."""
        return next((override for url, override in self.overrides if url in addresses), None)


NO_RULES = SiteRules()
CHOSEN = "data-clinicdex-content"  # attribute that `apply` sets on the element chosen by `content`


def selector_problem(*selectors: str | None) -> str | None:
    """Return which selector is not valid CSS, and why; None if all are valid."""
    for selector in filter(None, selectors):
        try:
            soupsieve.compile(selector)
        except soupsieve.SelectorSyntaxError as error:
            return f"{selector!r} is not a CSS selector ({str(error).splitlines()[0]})"
    return None


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules found on a page; None and () where a rule is not set or does not match."""

    markup: str  # the chosen element carries the attribute CHOSEN
    author: str | None = None
    date: str | None = None
    topics: tuple[str, ...] = ()


def apply(markup: str, rules: SiteRules) -> Ruled:
    """Apply the selectors to a page; without selectors, the markup is returned unchanged."""
    if not rules.selects:
        return Ruled(markup)
    soup = BeautifulSoup(markup, "lxml")
    author = _text(soup, rules.author)
    date = _date(soup, rules.date)
    topics = tuple(_folded(tag) for tag in soup.select(rules.topics)) if rules.topics else ()
    for selector in rules.remove:
        for tag in soup.select(selector):
            tag.decompose()
    chosen = soup.select_one(rules.content) if rules.content else None
    if chosen:
        chosen[CHOSEN] = ""
    return Ruled(str(soup), author, date, tuple(filter(None, topics)))


def _text(soup: BeautifulSoup, selector: str | None) -> str | None:
    tag = soup.select_one(selector) if selector else None
    return (_folded(tag) or None) if tag else None


def _date(soup: BeautifulSoup, selector: str | None) -> str | None:
    tag = soup.select_one(selector) if selector else None
    return str(tag.get("datetime") or tag.get("content") or _folded(tag)) if tag else None


def _folded(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
