"""The topics a publisher gives its own article.

Signals, most trusted first, as measured on clinic sites (right/wrong): WordPress post classes 149/1, rel=tag inside the article
59/0, JSON-LD articleSection 42/5, article:section 22/4. What WordPress lists for a post is the same as its classes. Keywords (meta 0/73, JSON-LD 2/43) are local search-engine phrases
there, but the desk's own topics on news sites (720/279, 485/175): they are read where the page calls itself news, or where the
site's pages show that theirs are about the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.etree

from . import metadata
from .document import Document, text_of

__all__ = ["folded", "given", "keywords"]

_MOST = 12  # labels; a page that gives more is stuffed
_POST_CLASS = re.compile(r"^(?:category|tag|post_tag|portfolio_category)-(.+)$")
_POST = re.compile(r"\b(?:hentry|type-\w+|post-\d+)\b")
_NOT_TOPICS = frozenset(
    (
        "uncategorized uncategorised blog news articles article posts post general featured all "
        "home other allgemein sincategoria nachrichten archive"
    ).split()
)
_NOT_WORD = re.compile(r"[\W_]+")
_KEYWORDS = ("news_keywords", "keywords", "article:tag", "parsely-tags", "sailthru.tags")
_LONGEST = 60  # characters of a label


def folded(label: str) -> str:
    """Fold a label for comparing: blind to case, white space and punctuation."""
    return _NOT_WORD.sub("", label.casefold())


def given(document: Document, region: lxml.etree._Element | None, *, keywords_trusted: bool) -> list[str]:
    """Give the labels the publisher put on the page, spelled as shown where a link shows them; each once."""
    linked = list(_linked(document, region))
    spelled = {folded(label): label for label in linked}
    labels = [spelled.get(folded(slug), slug.replace("-", " ").title()) for slug in _post_classes(document)]
    labels += linked
    labels += document.hints.topics
    if keywords_trusted or metadata.is_news(document):
        labels += keywords(document)
    elif not labels:
        labels = [
            text
            for node in metadata.articles(document)
            for text in metadata.strings(node.get("articleSection"))
        ]
        labels += document.meta.get("article:section", ())
    kept = {
        folded(label): label
        for label in reversed(labels)
        if folded(label) and folded(label) not in _NOT_TOPICS
    }
    return list(reversed(list(kept.values())))


def keywords(document: Document) -> list[str]:
    """Give the labels of JSON-LD and meta keywords, at most _MOST of each source."""
    found = [_split(list(metadata.strings(node.get("keywords")))) for node in metadata.articles(document)]
    found += [_split(document.meta.get(name, [])) for name in _KEYWORDS]
    return list(dict.fromkeys(label for labels in found for label in labels[:_MOST]))


def _split(values: list[str]) -> list[str]:
    labels = [label.strip() for value in values for label in re.split(r"[,;]", value)]
    return [label for label in labels if label and len(label) <= _LONGEST]


def _post_classes(document: Document) -> Iterator[str]:
    """Read "category-back-pain tag-stretching" from the post's own element, the first on the page."""
    posts = (
        names
        for e in document.root.iter("article", "div", "section")
        if "hentry" in (names := e.get("class", "")) and _POST.search(names)
    )
    for name in next(posts, "").split():
        match = _POST_CLASS.match(name)
        if match and not match[1].isdigit():
            yield match[1]


def _linked(document: Document, region: lxml.etree._Element | None) -> Iterator[str]:
    """Read rel=tag links near the article: those of sidebars and related posts belong to other pages."""
    holder = (
        next((e for e in region.iterancestors("article", "main")), region)
        if region is not None
        else document.root
    )
    for link in (holder if holder is not None else document.root).iter("a"):
        if "tag" in link.get("rel", "").lower().split() and not any(
            "cloud" in e.get("class", "") for e in link.iterancestors()
        ):
            label = " ".join(text_of(link).split()).lstrip("#")
            if label:
                yield label
