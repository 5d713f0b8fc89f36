"""The owner's own topics: a CSV table or a SKOS thesaurus (RDF, in the syntaxes listed in _SYNTAX).

    id,language,label,synonyms,broader
    disc,en,Bulging Disc,slipped disc|disc bulge,Back Pain
    disc,de,Bandscheibenvorfall,Diskusprolaps,

Only `label` is required. Synonyms and broader labels are separated by "|". A broader label may name a concept
of the file or of the shipped vocabulary. Rows of one id are one concept in several languages; a label without
a language counts in every language. In SKOS, prefLabel, altLabel and hiddenLabel (by language) and broader
are used.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .concepts import ANY, Concept, Names, Vocabulary

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
    ids = {
        label.casefold(): concept.id
        for concept in concepts
        for label in (concept.label, *(names.label for names in concept.elsewhere))
    }
    known = shipped or Vocabulary(())

    def resolved(broader: str, language: str) -> str:
        match = known.named(broader, language or "en")
        return ids.get(broader.casefold()) or (match.id if match else broader)

    mine = [replace(c, broader=tuple(resolved(above, c.language) for above in c.broader)) for c in concepts]
    return Vocabulary([*mine, *known.concepts.values()], known.passed_over)


def _table(name: str, text: str, delimiter: str) -> Iterator[Concept]:
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    if "label" not in (reader.fieldnames or ()):
        raise ValueError(
            f'{name}: needs a column "label" in its first row, and may have synonyms, broader and id'
        )
    found: dict[str, Concept] = {}
    for row in reader:
        label = (row.get("label") or "").strip()
        if not label:
            raise ValueError(f"{name}: row {reader.line_num} has no label")
        id_ = (row.get("id") or "").strip() or f"own:{label.casefold()}"
        names = Names(_language(row.get("language")), label, _listed(row.get("synonyms")))
        known = found.get(id_)
        above = _listed(row.get("broader"))
        found[id_] = (
            replace(known, broader=known.broader + above, elsewhere=(*known.elsewhere, names))
            if known
            else Concept(id_, names.label, names.synonyms, above, language=names.language)
        )
    yield from found.values()


def _language(tag: str | None) -> str:
    """Return the first subtag of a language tag: "pt" for "pt-BR"."""
    return (tag or ANY).strip().lower().replace("_", "-").split("-")[0]


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
        terms = {
            kind: [(_language(getattr(o, "language", None)), str(o)) for o in graph.objects(subject, kind)]
            for kind in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
        }
        every = _by_language(sorted(terms[SKOS.prefLabel]), [t for some in terms.values() for t in some])
        first = next((names for names in every if names.language in (ANY, "en")), every[0])
        yield Concept(
            str(subject),
            first.label,
            first.synonyms,
            tuple(sorted(str(value) for value in graph.objects(subject, SKOS.broader))),
            language=first.language,
            elsewhere=tuple(names for names in every if names is not first),
        )


def _by_language(preferred: list[tuple[str, str]], terms: list[tuple[str, str]]) -> list[Names]:
    """Return the names of a concept in each language, from (language, term) pairs."""
    labels = dict(reversed(preferred))
    others: dict[str, set[str]] = {}
    for language, term in terms:
        others.setdefault(language, set()).add(term)
    called = [(language, labels.get(language, min(some)), some) for language, some in sorted(others.items())]
    return [Names(language, label, tuple(sorted(some - {label}))) for language, label, some in called]
