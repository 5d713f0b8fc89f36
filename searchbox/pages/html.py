"""Render the search page on the server, so that it works without JavaScript.

Crawled content appears only as escaped text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from ...index.engine import Hit
from ...index.highlight import Highlighter
from ...index.snippet import Snippet
from ...index.topic_tree import Branch
from ...records import Article, Person
from .answer import Pinned, SearchAnswer
from .facets import Facets
from .params import PAGE_SIZE, link

__all__ = ["SearchPage"]

_SAFE = ("http://", "https://")


class SearchPage:
    """One page of results in one language; `now` holds the parameters of its URL."""

    def __init__(self, words: Mapping[str, str], language: str, now: Mapping[str, str]) -> None:
        self._words, self._language, self._now = words, language, now

    def drawn(
        self,
        answer: SearchAnswer | None,
        topics: Sequence[Branch],
        notice: str | None,
        no_results_link: str | None,
    ) -> str:
        """Return the page as HTML; `answer` None means that nothing was searched for yet."""
        like = answer.like if answer else None
        text = like.title if like else self._now.get("q", "").strip()
        heading = self._words["like" if like else "search"]
        title = f"{text} – {heading}" if text else heading
        body = self._answer(answer, topics, no_results_link) if answer else ""
        feed = (
            f'<link rel="alternate" type="application/rss+xml" '
            f'href="{escape(link(self._now, path="/search.rss"))}">'
            if answer and not like
            else ""
        )
        return self._whole(title, heading, body, feed, self._notice(notice))

    def refusal(self, message: str, detail: str) -> str:
        """Return a page with the form and the reason why there is no answer; `detail` is in English."""
        detail = f'<p class="details" lang="en" dir="ltr">{escape(detail)}</p>' if detail else ""
        return self._whole(
            f"{message} – {self._words['search']}",
            self._words["search"],
            f'<p role="alert">{escape(message)}</p>{detail}',
        )

    def _whole(self, title: str, heading: str, body: str, feed: str = "", footer: str = "") -> str:
        return (
            f'<!doctype html>\n<html lang="{self._language}"><head><meta '
            f'charset="utf-8"><title>{escape(title)}</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1"><meta '
            'name="robots" content="noindex">'
            '<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="/clinicdex.css">'
            f'<link rel="search" type="application/opensearchdescription+xml" '
            f'title="{escape(self._words["search"])}" href="/opensearch.xml">{feed}'
            '<script src="/clinicdex-search.js" defer></script></head>'
            f"<body><main><h1>{escape(heading)}</h1>{self._form()}{body}</main>{footer}</body></html>"
        )

    def _form(self) -> str:
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name, value in self._now.items()
            if name not in ("q", "page")
        )
        return (
            '<clinicdex-search><form action="/search" role="search">'
            f'<input type="search" name="q" value="{escape(self._now.get("q", ""))}" '
            f'aria-label="{escape(self._words["label"])}" maxlength="500" '
            f'autocomplete="off" '
            f'spellcheck="false">{hidden}<button>{escape(self._words["search"])}</button>'
            "</form></clinicdex-search>"
        )

    def _answer(self, answer: SearchAnswer, topics: Sequence[Branch], no_results_link: str | None) -> str:
        highlighter = Highlighter(answer.results.query, {hit.article.language for hit in answer.results.hits})
        pinned = "".join(map(self._pinned, answer.pinned))
        hits = "".join(self._hit(hit, highlighter) for hit in answer.results.hits)
        count = (
            _named(answer.like, escape(answer.like.title or answer.like.url))
            if answer.like
            else self._count(answer)
        )
        help_ = self._help(answer, no_results_link)
        return (
            f'{self._printed()}<p class="count" '
            f'role="status">{count}</p>{help_}{self._chosen()}<div '
            f'class="columns">{Facets(self._words, self._now).drawn(answer, topics)}'
            f'<section aria-label="{escape(self._words["results"])}">{self._sorting(answer)}{pinned}'
            f'<ol start="{answer.query.offset + 1}">{hits}</ol>{self._pages(answer)}</section></div>'
        )

    def _count(self, answer: SearchAnswer) -> str:
        total = answer.results.total
        if not total and not answer.pinned:
            return (
                f"{escape(self._words['none'].format(q=answer.text.strip()))}. {escape(self._words['fewer'])}"
            )
        return escape(self._words["one"] if total == 1 else self._words["many"].format(n=total))

    def _help(self, answer: SearchAnswer, no_results_link: str | None) -> str:
        lines = [f"<p>{escape(notice)}</p>" for notice in (*answer.query.notices, *answer.results.notices)]
        if answer.did_you_mean:
            lines.append(f"<p>{escape(self._words['did'])}: {self._query_link(answer.did_you_mean)}</p>")
        if answer.near:
            lines.append(
                f"<p>{escape(self._words['near'])}: {', '.join(map(self._query_link, answer.near))}</p>"
            )
        if no_results_link and not answer.results.total:
            lines.append(f'<p><a href="{escape(no_results_link)}">{escape(self._words["ask"])}</a></p>')
        return "".join(lines)

    def _query_link(self, text: str) -> str:
        return f'<a href="{escape(link({"q": text}))}">{escape(text)}</a>'

    def _chosen(self) -> str:
        links = (
            f'<li><a href="{escape(link(self._now, dict.fromkeys(names)))}">{escape(value)} '
            f'<span aria-hidden="true">×</span><span '
            f'class="unseen">{escape(self._words["remove"])}</span></a></li>'
            for names, value in self._choices()
        )
        chosen = "".join(links)
        return (
            f'<ul class="chosen" aria-label="{escape(self._words["chosen"])}">{chosen}</ul>' if chosen else ""
        )

    def _choices(self) -> list[tuple[tuple[str, ...], str]]:
        """Return what narrows the query: the parameters of each choice, and its label.

        A whole year is a single choice.
        """
        chosen: dict[tuple[str, ...], str] = {
            (name,): value for name, value in self._now.items() if name not in ("q", "page", "sort")
        }
        since, until = chosen.get(("since",), ""), chosen.get(("until",), "")
        if since.endswith("-01-01") and until == f"{since[:4]}-12-31":
            del chosen[("since",)], chosen[("until",)]
            chosen[("since", "until")] = since[:4]
        return list(chosen.items())

    def _printed(self) -> str:
        """Return the query and its choices as text for print, where the form is left out."""
        text = " · ".join(
            filter(None, [self._now.get("q", "").strip(), *(value for _, value in self._choices())])
        )
        return f'<p class="printed" dir="auto">{escape(text)}</p>' if text else ""

    def _sorting(self, answer: SearchAnswer) -> str:
        if answer.results.total < 2 or answer.like:  # related articles have a single order
            return ""
        orders = {"relevance": None, "date": "date"}
        now = answer.query.sort
        links = (
            f"<b>{escape(self._words[name])}</b>"
            if name == now
            else f'<a href="{escape(link(self._now, {"sort": value}))}">{escape(self._words[name])}</a>'
            for name, value in orders.items()
        )
        return f'<p class="sorting">{escape(self._words["sort"])}: {" · ".join(links)}</p>'

    def _pinned(self, pinned: Pinned) -> str:
        details = self._details(pinned.article) if pinned.article else ""
        return (
            f'<article class="hit pinned"><p '
            f'class="label">{escape(self._words["pinned"])}</p><h2><a '
            f'href="{escape(pinned.url)}">{escape(pinned.title)}</a></h2>'
            f"{details}</article>"
        )

    def _hit(self, hit: Hit, highlighter: Highlighter) -> str:
        article = hit.article
        title = article.title or article.url
        spans = highlighter.places(title)
        highlighted = _highlighted(Snippet(title, tuple((start, end) for start, end, _ in spans)))
        name = _named(article, highlighted)
        also = ", ".join(
            f'<a href="{escape(url)}">{escape(url)}</a>'
            for url in hit.near_duplicates
            if url.startswith(_SAFE)
        )
        also = f'<p class="details">{escape(self._words["also"])} {also}</p>' if also else ""
        like = (
            f'<a class="like" href="{escape(link({"url": article.url}, path="/more-like"))}">'
            f"{escape(self._words['like'])}</a>"
        )
        language = f' lang="{escape(article.language)}"' if article.language else ""
        return (
            f'<li class="hit"{language}><h2>{name}</h2>{self._details(article)}<p '
            f'dir="auto">{_highlighted(hit.snippet)}</p>{also}<p>{like}</p></li>'
        )

    def _details(self, article: Article) -> str:
        source = self._words["found_on"].format(source=article.source.name) if article.source else ""
        reviewed = (
            self._words["reviewed"].format(people=_people(article.reviewed_by)) if article.reviewed_by else ""
        )
        day = article.published.isoformat() if article.published else ""
        known = filter(None, [article.site, _people(article.authors), source, reviewed])
        parts = [escape(text) for text in known] + ([f'<time datetime="{day}">{day}</time>'] if day else [])
        # separated by dots, because labels contain commas: "Range of Motion, Articular"
        parts += [escape(topic.label) for topic in article.topics[:3]]
        return f'<p class="details" dir="auto">{" · ".join(parts)}</p>'

    def _pages(self, answer: SearchAnswer) -> str:
        page = answer.query.offset // PAGE_SIZE + 1
        links = []
        if page > 1:
            links.append(
                f'<a rel="prev" href="{escape(link(self._now, {"page": str(page - 1)}))}">'
                f"{escape(self._words['previous'])}</a>"
            )
        links.append(f"<span>{escape(self._words['page'].format(n=page))}</span>")
        if answer.query.offset + PAGE_SIZE < answer.results.total:
            links.append(
                f'<a rel="next" href="{escape(link(self._now, {"page": str(page + 1)}))}">'
                f"{escape(self._words['next'])}</a>"
            )
        return (
            f'<nav class="pages" aria-label="{escape(self._words["pages"])}">{" ".join(links)}</nav>'
            if len(links) > 1
            else ""
        )

    def _notice(self, notice: str | None) -> str:
        return f"<footer><p>{escape(notice)}</p></footer>" if notice else ""


def _named(article: Article, title: str) -> str:
    """Return a title (HTML) as a link to its article if the URL is http(s), else the title alone."""
    return (
        f'<a href="{escape(article.url)}" dir="auto">{title}</a>' if article.url.startswith(_SAFE) else title
    )


def _people(people: Iterable[Person]) -> str:
    return ", ".join(person.as_written for person in people)


def _highlighted(snippet: Snippet) -> str:
    return "".join(
        f"<mark>{escape(text)}</mark>" if marked else escape(text) for text, marked in snippet.parts()
    )
