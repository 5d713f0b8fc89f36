"""The owner's own topics: a CSV table or a SKOS thesaurus (RDF, in the syntaxes listed in _SYNTAX).

    label,synonyms,broader
    Bulging Disc,slipped disc|disc bulge,Back Pain

Only `label` is required. Synonyms and broader labels are separated by "|". A broader label may name a concept
of the file or of the shipped vocabulary. In SKOS, prefLabel, altLabel, hiddenLabel and broader are used.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from .concepts import Concept, Vocabulary

__all__ = ["extended", "parse"]

_SYNTAX = {
    ".ttl": "turtle",
    ".rdf": "xml",
    ".xml": "xml",
    ".jsonld": "json-ld",
    ".nt": "nt",
    ".n3": "n3",
    ".skos": "xml",
}


def parse(name: str, data: bytes) -> list[Concept]:
    """Read a file of concepts; by the ending of its name, .csv and .tsv are tables, others are SKOS.

    ValueError says what is wrong with the file; ModuleNotFoundError what to install to read it.
    """
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix in (".csv", ".tsv"):
        return list(_table(name, data.decode("utf-8-sig"), "\t" if suffix == ".tsv" else ","))
    if suffix not in _SYNTAX:
        raise ValueError(f"{name}: is neither a table (.csv, .tsv) nor SKOS ({', '.join(_SYNTAX)})")
    return list(_skos(name, data, _SYNTAX[suffix]))


def extended(shipped: Vocabulary | None, own: Iterable[Concept]) -> Vocabulary:
    """Return a vocabulary of the owner's concepts and the shipped ones.

    A term that both have belongs to the owner's concept. Broader labels become ids.
    """
    concepts = list(own)
    ids = {concept.label.casefold(): concept.id for concept in concepts}
    known = shipped or Vocabulary(())

    def resolved(broader: str) -> str:
        match = known.named(broader)
        return ids.get(broader.casefold()) or (match.id if match else broader)

    mine = [
        Concept(c.id, c.label, c.synonyms, tuple(map(resolved, c.broader)), c.frequency) for c in concepts
    ]
    return Vocabulary([*mine, *known.concepts.values()])


def _table(name: str, text: str, delimiter: str) -> Iterator[Concept]:
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    if "label" not in (reader.fieldnames or ()):
        raise ValueError(
            f'{name}: needs a column "label" in its first row, and may have synonyms, broader and id'
        )
    for row in reader:
        label = (row.get("label") or "").strip()
        if not label:
            raise ValueError(f"{name}: row {reader.line_num} has no label")
        yield Concept(
            (row.get("id") or "").strip() or f"own:{label.casefold()}",
            label,
            _listed(row.get("synonyms")),
            _listed(row.get("broader")),
        )


def _listed(field: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (field or "").split("|") if part.strip())


def _skos(name: str, data: bytes, syntax: str) -> Iterator[Concept]:
    try:
        import rdflib  # imported late: it takes 0.5 s, and only a thesaurus needs it
        from rdflib.namespace import SKOS
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{name}: SKOS needs rdflib; run: pip install 'clinicdex[skos]'") from error

    graph = rdflib.Graph()
    try:
        graph.parse(data=data, format=syntax)
    except Exception as error:  # rdflib raises whatever its parsers raise
        raise ValueError(
            f"{name}: is not a {syntax} file "
            f"({str(error).splitlines()[0][:120] if str(error) else type(error).__name__})"
        ) from error
    for subject in sorted(set(graph.subjects(SKOS.prefLabel)), key=str):
        label = min(str(value) for value in graph.objects(subject, SKOS.prefLabel))
        synonyms = {
            str(value)
            for kind in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
            for value in graph.objects(subject, kind)
        } - {label}
        yield Concept(
            str(subject),
            label,
            tuple(sorted(synonyms)),
            tuple(sorted(str(value) for value in graph.objects(subject, SKOS.broader))),
        )
