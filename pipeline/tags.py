"""The topics that a publisher gives its own article.

Signals, most trusted first, with the number of right/wrong labels measured on clinic sites: WordPress post
classes 149/1, rel=tag inside the article 59/0, JSON-LD articleSection 42/5, article:section 22/4. The topics
that WordPress's list of posts gives for a post are the same as its classes.

Keywords (meta 0/73, JSON-LD 2/43) are local search-engine phrases on clinic sites, but the newsroom's own
topics on news sites (720/279, 485/175). They are used if the page calls itself news, or if the site's pages
show that their keywords are about the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

import lxml.etree

from . import metadata, tag_rows
from .blocks import Block
from .parsed_page import ParsedPage, text_of
from .tag_words import NO_TOPICS

__all__ = ["folded", "given", "keywords"]

_MOST = 12  # labels of one source; a page with more is stuffed with keywords; chosen by hand
_POST_CLASS = re.compile(r"^(?:category|tag|post_tag|portfolio_category)-(.+)$")
_POST = re.compile(r"\b(?:hentry|type-\w+|post-\d+)\b")
_NOT_WORD = re.compile(r"[\W_]+")
_KEYWORDS = ("news_keywords", "keywords", "article:tag", "parsely-tags", "sailthru.tags")
_LONGEST = 60  # characters of a label; chosen by hand
_JOINED = re.compile(r"\s*[,;|·•、，]\s*|\s+/\s+|\s+(?=#)")


def folded(label: str) -> str:
    """Fold a label for comparison: case, accents, white space and punctuation are ignored."""
    letters = unicodedata.normalize("NFKD", label.casefold())
    return _NOT_WORD.sub("", "".join(c for c in letters if not unicodedata.combining(c)))


_NO_TOPICS = frozenset(folded(label) for label in NO_TOPICS)


def given(
    parsed_page: ParsedPage,
    blocks: Sequence[Block],
    around: Sequence[Block],
    kept: Sequence[Block],
    *,
    keywords_trusted: bool,
    others: Collection[str] = (),
) -> list[str]:
    """Return the publisher's labels of the page, each once, spelled as in a link if one shows the label.

    `blocks` are those of the page, `around` those about the article, `kept` those of its text. Names of the
    site, and `others`, such as the authors, are no topics.
    """
    shown = [*_linked(parsed_page, kept[0].element if kept else None), *tag_rows.labels(blocks, around, kept)]
    spelled = {folded(label): label for label in reversed(shown)}
    labels = [
        spelled.get(folded(slug), slug.replace("-", " ").title()) for slug in _post_classes(parsed_page)
    ]
    labels += shown
    labels += parsed_page.hints.topics
    if keywords_trusted or metadata.is_news(parsed_page):
        labels += keywords(parsed_page)
    elif not labels:
        labels = [
            text
            for node in metadata.articles(parsed_page)
            for text in metadata.strings(node.get("articleSection"))
        ]
        labels += parsed_page.meta.get("article:section", ())
    names = {folded(name) for name in (*metadata.site_names(parsed_page), *others)}
    topics: dict[str, str] = {}
    for label in (part.strip(" #") for joined in labels for part in _JOINED.split(joined)):
        key = folded(label)
        if key and key not in names and key not in _NO_TOPICS:
            topics.setdefault(key, label)
    return list(topics.values())


def keywords(parsed_page: ParsedPage) -> list[str]:
    """Return the labels of JSON-LD and meta keywords, at most _MOST of each source."""
    sources = [
        _split(list(metadata.strings(node.get("keywords")))) for node in metadata.articles(parsed_page)
    ]
    sources += [_split(parsed_page.meta.get(name, [])) for name in _KEYWORDS]
    return list(dict.fromkeys(label for labels in sources for label in labels[:_MOST]))


def _split(values: list[str]) -> list[str]:
    labels = [label.strip() for value in values for label in re.split(r"[,;]", value)]
    return [label for label in labels if label and len(label) <= _LONGEST]


def _post_classes(parsed_page: ParsedPage) -> Iterator[str]:
    """Yield the topics in the classes of the post's own element, the first such element on the page.

    The classes look like "category-back-pain tag-stretching".
    """
    posts = (
        names
        for e in parsed_page.root.iter("article", "div", "section")
        if "hentry" in (names := e.get("class", "")) and _POST.search(names)
    )
    for name in next(posts, "").split():
        match = _POST_CLASS.match(name)
        if match and not match[1].isdigit():
            yield match[1]


def _linked(parsed_page: ParsedPage, region: lxml.etree._Element | None) -> Iterator[str]:
    """Yield the labels of rel=tag links near the article.

    Those in sidebars and related posts belong to other pages.
    """
    holder = (
        next((e for e in region.iterancestors("article", "main")), region)
        if region is not None
        else parsed_page.root
    )
    for link in (holder if holder is not None else parsed_page.root).iter("a"):
        if "tag" in link.get("rel", "").lower().split() and not any(
            "cloud" in e.get("class", "") for e in link.iterancestors()
        ):
            label = " ".join(text_of(link).split()).lstrip("#")
            if label:
                yield label
