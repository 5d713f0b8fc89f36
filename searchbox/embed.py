"""What is pasted into a page to have the search box there, and the plugin that does it in WordPress."""

from __future__ import annotations

import io
import zipfile
from html import escape

from ..errors import ConfigError
from .assets import asset

__all__ = ["of", "of_folder", "plugin"]

_PLUGIN = "clinicdex-search"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold


def of(form: str, server: str) -> str:
    """Give the lines for any page ("html"), or for a Custom HTML block of WordPress ("wordpress"). ConfigError if the server is no web address."""
    if not server.startswith(("http://", "https://")):
        raise ConfigError(f"{server!r} is no web address; write https://…")
    base = escape(server.rstrip("/"))
    script = f'<script src="{base}/clinicdex-search.js" defer></script>'
    # WordPress answers ?s= itself, so that its own search is what works without JavaScript
    action, name = ("/", "s") if form == "wordpress" else (f"{base}/search", "q")
    field = f'<input type="search" name="{name}" aria-label="Search the articles">'
    return (
        f"{script}\n<clinicdex-search><form "
        f'action="{action}">{field}<button>Search</button></form></clinicdex-search>'
    )


def of_folder(form: str, folder: str) -> str:
    """Give the lines for a search box that was exported to a folder of the web host; ConfigError if that is no address."""
    if not folder.startswith(("http://", "https://", "/", "./")):
        raise ConfigError(f"{folder!r} is no address; write https://… or, on the same site, /search/")
    base = escape(folder.rstrip("/"))
    script = f'<script src="{base}/clinicdex-search.js" defer></script>'
    fallback = (
        '<form action="/"><input type="search" name="s" aria-label="Search the '
        'articles"><button>Search</button></form>'
        if form == "wordpress"
        else ""
    )
    return f'{script}\n<clinicdex-search data-index="{base}/">{fallback}</clinicdex-search>'


def plugin() -> bytes:
    """Give the WordPress plugin as a zip, as WordPress takes it (Plugins > Add New > Upload Plugin); the same bytes each time."""
    folder = asset("wordpress", _PLUGIN)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            made.writestr(
                zipfile.ZipInfo(f"{_PLUGIN}/{file.name}", _EPOCH), file.read_bytes(), zipfile.ZIP_DEFLATED
            )
    return packed.getvalue()
