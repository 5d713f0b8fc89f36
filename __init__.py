"""clinicdex collects the articles of clinic websites, keeps what the author wrote, and makes them findable.

    sites ─▶ crawler ──Page──▶ catalogue ──Page──▶ pipeline ──Article──▶ catalogue ──Article──▶ index ──Hit──▶ cli, searchbox
             fetch             keep                read                  keep                   find          show

`flow.py` is the corridor that knows the whole way. From Python:

    >>> import clinicdex
    >>> article = clinicdex.extract(html, url)           # Article or Rejection
    >>> index = clinicdex.open_index("whoosh+file:///path/to/index")
    >>> index.search("low back pain", topic="Exercise").hits
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import extract, open_index
    from .errors import Error
    from .index.engine import Hit
    from .records import Article, Rejection

__version__ = "0.1.0"
__all__ = ["Article", "Error", "Hit", "Rejection", "__version__", "extract", "open_index"]

_HOMES = {
    "Article": "records",
    "Rejection": "records",
    "Error": "errors",
    "Hit": "index.engine",
    "extract": "api",
    "open_index": "api",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562): `import clinicdex` alone loads nothing heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
