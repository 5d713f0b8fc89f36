"""Loads the shipped data that extraction needs; the pipeline itself does not read files.

Also reads the owner's vocabulary files, which extend the shipped vocabulary or replace it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from .. import pipeline
from ..errors import ConfigError
from ..pipeline.extract import Context
from ..pipeline.names import GivenNames
from ..pipeline.person import PersonParser
from ..pipeline.trained import Trained
from ..vocabulary import owner
from ..vocabulary import shipped as vocabulary_shipped
from ..vocabulary.concepts import Concept, Vocabulary

__all__ = ["checked_vocabulary", "shipped_context", "shipped_judges", "shipped_names", "shipped_persons"]


def shipped_context(
    own_vocabulary: Sequence[str] = (), *, only_own: bool = False, judges: Path | None = None
) -> Context:
    """Return the context of extraction for a site without a name: vocabulary, trained judges, name parser.

    `own_vocabulary` lists files of the owner's topics; with `only_own` the shipped topics are left out.
    `judges` is a file to use in place of the shipped judges. ConfigError for a vocabulary that cannot be read
    or parsed.
    """
    mine = [concept for name in own_vocabulary for concept in _read(name)[1]]
    vocabulary = Vocabulary(()) if only_own else vocabulary_shipped.load()
    return Context(
        "",
        owner.extended(vocabulary, mine) if mine else vocabulary,
        shipped_judges(judges),
        shipped_persons(),
    )


def shipped_judges(file: Path | None = None) -> Trained:
    """Return the shipped judges, or those of a file that `benchmarks/extraction/train.py` wrote."""
    packed = file.read_bytes() if file else None
    return Trained.from_record(
        json.loads(gzip.decompress(packed) if packed else _inflated("trained.json.gz"))
    )


def shipped_names() -> GivenNames:
    """Return the given names of many languages."""
    return GivenNames(_inflated("given_names.txt.gz").decode("utf-8").split("\n"))


def shipped_persons() -> PersonParser:
    """Return the parser of people's names."""
    return PersonParser(shipped_names())


def checked_vocabulary(files: Sequence[str]) -> str:
    """Return a digest of the owner's vocabulary files; ConfigError for one that cannot be read or parsed."""
    digest = hashlib.sha256()
    for name in files:
        content, _ = _read(name)
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def _read(name: str) -> tuple[bytes, list[Concept]]:
    try:
        content = Path(name).read_bytes()
        return content, owner.parse(name, content)
    except OSError as error:
        raise ConfigError(
            f"cannot read the vocabulary {name}: {error.strerror}; correct vocabulary in clinicdex.toml"
        ) from error
    except ModuleNotFoundError as error:
        raise ConfigError(str(error)) from error
    except ValueError as error:
        raise ConfigError(f"{error}; correct the file, or vocabulary in clinicdex.toml") from error


def _inflated(name: str) -> bytes:
    return gzip.decompress(resources.files(pipeline).joinpath(name).read_bytes())
