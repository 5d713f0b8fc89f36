"""A WordPress-like site: posts, archives, a paged blog, a feed and a sitemap made from manuscripts.

The markup follows what common themes and plugins emit, including office hours inside the post.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from .manuscript import Manuscript, shelf
from .theme import MISSING, Theme

__all__ = ["pages"]

_POSTS_PER_PAGE = 6  # WordPress's default is 10; with fewer, fourteen posts have a third page
_RELATED = 3  # related-posts plugins show a row of three
_SUMMARY_WORDS = 28  # about half of WordPress's 55, so that a teaser never contains a whole paragraph


@dataclass(frozen=True, slots=True)
class _Blog:
    theme: Theme
    posts: Sequence[Manuscript]  # newest first
    people: Sequence[Manuscript]  # the clinicians with an author box


def pages(site: str, origin: str) -> dict[str, str]:
    """Map every path of the site to the text served there."""
    posts = sorted(shelf(site, "articles"), key=lambda post: post.one("published"), reverse=True)
    blog = _Blog(Theme(site, origin), posts, shelf(site, "people"))
    listed = _archives(blog) | _paged_blog(blog)
    return (
        _posts(blog) | listed | _plain_pages(blog) | _for_machines(blog) | blog.theme.static("/wp-content/")
    )


def _posts(blog: _Blog) -> dict[str, str]:
    """Map all paths of each post to its page; the canonical link names the first path."""
    return {path: _post(blog, post) for post in blog.posts for path in (*post.all("path"), *post.all("also"))}


def _post(blog: _Blog, post: Manuscript) -> str:
    main = blog.theme.fill(
        "post.html",
        id=post.one("id"),
        path=post.one("path"),
        title=_title(post),
        term_classes=_term_classes(post),
        byline=_byline(blog, post),
        published=post.one("published"),
        dated=_dated(post),
        body=post.body,
        attribution=_attribution(post),
        category_links=_term_links("category", post.all("category")),
        tag_links=_term_links("tag", post.all("tag")),
        author_boxes="".join(_author_box(blog, person) for person in _signers(blog, post)),
        related="\n".join(f"<li>{_link(other)}</li>" for other in _related(blog, post)),
        comments=_comments(blog, post),
    )
    return _page(
        blog,
        post.one("path"),
        _title(post),
        main,
        head=_post_head(blog, post),
        body_class="single single-post",
    )


def _post_head(blog: _Blog, post: Manuscript) -> str:
    return blog.theme.fill(
        "post-head.html",
        summary=_summary(post),
        meta_author=_account(post),
        published=post.one("published"),
        category=escape(post.one("category")),
        graph=json.dumps(_graph(blog.theme.origin, post)),
    )


def _graph(origin: str, post: Manuscript) -> dict[str, object]:
    """Return the schema.org description of the post, in the form that SEO plugins write."""
    url = origin + post.one("path")
    article = {
        "@type": "Article",
        "@id": f"{url}#article",
        "isPartOf": {"@id": url},
        "headline": post.one("title"),
        "datePublished": post.one("published"),
        "author": {"@type": "Person", "name": _account(post)},
        "publisher": {"@id": f"{origin}/#organization"},
        "articleSection": list(post.all("category")),
        "keywords": list(post.all("tag")),
        "inLanguage": "en-US",
    }
    title = f"{post.one('title')} | Harborview Chiropractic"
    page = {"@type": "WebPage", "@id": url, "url": url, "name": title}
    clinic = {"@type": "Organization", "@id": f"{origin}/#organization", "name": "Harborview Chiropractic"}
    return {"@context": "https://schema.org", "@graph": [article, page, clinic]}


def _account(post: Manuscript) -> str:
    """Return the account that entered the post: an agency's, or the first author's own."""
    return escape(post.one("login") or post.one("author"))


def _signers(blog: _Blog, post: Manuscript) -> list[Manuscript]:
    """Return the clinicians in the visible byline; empty for a post that the agency entered."""
    if post.one("login"):
        return []
    return [person for name in post.all("author") for person in blog.people if person.one("name") == name]


def _byline(blog: _Blog, post: Manuscript) -> str:
    links = [
        f'<span class="author vcard"><a class="url fn n" rel="author" '
        f'href="/author/{who.slug}/">{who.one("signed")}</a></span>'
        for who in _signers(blog, post)
    ]
    return blog.theme.fill("byline.html", authors=" and ".join(links)) if links else ""


def _author_box(blog: _Blog, person: Manuscript) -> str:
    return blog.theme.fill("author-box.html", signed=person.one("signed"), bio=person.body)


def _attribution(post: Manuscript) -> str:
    line = post.one("attribution")
    return f"<p>{line}</p>\n" if line else ""


def _comments(blog: _Blog, post: Manuscript) -> str:
    """Return the reader comments as HTML; a manuscript writes each as `name | date | text`."""
    items = [_comment(blog, *line.split(" | ", 2)) for line in post.all("comment")]
    if not items:
        return ""
    return blog.theme.fill("comments.html", count=str(len(items)), title=_title(post), items="".join(items))


def _comment(blog: _Blog, name: str, date: str, text: str) -> str:
    return blog.theme.fill("comment.html", name=escape(name), date=date, text=escape(text))


def _related(blog: _Blog, post: Manuscript) -> list[Manuscript]:
    """Return the posts that share the most terms with this one; newer ones first if equal."""
    terms = {*post.all("category"), *post.all("tag")}
    others = [other for other in blog.posts if other is not post]
    others.sort(key=lambda other: -len(terms & {*other.all("category"), *other.all("tag")}))
    return others[:_RELATED]


def _archives(blog: _Blog) -> dict[str, str]:
    """Map paths to the post lists of each category, each tag and each clinician."""
    listings = {}
    for kind in ("category", "tag"):
        for term in _terms(blog, kind):
            posts = [post for post in blog.posts if term in post.all(kind)]
            path = _term_path(kind, term)
            listings[path] = _listing(blog, path, f"{kind.title()}: {escape(term)}", posts)
    for person in blog.people:
        path = f"/author/{person.slug}/"
        posts = [post for post in blog.posts if person in _signers(blog, post)]
        listings[path] = _listing(blog, path, f"Author: {person.one('signed')}", posts)
    return listings


def _paged_blog(blog: _Blog) -> dict[str, str]:
    starts = range(0, len(blog.posts), _POSTS_PER_PAGE)
    listings = {}
    for number, start in enumerate(starts, start=1):
        posts = blog.posts[start : start + _POSTS_PER_PAGE]
        listings[_blog_path(number)] = _listing(
            blog, _blog_path(number), "Blog", posts, _pager(number, len(starts))
        )
    return listings


def _blog_path(number: int) -> str:
    return "/blog/" if number == 1 else f"/blog/page/{number}/"


def _pager(current: int, total: int) -> str:
    links = [
        f'<a class="page-numbers" href="{_blog_path(number)}">{number}</a>'
        if number != current
        else f'<span class="page-numbers current" aria-current="page">{number}</span>'
        for number in range(1, total + 1)
    ]
    return f'<nav class="navigation pagination" aria-label="Posts">{" ".join(links)}</nav>'


def _listing(blog: _Blog, path: str, title: str, posts: Sequence[Manuscript], pager: str = "") -> str:
    main = blog.theme.fill("listing.html", title=title, teasers=_teasers(blog, posts), pager=pager)
    return _page(blog, path, title, main, body_class="archive")


def _teasers(blog: _Blog, posts: Sequence[Manuscript]) -> str:
    return "".join(
        blog.theme.fill(
            "teaser.html",
            id=post.one("id"),
            path=post.one("path"),
            title=_title(post),
            summary=_summary(post),
        )
        for post in posts
    )


def _plain_pages(blog: _Blog) -> dict[str, str]:
    """Map paths to the pages that are not posts; `$latest` in one of them becomes the newest teasers."""
    latest = _teasers(blog, blog.posts[:_RELATED])
    return {page.one("path"): _plain(blog, page, latest) for page in shelf(blog.theme.site, "pages")}


def _plain(blog: _Blog, page: Manuscript, latest: str) -> str:
    body = page.body.replace("$latest", latest)
    main = blog.theme.fill("plain.html", title=_title(page), body=body)
    kind = "error404" if page.one("path") == MISSING else "page"
    return _page(blog, page.one("path"), _title(page), main, body_class=kind)


def _page(blog: _Blog, path: str, title: str, main: str, *, head: str = "", body_class: str = "page") -> str:
    categories = "\n".join(f"<li>{link}</li>" for link in _links("category", _terms(blog, "category"), ""))
    return blog.theme.fill(
        "page.html",
        canonical=path,
        title=title,
        main=main,
        head=head,
        body_class=body_class,
        categories=categories,
    )


def _for_machines(blog: _Blog) -> dict[str, str]:
    fill = blog.theme.fill
    return {
        "/feed/": fill("feed.xml", items="".join(_feed_item(blog, post) for post in blog.posts)),
        "/sitemap.xml": fill("sitemap.xml", items="\n".join(_sitemap_entries(blog))),
        "/robots.txt": fill("robots.txt"),
    }


def _feed_item(blog: _Blog, post: Manuscript) -> str:
    return blog.theme.fill(
        "feed-item.xml",
        title=_title(post),
        path=post.one("path"),
        id=post.one("id"),
        meta_author=_account(post),
        stamped=format_datetime(datetime.fromisoformat(post.one("published"))),
        categories="".join(
            f"<category>{escape(term)}</category>" for term in (*post.all("category"), *post.all("tag"))
        ),
        summary=_summary(post),
    )


def _sitemap_entries(blog: _Blog) -> Iterator[str]:
    """Yield the posts with their dates, and the pages whose manuscript asks to be in the sitemap."""
    for post in blog.posts:
        yield (
            f"<url><loc>{blog.theme.origin}{post.one('path')}</loc>"
            f"<lastmod>{post.one('published')}</lastmod></url>"
        )
    for page in shelf(blog.theme.site, "pages"):
        if page.one("sitemap"):
            yield f"<url><loc>{blog.theme.origin}{page.one('path')}</loc></url>"


def _terms(blog: _Blog, kind: str) -> list[str]:
    return sorted({term for post in blog.posts for term in post.all(kind)})


def _term_path(kind: str, term: str) -> str:
    return f"/{kind}/{_slug(term)}/"


def _term_links(kind: str, terms: Sequence[str]) -> str:
    return ", ".join(_links(kind, terms, ' rel="category tag"' if kind == "category" else ' rel="tag"'))


def _links(kind: str, terms: Sequence[str], rel: str) -> list[str]:
    return [f'<a href="{_term_path(kind, term)}"{rel}>{escape(term)}</a>' for term in terms]


def _term_classes(post: Manuscript) -> str:
    return " ".join(f"{kind}-{_slug(term)}" for kind in ("category", "tag") for term in post.all(kind))


def _link(post: Manuscript) -> str:
    return f'<a href="{post.one("path")}">{_title(post)}</a>'


def _title(script: Manuscript) -> str:
    return escape(script.one("title"))


def _dated(post: Manuscript) -> str:
    day = datetime.fromisoformat(post.one("published"))
    return f"{day:%B} {day.day}, {day.year}"


def _slug(term: str) -> str:
    return term.lower().replace(" ", "-")


def _summary(post: Manuscript) -> str:
    """Return the start of the first paragraph as a teaser, in markup that also fits into an attribute."""
    first = post.body.partition("</p>")[0]
    words = re.sub(r"<[^>]+>", "", first).replace('"', "&quot;").split()
    return " ".join(words[:_SUMMARY_WORDS]) + " …"
