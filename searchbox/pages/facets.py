"""The facets that narrow the results of the search page.

They are kept short, with the rest behind <details>, which needs no JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from ...index.engine import Facet
from ...index.topic_tree import Branch
from .answer import SearchAnswer
from .params import link

__all__ = ["Facets"]

_LISTED = ("author", "site", "year", "language")  # in addition to the topics
# chosen by hand
_MOST_VALUES = 8  # of a facet
_MOST_BELOW = 4  # topics below a topic
_LEVELS = 2  # of topics; choosing a topic shows what is below it
_SHORT = 10  # topics; a tree of at most so many is shown whole


class Facets:
    """Draws the facets in one language; `now` holds the parameters of the page's URL."""

    def __init__(self, words: Mapping[str, str], now: Mapping[str, str]) -> None:
        self._words, self._now = words, now

    def drawn(self, answer: SearchAnswer, topics: Sequence[Branch]) -> str:
        """Return the facets as HTML; empty if nothing narrows the results.

        They are folded; the style sheet unfolds them where there is room.
        """
        parts = [f"<h2>{escape(self._words['topic'])}</h2>{self._topics(answer, topics)}"] if topics else []
        for name in _LISTED:
            values = answer.results.facets.get(name, ())
            if len(values) > 1:
                parts.append(
                    f"<h2>{escape(self._words[name])}</h2>"
                    f"<ul>{''.join(self._value(name, facet) for facet in values[:_MOST_VALUES])}</ul>"
                )
        narrow = escape(self._words["narrow"])
        return (
            f'<details class="facets"><summary>{narrow}</summary><nav '
            f'aria-label="{narrow}">{"".join(parts)}</nav></details>'
            if parts
            else ""
        )

    def _topics(self, answer: SearchAnswer, topics: Sequence[Branch]) -> str:
        tree = self._tree(topics[:_MOST_VALUES])
        if _is_short(topics):
            return tree
        first = answer.about or tuple(Facet(branch.topic, branch.count) for branch in topics)
        values = "".join(self._value("topic", facet) for facet in first[:_MOST_VALUES])
        return f"<ul>{values}</ul><details><summary>{escape(self._words['every'])}</summary>{tree}</details>"

    def _value(self, name: str, facet: Facet, below: str = "") -> str:
        day = {"since": f"{facet.value}-01-01", "until": f"{facet.value}-12-31"}
        changed: dict[str, str | None] = {**day} if name == "year" else {name: facet.value}
        url = escape(link(self._now, changed))
        # &nbsp; so that a count never stands alone on a line
        return f'<li><a href="{url}">{escape(facet.value)}</a>&nbsp;<small>{facet.count}</small>{below}</li>'

    def _tree(self, branches: Iterable[Branch], level: int = 1) -> str:
        items = (
            self._value(
                "topic",
                Facet(branch.topic, branch.count),
                self._tree(branch.below[:_MOST_BELOW], level + 1) if level < _LEVELS else "",
            )
            for branch in branches
        )
        drawn = "".join(items)
        return f"<ul>{drawn}</ul>" if drawn else ""


def _is_short(branches: Sequence[Branch]) -> bool:
    below = [child for branch in branches for child in branch.below]
    return len(branches) + len(below) <= _SHORT and not any(child.below for child in below)
