"""The health vocabulary that is shipped with clinicdex. The one module of this room that reads a file."""

from __future__ import annotations

import gzip
from importlib import resources

from .concepts import Vocabulary, parse

__all__ = ["load"]


def load() -> Vocabulary:
    """Read the shipped vocabulary; takes a quarter of a second."""
    data = resources.files(__package__).joinpath("health.tsv.gz").read_bytes()
    return parse(gzip.decompress(data).decode("utf-8"))
