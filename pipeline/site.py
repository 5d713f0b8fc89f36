"""What a site's pages have in common, learned from the pages themselves.

`observe` records what one page shows as Notes; `learn` turns the notes of all pages of a site into a
SiteModel. Both are pure functions, and `learn` returns the same model whatever the order of the notes.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import tags
from .blocks import GROUPS, Block, plain
from .own_words import is_own
from .parsed_page import ParsedPage
from .rules import SiteRules

__all__ = ["FEWEST_PAGES", "SEPARATORS", "Notes", "SiteModel", "block_key", "corrected", "learn", "observe"]

FEWEST_PAGES = 5  # a site with fewer distinct pages is not modelled (docs/measurements.md, site-pages)
# The shares below are 0 to 1. They and _REPEATED_LEAST are chosen by hand.
_REPEATED_SHARE = 0.15  # share of a site's pages from which a block counts as repeated
_REPEATED_LEAST = 3  # pages; least number for blocks, affixes, headings, accounts and author boxes alike
_SUFFIX_SHARE = 0.5  # share of the pages whose titles must have the same prefix or suffix
_HEADING_SHARE = 0.3  # share of the pages from which an <h1> names the site, not the page
_ACCOUNT_SHARE = 0.6  # share of the pages with a metadata author from which a name is an account
_PLACE_SHARE = 0.3  # share of the pages from which a box that is called an author's shows the site's authors
_COMMON_LABEL = 0.4  # greatest share of the pages with keywords that may have the same keyword
_SAID = 0.5  # least share of the keywords that must occur in the pages' own texts
# least share of the pages with keywords that share one with another page; chosen by hand
_SHARED_LABELS = 0.2
# least share of a bucket and its middle; the edges are the thresholds of rules (content.py) and their half
_BUCKETS = ((0.6, 0.8), (0.3, 0.45), (_REPEATED_SHARE, 0.2), (1e-9, 0.1))
_AUTHORS = GROUPS["author"] | GROUPS["byline"]
SEPARATORS = re.compile(r"\s+(?:[|·•»«–—-]|::)\s+")


@dataclass(frozen=True, slots=True)
class Notes:
    """What one page shows of its site. Kept small, because it is stored with every page."""

    url: str
    canonical: str | None  # URL, as the page claims
    title: str  # of the <title> element
    headings: tuple[str, ...]  # texts of the <h1> elements
    accounts: tuple[str, ...]  # author names in its metadata
    blocks: frozenset[int]  # keys of its blocks
    places: tuple[str, ...] = ()  # class names of the boxes that are called an author's
    keywords: tuple[str, ...] = ()  # labels of its keywords, folded
    keywords_said: int = 0  # number of its keywords that occur in its own text
    language: str | None = None  # as the page claims, ISO 639-1
    people: tuple[tuple[str, str], ...] = ()  # people whom it defines: (id, name)

    def to_record(self) -> dict[str, Any]:
        """Return the notes as JSON values."""
        return {
            "url": self.url, "canonical": self.canonical, "title": self.title,
            "headings": list(self.headings), "accounts": list(self.accounts),
            "blocks": sorted(self.blocks), "places": list(self.places),
            "keywords": list(self.keywords), "keywords_said": self.keywords_said, "language": self.language,
            "people": [list(person) for person in self.people],
        }  # fmt: skip

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Notes:
        """Rebuild the notes from what `to_record` returned."""
        return cls(
            record["url"], record["canonical"], record["title"], tuple(record["headings"]),
            tuple(record["accounts"]), frozenset(record["blocks"]), tuple(record.get("places", ())),
            tuple(record.get("keywords", ())), record.get("keywords_said", 0), record.get("language"),
            tuple((id_, name) for id_, name in record.get("people", ())),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteModel:
    """What the pages of one site share. The empty model knows nothing and changes nothing."""

    pages: int = 0  # distinct pages it was learned from
    repeated: dict[int, int] = field(default_factory=dict)  # block key -> number of pages that show it
    title_affixes: tuple[str, ...] = ()  # parts of <title> that name the site, in lower case
    site_headings: frozenset[str] = frozenset()  # <h1> texts that name the site, in lower case
    accounts: frozenset[str] = frozenset()  # metadata authors that are accounts, in lower case
    shared_canonicals: frozenset[str] = frozenset()  # canonical URLs claimed by different pages: not trusted
    # class names of the boxes in which the site shows its authors
    author_places: frozenset[str] = frozenset()
    keywords_trusted: bool = False  # whether the keywords of a page are about that page
    languages: tuple[tuple[str, int], ...] = ()  # claimed language -> pages, most frequent first
    people: tuple[tuple[str, str], ...] = ()  # people whom its pages define: (id, name), sorted
    # names that are not people, in lower case; set by the owner, never learned
    nobodies: frozenset[str] = frozenset()

    def share(self, block: Block) -> float:
        """Return the share of the site's pages that show a block, 0 to 1; 0 if it is not repeated."""
        return self.repeated.get(block_key(block.text), 0) / self.pages if self.pages else 0.0

    def shares(self, blocks: Sequence[Block]) -> list[float] | None:
        """Return for every block the share of the site's pages that show it as boilerplate; None for no site.

        The shares are the middles of _BUCKETS, so that one more page of a site does not change them; 0 for a
        block that is the page's own although others have the same words (`own_words.py`).
        """
        if not self.pages:
            return None
        shares = [_bucket(self.share(block)) for block in blocks]
        return [
            0.0 if share and is_own(position, blocks, shares) else share
            for position, share in enumerate(shares)
        ]

    @property
    def version(self) -> str:
        """A hash of what was learned: equal models have equal versions; "" for the empty model."""
        if not self.pages:
            return ""
        digest = hashlib.sha256(repr(sorted(self.to_record().items())).encode())
        return digest.hexdigest()[:12]

    def to_record(self) -> dict[str, Any]:
        """Return the model as JSON values, equal for equal models."""
        return {
            "pages": self.pages, "repeated": sorted(self.repeated.items()),
            "title_affixes": list(self.title_affixes), "site_headings": sorted(self.site_headings),
            "accounts": sorted(self.accounts), "shared_canonicals": sorted(self.shared_canonicals),
            "author_places": sorted(self.author_places), "keywords_trusted": self.keywords_trusted,
            "languages": [list(entry) for entry in self.languages],
            "people": [list(person) for person in self.people],
        }  # fmt: skip

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> SiteModel:
        """Rebuild the model from what `to_record` returned."""
        return cls(
            record["pages"], dict(map(tuple, record["repeated"])), tuple(record["title_affixes"]),
            frozenset(record["site_headings"]), frozenset(record["accounts"]),
            frozenset(record["shared_canonicals"]), frozenset(record.get("author_places", ())),
            record.get("keywords_trusted", False),
            tuple((code, count) for code, count in record.get("languages", ())),
            tuple((id_, name) for id_, name in record.get("people", ())),
        )  # fmt: skip


def _bucket(share: float) -> float:
    return next((middle for least, middle in _BUCKETS if share >= least), 0.0)


def corrected(model: SiteModel, rules: SiteRules) -> SiteModel:
    """Return the model with the owner's rules applied over what was learned."""
    nobodies = frozenset(name.casefold() for name in rules.accounts)
    people = {name.casefold() for name in rules.not_accounts}
    own = {block_key(text) for text in rules.keep_repeated}
    return replace(
        model,
        accounts=(model.accounts | nobodies) - people,
        nobodies=nobodies,
        title_affixes=(*model.title_affixes, *(affix.casefold() for affix in rules.title_affixes)),
        repeated={key: count for key, count in model.repeated.items() if key not in own},
        keywords_trusted=model.keywords_trusted if rules.keywords is None else rules.keywords,
    )


def block_key(text: str) -> int:
    """Return the 63-bit key of a block's text; case, white space and punctuation are ignored."""
    return int.from_bytes(hashlib.blake2b(plain(text).encode(), digest_size=8).digest(), "big") >> 1


def observe(
    parsed_page: ParsedPage,
    blocks: list[Block],
    accounts: tuple[str, ...],
    people: tuple[tuple[str, str], ...] = (),
) -> Notes:
    """Return what one page shows of its site."""
    labels = tuple(dict.fromkeys(filter(None, map(tags.folded, tags.keywords(parsed_page)))))
    return Notes(
        url=parsed_page.url,
        canonical=parsed_page.canonical,
        title=parsed_page.title,
        headings=tuple(block.text for block in blocks if block.tag == "h1"),
        accounts=accounts,
        blocks=frozenset(block_key(block.text) for block in blocks),
        places=tuple(
            dict.fromkeys(
                block.box.names
                for block in blocks
                if block.box and block.box.own & _AUTHORS and block.box.names
            )
        ),
        keywords=labels,
        keywords_said=_said(labels, blocks) if labels else 0,
        language=(parsed_page.language or "").replace("_", "-").split("-")[0].strip().lower() or None,
        people=people,
    )


def _said(labels: Sequence[str], blocks: Sequence[Block]) -> int:
    text = tags.folded("".join(block.text for block in blocks))
    return sum(label in text for label in labels)


def learn(notes: Iterable[Notes]) -> SiteModel:
    """Learn a site from the notes of its pages; the empty model below FEWEST_PAGES distinct pages.

    A page stored under two URLs counts once: otherwise its own text would look like boilerplate.
    """
    all_notes = sorted(notes, key=lambda note: note.url)
    pages = list({(note.title, note.blocks): note for note in all_notes}.values())
    if len(pages) < FEWEST_PAGES:
        return SiteModel()
    least = max(_REPEATED_LEAST, _REPEATED_SHARE * len(pages))
    seen = Counter(key for page in pages for key in page.blocks)
    return SiteModel(
        pages=len(pages),
        repeated={key: count for key, count in seen.items() if count >= least},
        title_affixes=_affixes(pages),
        site_headings=_common((page.headings for page in pages), _HEADING_SHARE * len(pages)),
        accounts=_accounts(pages),
        shared_canonicals=_shared_canonicals(pages),
        author_places=_common((page.places for page in pages), _PLACE_SHARE * len(pages), fold=False),
        keywords_trusted=_keywords_trusted(pages),
        languages=tuple(
            sorted(
                Counter(page.language for page in pages if page.language).items(),
                key=lambda entry: (-entry[1], entry[0]),
            )
        ),
        people=_people(pages),
    )


def _people(pages: Iterable[Notes]) -> tuple[tuple[str, str], ...]:
    """Return the people whom pages define under an id; an id that stands for two names is left out."""
    names: dict[str, set[str]] = {}
    for page in pages:
        for id_, name in page.people:
            names.setdefault(id_, set()).add(name)
    return tuple(sorted((id_, min(given)) for id_, given in names.items() if len(given) == 1))


def _keywords_trusted(pages: list[Notes]) -> bool:
    """Whether keywords differ from page to page, come again, and occur in the pages' own texts.

    Other keywords are phrases for search engines.
    """
    tagged = [page for page in pages if page.keywords]
    counts = Counter(label for page in tagged for label in page.keywords)
    if len(tagged) < FEWEST_PAGES or max(counts.values()) > _COMMON_LABEL * len(tagged):
        return False
    shared = sum(any(counts[label] > 1 for label in page.keywords) for page in tagged)
    if shared < _SHARED_LABELS * len(tagged):
        return False
    return sum(page.keywords_said for page in tagged) >= _SAID * sum(len(page.keywords) for page in tagged)


def _common(groups: Iterable[tuple[str, ...]], least: float, *, fold: bool = True) -> frozenset[str]:
    counts = Counter(
        text for group in groups for text in {entry.casefold() if fold else entry for entry in group}
    )
    return frozenset(text for text, count in counts.items() if count >= max(_REPEATED_LEAST, least))


def _affixes(pages: list[Notes]) -> tuple[str, ...]:
    """Find the parts before the first or after the last separator that most titles share."""
    counts: Counter[str] = Counter()
    for page in pages:
        parts = SEPARATORS.split(page.title.casefold())
        counts.update({parts[0], parts[-1]} if len(parts) > 1 else set())
    least = max(_REPEATED_LEAST, _SUFFIX_SHARE * len(pages))
    return tuple(sorted(part for part, count in counts.items() if part and count >= least))


def _accounts(pages: list[Notes]) -> frozenset[str]:
    signed = [page for page in pages if page.accounts]
    return _common((page.accounts for page in signed), _ACCOUNT_SHARE * len(signed))


def _shared_canonicals(pages: list[Notes]) -> frozenset[str]:
    """Find canonical URLs claimed by pages with different titles: an error in the site's template."""
    titles: dict[str, set[str]] = {}
    for page in pages:
        if page.canonical and page.canonical != page.url:
            titles.setdefault(page.canonical, set()).add(page.title)
    return frozenset(url for url, claimed in titles.items() if len(claimed) > 1)
