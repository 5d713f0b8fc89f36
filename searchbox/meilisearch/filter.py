"""Parse Meilisearch's filter language into conditions.

    topics = "Back Pain" AND (site = main OR NOT authors IN ["Ann Roe", "Zoë Hill"])
    AND published 1672531200 TO 1704067199

A filter may also be an array: all its parts must match. Of the parts of an array within it, one must match.
`published` is compared in Unix seconds (UTC).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ...index.filters import Both, Condition, Dated, Either, Has, Not
from .document import FILTERABLE, SECONDS_A_DAY, day_of

__all__ = ["BadFilter", "condition"]

_TOKEN = re.compile(
    r"""\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(>=|<=|!=|[()\[\],=<>])|([^\s()\[\],=<>!"']+))"""
)
# limits of a filter, chosen by hand
_LONGEST = 4_000  # characters
_MOST = 200  # conditions
_DEEPEST = 20  # nested parentheses and NOTs
_COMPARED = ("=", "!=", ">", ">=", "<", "<=")
_EPOCH = date(1970, 1, 1).toordinal()


class BadFilter(ValueError):
    """A filter that cannot be parsed; the message says where and why."""


def condition(given: Any) -> Condition | None:
    """Parse a filter: a string, or an array of strings and of arrays of strings.

    None if there is no filter; BadFilter if the value is not a filter.
    """
    if given is None or given in ("", []):
        return None
    budget = _Budget()
    if isinstance(given, str):
        return _read(given, budget)
    if not isinstance(given, list):
        raise BadFilter("a filter is a text or an array")
    return Both(tuple(_part(part, budget) for part in given))


def _part(part: Any, budget: _Budget) -> Condition:
    if isinstance(part, str):
        return _read(part, budget)
    if isinstance(part, list) and all(isinstance(text, str) for text in part):
        return Either(tuple(_read(text, budget) for text in part))
    raise BadFilter("an array of filters holds texts, and arrays of texts")


class _Budget:
    """How many more characters and conditions of a filter may be read."""

    def __init__(self) -> None:
        self.characters, self.conditions = _LONGEST, _MOST

    def take(self, *, characters: int = 0, conditions: int = 0) -> None:
        self.characters -= characters
        self.conditions -= conditions
        if self.characters < 0 or self.conditions < 0:
            raise BadFilter(f"a filter has at most {_LONGEST} characters and {_MOST} conditions")


def _read(text: str, budget: _Budget) -> Condition:
    budget.take(characters=len(text))
    reading = _Reading(list(_tokens(text)), budget)
    parsed = reading.either(0)
    if reading.tokens:
        raise BadFilter(f"unexpected {reading.tokens[0][1]!r}; AND or OR was expected")
    return parsed


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of each token; the kinds are "text" (quoted), "sign" and "word"."""
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise BadFilter(f"cannot read on from {text[position : position + 20]!r}; is a quote missing?")
        double, single, sign, word = match.groups()
        quoted = double if double is not None else single
        yield (
            ("text", re.sub(r"\\(.)", r"\1", quoted))
            if quoted is not None
            else ("sign", sign)
            if sign
            else ("word", word)
        )
        position = match.end()


class _Reading:
    """A recursive-descent parser over the remaining tokens of a filter."""

    def __init__(self, tokens: list[tuple[str, str]], budget: _Budget) -> None:
        self.tokens = tokens
        self.budget = budget

    def either(self, depth: int) -> Condition:
        parts = [self._both(depth)]
        while self._took("OR"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self, depth: int) -> Condition:
        parts = [self._not(depth)]
        while self._took("AND"):
            parts.append(self._not(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _not(self, depth: int) -> Condition:
        if depth > _DEEPEST:
            raise BadFilter(f"a filter is at most {_DEEPEST} deep")
        if self._took("NOT"):
            return Not(self._not(depth + 1))
        if self._took_sign("("):
            inner = self.either(depth + 1)
            self._want(")")
            return inner
        return self._simple()

    def _simple(self) -> Condition:
        self.budget.take(conditions=1)
        name = self._value("an attribute")
        if name not in FILTERABLE:
            raise BadFilter(
                f"Attribute `{name}` is not filterable. Available filterable attributes are: "
                f"{', '.join(f'`{attribute}`' for attribute in FILTERABLE)}."
            )
        if self._took("NOT"):
            return Not(self._listed(name) if self._took("IN") else self._known(name, "EXISTS"))
        if self._took("IN"):
            return self._listed(name)
        if self._took("IS"):
            negated = self._took("NOT")
            known = self._known(name, "NULL", "EMPTY")
            return known if negated else Not(known)
        if self.tokens and self.tokens[0][0] == "word" and self.tokens[0][1].upper() == "EXISTS":
            return self._known(name, "EXISTS")
        return self._compared(name)

    def _known(self, name: str, *words: str) -> Condition:
        """Take one of the words; return the condition that an article has the attribute.

        Only a date can be missing: BadFilter for any other attribute.
        """
        if not any(self._took(word) for word in words):
            raise BadFilter(f"one of {', '.join(words)} was expected")
        if name == "published":
            return Dated()
        raise BadFilter(f"`{name}` cannot be asked for its presence; `published` can")

    def _listed(self, name: str) -> Condition:
        self._want("[")
        values = []
        while not self._took_sign("]"):
            values.append(self._value("a value"))
            self.budget.take(conditions=1)
            if not self._took_sign(","):
                self._want("]")
                break
        return Either(tuple(_equal(name, value) for value in values))

    def _compared(self, name: str) -> Condition:
        if self.tokens and self.tokens[0][0] == "sign":
            sign = self.tokens.pop(0)[1]
            if sign not in _COMPARED:
                raise BadFilter(f"{sign!r} is not a comparison")
            value = self._value("a value")
            if sign in ("=", "!="):
                return _equal(name, value) if sign == "=" else Not(_equal(name, value))
            return _bounded(name, sign, value)
        low = self._value("=, !=, IN, TO, EXISTS or a comparison")
        if not self._took("TO"):
            raise BadFilter(f"unexpected {low!r}; =, !=, IN, NOT IN, TO, EXISTS or a comparison was expected")
        return Both((_bounded(name, ">=", low), _bounded(name, "<=", self._value("a value"))))

    def _took(self, word: str) -> bool:
        """Take a keyword if it is next; return whether it was."""
        is_next = bool(self.tokens) and self.tokens[0][0] == "word" and self.tokens[0][1].upper() == word
        if is_next:
            self.tokens.pop(0)
        return is_next

    def _took_sign(self, sign: str) -> bool:
        is_next = bool(self.tokens) and self.tokens[0] == ("sign", sign)
        if is_next:
            self.tokens.pop(0)
        return is_next

    def _want(self, sign: str) -> None:
        if not self._took_sign(sign):
            raise BadFilter(
                f"{sign!r} was expected"
                + (f" before {self.tokens[0][1]!r}" if self.tokens else " at the end")
            )

    def _value(self, what: str) -> str:
        if not self.tokens or self.tokens[0][0] == "sign":
            raise BadFilter(
                f"{what} was expected" + (f" before {self.tokens[0][1]!r}" if self.tokens else " at the end")
            )
        return self.tokens.pop(0)[1]


def _equal(name: str, value: str) -> Condition:
    if name == "published":
        return Both((_bounded(name, ">=", value), _bounded(name, "<=", value)))
    return Has(FILTERABLE[name], (value,))  # type: ignore[arg-type]


def _bounded(name: str, sign: str, value: str) -> Condition:
    """Return the condition that compares the first second of the publication day with a number of seconds."""
    if name != "published":
        raise BadFilter(f"`{name}` is not a number; only `published` can be compared with {sign}")
    try:
        seconds = float(value)
        low, rest = divmod(seconds, SECONDS_A_DAY)
        first = int(low) + _EPOCH
    except (ValueError, OverflowError):
        raise BadFilter(f"{value!r} is not a number of seconds") from None
    exact = rest == 0
    since = {">=": first if exact else first + 1, ">": first + 1}.get(sign)
    until = {"<=": first, "<": first - 1 if exact else first}.get(sign)
    least, most = date.min.toordinal(), date.max.toordinal()
    if (since is not None and since > most) or (until is not None and until < least):
        return Either(())
    return Dated(
        day_of(max(since, least)) if since is not None else None,
        day_of(min(until, most)) if until is not None else None,
    )
