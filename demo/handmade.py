"""A hand-made site: static pages in two languages with relative links, no feed, no sitemap, no metadata."""

from __future__ import annotations

from html import escape

from .manuscript import Manuscript, shelf
from .theme import MISSING, Theme

__all__ = ["pages"]


def pages(site: str, origin: str) -> dict[str, str]:
    """Map every path of the site to the text served there."""
    theme = Theme(site, origin)
    articles = shelf(site, "articles")
    scripts = [*articles, *shelf(site, "pages")]
    texts = {
        path: _page(theme, script, articles)
        for script in scripts
        for path in (*script.all("path"), *script.all("also"))
    }
    return texts | theme.static("/")


def _page(theme: Theme, script: Manuscript, articles: list[Manuscript]) -> str:
    up = _way_up(script.one("path"))
    listing = _listing(script.one("lists"), up, articles)
    return theme.fill(
        _layout(script),
        up=up,
        title=escape(script.one("title")),
        crumb=_crumb(script),
        signature=_signature(theme, script),
        body=script.body.replace("$listing", listing).replace("${up}", up),
        credit=_credit(script),
    )


def _way_up(path: str) -> str:
    """Return the path from a page to the root; absolute for the error page, which is served at any URL."""
    return "/" if path == MISSING else "../" * (path.count("/") - 1)


def _layout(script: Manuscript) -> str:
    return script.one("layout", "page-es" if script.one("lang") == "es" else "page") + ".html"


def _crumb(script: Manuscript) -> str:
    title = script.one("crumb") or escape(script.one("title"))
    in_guides = script.one("path").startswith("/guides/") and not script.one("crumb")
    return f'<a href="index.html">Guides</a> &gt; {title}' if in_guides else title


def _signature(theme: Theme, script: Manuscript) -> str:
    """Return what stands between the title and the text: byline, date, topics; each may be absent."""
    date = f'<div class="date">{script.one("dated")}</div>' if script.one("dated") else ""
    lines = [script.one("byline"), date, _filed(theme, script)]
    return "".join(f"{line.strip()}\n" for line in lines if line)


def _filed(theme: Theme, script: Manuscript) -> str:
    topics = ", ".join(script.all("topic"))
    name = "filed-es.html" if script.one("lang") == "es" else "filed.html"
    return theme.fill(name, topics=topics) if topics else ""


def _credit(script: Manuscript) -> str:
    line = script.one("attribution")
    return f"<p>{line}</p>\n" if line else ""


def _listing(prefix: str, up: str, articles: list[Manuscript]) -> str:
    """Return a list of links to the articles whose path begins with `prefix`; "" if the prefix is empty."""
    chosen = [article for article in articles if prefix and article.one("path").startswith(prefix)]
    items = [
        f'<li><a href="{up}{item.one("path")[1:]}">{escape(item.one("title"))}</a></li>' for item in chosen
    ]
    return "<ul>\n" + "\n".join(items) + "\n</ul>" if items else ""
