"""What is pasted into a page to have the search box there."""

from __future__ import annotations

from html import escape

from ..errors import ConfigError

__all__ = ["of"]


def of(form: str, server: str) -> str:
    """Give the lines for any page ("html"), or for a Custom HTML block of WordPress ("wordpress"). ConfigError if the server is no web address."""
    if not server.startswith(("http://", "https://")):
        raise ConfigError(f"{server!r} is no web address; write https://…")
    base = escape(server.rstrip("/"))
    script = f'<script src="{base}/clinicdex-search.js" defer></script>'
    # WordPress answers ?s= itself, so that its own search is what works without JavaScript
    action, name = ("/", "s") if form == "wordpress" else (f"{base}/search", "q")
    field = f'<input type="search" name="{name}" aria-label="Search the articles">'
    return f'{script}\n<clinicdex-search><form action="{action}">{field}<button>Search</button></form></clinicdex-search>'
