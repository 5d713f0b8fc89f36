"""The search engines that are compared, behind one interface: documents in, then query in and ids out.

Each is set up as its users usually do: English stemming and stop words, its default ranking. "two fields"
searches title and text with equal weight, the others search one field with both. Queries are passed as plain
words, any of which may match.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from clinicdex.index.whoosh.engine import WhooshEngine
from filling import Document, filled, named

__all__ = ["ENGINES", "Search"]

Search = Callable[[str, int], list[str]]  # query, how many -> ids, best first
WORD = re.compile(r"\w+")
RESERVED = {"AND", "OR", "NOT", "IN", "TO"}
STOP = frozenset(
    (
        "a an and are as at be but by for if in into is it no not of on or such that the their "
        "then there these they this to was will with"
    ).split()
)


def ours(documents: Iterable[Document], folder: Path) -> Search:
    engine = WhooshEngine(folder / "ours")
    names = filled(engine, documents)
    return partial(named, engine.reader(), names)


def stock_whoosh(documents: Iterable[Document], folder: Path) -> Search:
    from whoosh import fields, query
    from whoosh.analysis import StemmingAnalyzer

    schema = fields.Schema(
        id=fields.ID(stored=True, unique=True), content=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True)
    )
    index = _whoosh_index(
        schema,
        ({"id": name, "content": f"{title} {text}".strip()} for name, title, text in documents),
        folder / "whoosh",
    )
    searcher, analyzer = index.searcher(), index.schema["content"].analyzer

    def search(question: str, most: int) -> list[str]:
        terms = dict.fromkeys(token.text for token in analyzer(question, mode="query"))
        return [
            hit["id"]
            for hit in searcher.search(query.Or([query.Term("content", term) for term in terms]), limit=most)
        ]

    return search


def stock_whoosh_fields(documents: Iterable[Document], folder: Path) -> Search:
    from whoosh import fields, query
    from whoosh.analysis import StemmingAnalyzer

    text = fields.TEXT(analyzer=StemmingAnalyzer(), stored=True)
    schema = fields.Schema(id=fields.ID(stored=True, unique=True), title=text, content=text)
    index = _whoosh_index(
        schema,
        ({"id": name, "title": title, "content": text} for name, title, text in documents),
        folder / "whoosh2",
    )
    searcher, analyzer = index.searcher(), index.schema["content"].analyzer

    def search(question: str, most: int) -> list[str]:
        terms = dict.fromkeys(token.text for token in analyzer(question, mode="query"))
        any_of = query.Or([query.Term(field, term) for term in terms for field in ("title", "content")])
        return [hit["id"] for hit in searcher.search(any_of, limit=most)]

    return search


def _whoosh_index(schema: Any, documents: Iterable[dict[str, str]], folder: Path) -> Any:
    from whoosh import index

    folder.mkdir(parents=True)
    created = index.create_in(str(folder), schema)
    writer = created.writer()
    for document in documents:
        writer.add_document(**document)
    writer.commit()
    return created


def _tantivy(documents: Iterable[Document], folder: Path, fields: list[str]) -> Search:
    import tantivy

    builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for field in fields:
        builder.add_text_field(field, stored=True, tokenizer_name="en_stop_stem")
    folder.mkdir(parents=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    index.register_tokenizer(
        "en_stop_stem",
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(40))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build(),
    )
    writer = index.writer(heap_size=128_000_000, num_threads=1)
    for name, title, text in documents:
        parts = (
            {"content": f"{title} {text}".strip()}
            if fields == ["content"]
            else {"title": title, "body": text}
        )
        writer.add_document(tantivy.Document(id=name, **parts))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(question: str, most: int) -> list[str]:
        words = [word for word in WORD.findall(question) if word not in RESERVED]
        result = searcher.search(index.parse_query(" ".join(words), fields), most, count=False)
        return [searcher.doc(address)["id"][0] for _, address in result.hits]

    return search


def tantivy(documents: Iterable[Document], folder: Path) -> Search:
    return _tantivy(documents, folder / "tantivy", ["content"])


def tantivy_fields(documents: Iterable[Document], folder: Path) -> Search:
    return _tantivy(documents, folder / "tantivy2", ["title", "body"])


def fts5(documents: Iterable[Document], folder: Path) -> Search:
    database = sqlite3.connect(folder / "fts5.db")
    database.execute("pragma journal_mode=wal")
    database.execute(
        "create virtual table d using fts5(id unindexed, content, tokenize='porter unicode61 "
        "remove_diacritics 2')"
    )
    with database:
        database.executemany(
            "insert into d values (?, ?)",
            ((name, f"{title} {text}".strip()) for name, title, text in documents),
        )
    database.execute("insert into d(d) values ('optimize')")
    database.commit()

    def search(question: str, most: int) -> list[str]:
        words = [word for word in dict.fromkeys(WORD.findall(question.lower())) if word not in STOP]
        match = " OR ".join(f'"{word}"' for word in words)
        return (
            [
                row[0]
                for row in database.execute(
                    "select id from d where d match ? order by bm25(d) limit ?", (match, most)
                )
            ]
            if words
            else []
        )

    return search


def bm25s(documents: Iterable[Document], folder: Path) -> Search:
    import bm25s as library
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    names, texts = [], []
    for name, title, text in documents:
        names.append(name)
        texts.append(f"{title} {text}".strip())
    retriever = library.BM25(method="lucene")
    retriever.index(
        library.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False
    )
    del texts

    def search(question: str, most: int) -> list[str]:
        tokens = library.tokenize(
            [question], stopwords="en", stemmer=stemmer, show_progress=False, return_ids=False
        )
        positions, scores = retriever.retrieve(tokens, k=most, show_progress=False)
        return [names[position] for position, score in zip(positions[0], scores[0], strict=True) if score > 0]

    return search


ENGINES: dict[str, Callable[[Iterable[Document], Path], Search]] = {
    "clinicdex": ours,
    "Whoosh": stock_whoosh,
    "Whoosh, two fields": stock_whoosh_fields,
    "tantivy": tantivy,
    "tantivy, two fields": tantivy_fields,
    "SQLite FTS5": fts5,
    "bm25s": bm25s,
}
