"""The HTML that adds the search box to a page, and the WordPress plugin that does the same."""

from __future__ import annotations

import io
import zipfile
from html import escape

from ..errors import ConfigError
from .assets import asset

__all__ = ["of", "of_folder", "plugin"]

_PLUGIN = "clinicdex-search"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip entry can carry


def of(form: str, server: str) -> str:
    """Return the HTML for a search box that queries a server.

    `form` is "html" for any page, or "wordpress" for a Custom HTML block of WordPress. ConfigError if
    `server` is not an http(s) URL.
    """
    if not server.startswith(("http://", "https://")):
        raise ConfigError(f"{server!r} is not a URL; write https://…")
    base = escape(server.rstrip("/"))
    script = f'<script src="{base}/clinicdex-search.js" defer></script>'
    # WordPress answers ?s= itself: without JavaScript, the form uses the search of WordPress
    action, name = ("/", "s") if form == "wordpress" else (f"{base}/search", "q")
    field = f'<input type="search" name="{name}" aria-label="Search the articles">'
    return (
        f"{script}\n<clinicdex-search><form "
        f'action="{action}">{field}<button>Search</button></form></clinicdex-search>'
    )


def of_folder(form: str, folder: str) -> str:
    """Return the HTML for a search box that was exported to a folder of the web host.

    `form` is as in `of`. `folder` is the folder's URL or path on the same site; ConfigError if it is neither.
    """
    if not folder.startswith(("http://", "https://", "/", "./")):
        raise ConfigError(f"{folder!r} is not a URL; write https://… or, on the same site, /search/")
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
    """Return the WordPress plugin as a zip file for upload in WordPress (Plugins > Add New > Upload Plugin).

    The bytes are the same each time.
    """
    folder = asset("wordpress", _PLUGIN)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            archive.writestr(
                zipfile.ZipInfo(f"{_PLUGIN}/{file.name}", _EPOCH), file.read_bytes(), zipfile.ZIP_DEFLATED
            )
    return packed.getvalue()
