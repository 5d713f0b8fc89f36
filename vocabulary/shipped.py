"""The health vocabulary that is shipped with clinicdex. The only module of this package that reads a file."""

from __future__ import annotations

import gzip
from dataclasses import replace
from importlib import resources

from .concepts import PASSED_OVER, Concept, Names, Vocabulary, parse, parse_names

__all__ = ["load"]


def load() -> Vocabulary:
    """Return the shipped vocabulary, with its names in other languages; loading takes about 0.3 s."""
    here = resources.files(__package__)
    concepts = parse(gzip.decompress(here.joinpath("health.tsv.gz").read_bytes()).decode("utf-8"))
    named = [
        parse_names(file.read_text(encoding="utf-8"), file.name.removesuffix(".tsv"))
        for file in sorted(here.joinpath("labels").iterdir(), key=lambda file: file.name)
        if file.name.endswith(".tsv")
    ]
    others = [names[PASSED_OVER] for names in named if PASSED_OVER in names]
    return Vocabulary(
        (_with(concept, named) for concept in concepts),
        {names.language: (names.label, *names.synonyms) for names in others},
    )


def _with(concept: Concept, named: list[dict[str, Names]]) -> Concept:
    elsewhere = tuple(names[concept.id] for names in named if concept.id in names)
    return replace(concept, elsewhere=elsewhere) if elsewhere else concept
