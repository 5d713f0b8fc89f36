"""The search page, drawn on the server: it works without JavaScript. Crawled text is only ever escaped text."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from ..article import Article
from ..index.engine import Hit, Results
from ..index.query import Query
from ..index.snippet import Snippet

__all__ = ["search_page"]

_STYLE = """
:root{color-scheme:light dark;--accent:#0b5c8a}
@media (prefers-color-scheme:dark){:root{--accent:#7cc4ee}}
body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem}
form{display:flex;gap:.5rem;margin-block:1rem}
input{flex:1;min-width:0;font:inherit;padding:.6rem}
button{font:inherit;padding:.6rem 1rem;min-height:44px}
a{color:var(--accent)}
ol{padding:0;list-style:none}
li.hit{margin-block:1.5rem}
.hit h2{font-size:1.1rem;margin:0}
.details,.count{opacity:.8;margin:0}
.facets ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none;margin:.25rem 0 1rem}
.facets h2{font-size:.9rem;margin:0}
"""
_FACETS = {"topic": "Topics", "author": "Authors", "site": "Sites"}
_MOST_VALUES = 8


def search_page(text: str, query: Query, results: Results | None) -> str:
    """Draw the page; `results` None means nothing was asked yet."""
    title = f"{text} – search" if text.strip() else "Search"
    body = _results(text, query, results) if results else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><style>{_STYLE}</style></head>'
        f'<body><main><h1>Search</h1><form action="/search" role="search"><input type="search" name="q" value="{escape(text)}" '
        f'aria-label="Search the articles"><button>Search</button></form>{body}</main></body></html>'
    )


def _results(text: str, query: Query, results: Results) -> str:
    count = "Nothing found. Try fewer or other words." if not results.total else f"{results.total} article{'s' * (results.total != 1)}"
    hits = "".join(_hit(hit) for hit in results.hits)
    return (
        f'<p class="count" role="status">{count}</p>{_facets(text, results)}<ol start="{query.offset + 1}">{hits}</ol>{_pages(text, query, results)}'
    )


def _hit(hit: Hit) -> str:
    article = hit.article
    return (
        f'<li class="hit"><h2><a href="{escape(article.url)}" rel="noopener">{escape(article.title or article.url)}</a></h2>'
        f'<p class="details">{escape(_details(article))}</p><p>{_marked(hit.snippet)}</p></li>'
    )


def _details(article: Article) -> str:
    people = ", ".join(person.as_written for person in article.authors)
    source = f"found on {article.source.name}" if article.source else ""
    day = article.published.isoformat() if article.published else ""
    return " · ".join(filter(None, [article.site, people, source, day]))


def _marked(snippet: Snippet) -> str:
    return "".join(f"<mark>{escape(text)}</mark>" if marked else escape(text) for text, marked in snippet.parts())


def _facets(text: str, results: Results) -> str:
    parts = []
    for name, label in _FACETS.items():
        values = results.facets.get(name, ())[:_MOST_VALUES]
        if len(values) > 1:
            links = (f'<li><a href="/search?{escape(urlencode({"q": text, name: v.value}))}">{escape(v.value)}</a> ({v.count})</li>' for v in values)
            parts.append(f"<h2>{label}</h2><ul>{''.join(links)}</ul>")
    return f'<nav class="facets" aria-label="Narrow the results">{"".join(parts)}</nav>' if parts else ""


def _pages(text: str, query: Query, results: Results) -> str:
    page = query.offset // query.size + 1
    kept = {"q": text, "topic": query.filters.topic, "author": query.filters.author, "site": query.filters.site}
    given = {name: value for name, value in kept.items() if value}
    links = []
    if page > 1:
        links.append(f'<a rel="prev" href="/search?{escape(urlencode(given | {"page": page - 1}))}">Previous page</a>')
    if query.offset + query.size < results.total:
        links.append(f'<a rel="next" href="/search?{escape(urlencode(given | {"page": page + 1}))}">Next page</a>')
    return f'<nav aria-label="Pages">{" · ".join(links)}</nav>' if links else ""
