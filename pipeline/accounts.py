"""Names that sign articles but are not people: logins, roles, agencies, themes, the site and its firm.

One person who signs every page of a site is its author: a solo practice has no other.
"""

from __future__ import annotations

import re

from . import metadata, person
from .blocks import plain
from .parsed_page import ParsedPage
from .person import PersonParser
from .site import SiteModel

__all__ = ["Accounts", "accounts_of"]

_LOGIN = re.compile(r"[a-z\d][a-z\d._-]*|\S*[@\d_]\S*")
# People whom themes and manuals invent
_PLACEHOLDERS = frozenset(
    (
        "john doe", "jane doe", "john smith doe", "max mustermann", "erika mustermann", "john q public",
        "mario rossi bianchi", "jan modaal", "juan pérez ejemplo", "jean dupont exemple", "joe bloggs",
        "山田 太郎", "иван иванов", "your name", "first last", "firstname lastname", "test user",
    )
)  # fmt: skip
_SHORTEST = 5  # letters of a site's name that may make up a whole name; chosen by hand


class Accounts:
    """Which names of one page are not people."""

    def __init__(self, model: SiteModel, names: frozenset[str], persons: PersonParser) -> None:
        """`names` are those of the site, folded without spaces."""
        self._model, self._names, self._persons = model, names, persons

    def __contains__(self, name: object) -> bool:
        """Whether a name is that of an account."""
        if not isinstance(name, str):
            return False
        folded = name.casefold()
        if folded in self._model.nobodies or plain(name) in _PLACEHOLDERS:
            return True
        if self._is_site(name) or _LOGIN.fullmatch(name):
            return True
        return folded in self._model.accounts and not self._is_person(name)

    def _is_person(self, name: str) -> bool:
        someone = self._persons.parse(name)
        return bool(someone and person.is_full(someone) and self._persons.is_likely(someone))

    def _is_site(self, name: str) -> bool:
        """Whether a name is the site's; a practice may be called after the person who runs it."""
        joined = plain(name).replace(" ", "")
        if joined not in self._names:
            return False
        return not self._is_person(name)


def accounts_of(parsed_page: ParsedPage, model: SiteModel, persons: PersonParser) -> Accounts:
    """Return the accounts of a page's site."""
    names = (plain(name).replace(" ", "") for name in metadata.site_names(parsed_page))
    return Accounts(model, frozenset(name for name in names if len(name) >= _SHORTEST), persons)
