"""Which elements a page hides: by an attribute, by its own style, or for screen readers only."""

from __future__ import annotations

import re

import lxml.etree

__all__ = ["hides", "is_hidden", "is_permalink", "rules_that_hide"]

_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_HIDES = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_CLASS = re.compile(r"(?:^|\s)(?:span|i|b|em|small|strong)?\.([\w-]+)$")
_PERMALINKS = frozenset(("¶", "#", "§", "🔗", "⚓", "\uf0c1"))
_LONGEST_STYLE = 200_000  # characters of a page's own style that are read; chosen by hand
# Classes with which frameworks hide words from the eye: WordPress, Bootstrap, Tailwind, Foundation, HTML5
# Boilerplate, Drupal
_FOR_SCREEN_READERS = frozenset(
    (
        "screen-reader-text sr-only visually-hidden visuallyhidden show-for-sr element-invisible "
        "screenreader-only screen-reader-only a11y-hidden assistive-text u-visually-hidden hidden-text"
    ).split()
)


def hides(style: str) -> bool:
    """Whether declarations such as those of a style attribute hide their element."""
    return bool(_HIDES.search(style))


def rules_that_hide(root: lxml.etree._Element) -> frozenset[str]:
    """Return the class names that the page's own <style> elements hide, whatever the width of the window."""
    names: set[str] = set()
    for style in root.iter("style"):
        text = (style.text or "")[:_LONGEST_STYLE]
        if style.get("media", "all") not in ("all", "screen") or ":" not in text:
            continue
        for selectors, declarations in _RULE.findall(_outside_at_rules(text)):
            if hides(declarations):
                found = (_CLASS.search(selector.strip()) for selector in selectors.split(","))
                names.update(match[1] for match in found if match)
    return frozenset(names)


def is_hidden(element: lxml.etree._Element, hiding: frozenset[str]) -> bool:
    """Whether an inline element is not shown; `hiding` are the classes that the page's style hides."""
    attributes = element.attrib
    if "hidden" in attributes or ("style" in attributes and hides(str(attributes["style"]))):
        return True
    names = attributes.get("class", "").split() if "class" in attributes else []
    return any(name in hiding or name in _FOR_SCREEN_READERS for name in names)


def is_permalink(element: lxml.etree._Element) -> bool:
    """Whether an element is the sign of a link to a heading, such as Sphinx's pilcrow."""
    return (
        element.tag == "a"
        and element.get("href", "").startswith("#")
        and len(element) == 0
        and (element.text or "").strip() in _PERMALINKS
    )


def _outside_at_rules(style: str) -> str:
    """Return a style sheet without the rules inside @media, @print and their like."""
    pieces, depth, start, inside_from = [], 0, 0, -1
    for match in re.finditer(r"[{}]", style):
        if match[0] == "{":
            if depth == 0 and "@" in style[start : match.start()]:
                pieces.append(style[start : style.rfind("@", start, match.start())])
                inside_from = match.start()
            depth += 1
        else:
            depth = max(0, depth - 1)
            if depth == 0:
                if inside_from < 0:
                    pieces.append(style[start : match.end()])
                start, inside_from = match.end(), -1
    return "".join(pieces)
