"""What the catalogue knows of an article or a site: origins of fields, what was learned, the last run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .. import urls
from ..catalogue.sites import Site
from ..errors import ConfigError
from ..records import Article, to_record
from .advice import advice_for
from .crawl_options import seconds_of
from .reviews import is_overdue
from .workspace import Workspace

if TYPE_CHECKING:
    from ..pipeline.blocks import Block

__all__ = ["ArticleFacts", "SiteFacts", "SiteStatus", "facts_of_article", "facts_of_site", "status_of"]

_SAMPLE = 12  # articles of a site in which the texts of its repeated blocks are looked up (chosen by hand)
_MOST_SHOWN = 20  # repeated blocks (chosen by hand)
_LONGEST_BLOCK = 120  # characters of a repeated block that are shown (chosen by hand)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """An article and the origin of each of its fields."""

    article: Article
    origins: Mapping[str, str]  # field -> origin; each topic carries its own
    overdue: bool = False  # whether it should have been reviewed again by now

    def to_record(self) -> dict[str, Any]:
        """Return JSON values: the article's record with `overdue` and `origins`."""
        topics = {topic.label: topic.origin for topic in self.article.topics}
        return to_record(self.article) | {
            "overdue": self.overdue,
            "origins": {**self.origins, "topics": topics},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedBlock:
    """A block that many pages of a site repeat."""

    text: str
    share: float  # of the site's pages, 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What was learned of a site from its pages."""

    pages_learned_from: int
    languages: Mapping[str, int] = field(default_factory=dict)  # language that pages claim -> number of pages
    title_affixes: tuple[str, ...] = ()
    site_headings: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    author_places: tuple[str, ...] = ()
    keywords_are_topics: bool = False
    unbelieved_canonicals: tuple[str, ...] = ()
    repeated_blocks: int = 0  # how many
    repeated: tuple[RepeatedBlock, ...] = ()  # some of them, with their texts

    def to_record(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStatus:
    """What the catalogue holds of one site, and how its last run went."""

    site: str
    url: str
    pages: int
    articles: int
    doubles: int  # pages that are another URL of an article
    rejected: Mapping[str, int]  # pages that are not articles, by reason
    not_found_once: int
    next_due: float | None  # Unix seconds
    last_run: str | None = None  # its outcome; None if it never ran
    last_run_started: float | None = None  # Unix seconds
    last_run_counts: Mapping[str, Any] = field(default_factory=dict)  # the fields of its Summary
    refused: Mapping[str, int] = field(default_factory=dict)  # articles kept though refused, by outcome
    away: int = 0  # articles that are not shown, because they have not answered for 30 days
    refused_articles: tuple[Mapping[str, Any], ...] = ()  # url, outcome, since (Unix seconds), is_shown
    opt_outs: Mapping[str, int] = field(default_factory=dict)  # use that is reserved -> number of articles
    advice: tuple[str, ...] = ()  # what the owner may want to do, in whole sentences

    def to_record(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


def status_of(workspace: Workspace, site: Site, *, detailed: bool = False) -> SiteStatus:
    """Return what the catalogue holds of a site; with `detailed`, also what its articles reserve."""
    catalogue = workspace.catalogue
    run = catalogue.sites.last_runs().get(site.name)
    kept = catalogue.refused(site.name).articles()
    articles = catalogue.articles.all(site.name) if detailed else ()
    return SiteStatus(
        site=site.name,
        url=site.url,
        pages=catalogue.pages.count(site.name),
        articles=catalogue.articles.count(site.name),
        doubles=catalogue.articles.doubles(site.name),
        rejected=catalogue.pages.rejections(site.name),
        not_found_once=catalogue.frontier_state(site.name).not_found_once(),
        next_due=site.next_due,
        last_run=run.outcome if run else None,
        last_run_started=run.started if run else None,
        last_run_counts=dict(run.counts) if run else {},
        refused=dict(Counter(str(article.outcome) for article in kept if article.is_shown)),
        away=sum(not article.is_shown for article in kept),
        refused_articles=tuple(
            {
                "url": article.url,
                "outcome": str(article.outcome),
                "since": article.since,
                "is_shown": article.is_shown,
            }
            for article in kept
        ),
        opt_outs=dict(Counter(use for article in articles for use in article.opt_outs)),
        advice=advice_for(workspace, site),
    )


def facts_of_article(workspace: Workspace, url: str) -> ArticleFacts:
    """Return the article at a URL, and the origins of its fields.

    ConfigError if there is none; it gives the reason if the page was extracted and rejected.
    """
    canonical = urls.canonical(url) or url
    article = workspace.catalogue.articles.get(canonical)
    if article is None:
        raise ConfigError(f"{url}: {_no_article(workspace, canonical)}")
    every = timedelta(seconds=seconds_of("review_every", workspace.config.review_every))
    return ArticleFacts(
        article=article,
        origins=workspace.catalogue.articles.origins(article.url),
        overdue=is_overdue(article, date.today(), every),
    )


def _no_article(workspace: Workspace, url: str) -> str:
    rejection = workspace.catalogue.pages.rejection(url)
    if rejection:
        why = f"{rejection.reason} ({rejection.detail})"
        return f"not an article: {why}; [[override]] and kinds in clinicdex.toml can change that"
    return "not in the catalogue; `clinicdex crawl` or `clinicdex import` brings articles in"


def facts_of_site(workspace: Workspace, site: str) -> SiteFacts:
    """Return what was learned of a site."""
    from .site_profile import profile_of

    model = profile_of(workspace, site).model
    return SiteFacts(
        pages_learned_from=model.pages,
        languages=dict(model.languages),
        title_affixes=tuple(model.title_affixes),
        site_headings=tuple(sorted(model.site_headings)),
        accounts=tuple(sorted(model.accounts)),
        author_places=tuple(sorted(model.author_places)),
        keywords_are_topics=model.keywords_trusted,
        unbelieved_canonicals=tuple(sorted(model.shared_canonicals)),
        repeated_blocks=len(model.repeated),
        repeated=_repeated(workspace, site, model.share),
    )


def _repeated(
    workspace: Workspace, site: str, share_of: Callable[[Block], float]
) -> tuple[RepeatedBlock, ...]:
    """Return repeated blocks with their texts, highest share first.

    The model keeps only their keys, so the texts are looked up in a sample of the site's articles.
    """
    from ..pipeline.extract import texts

    shares: dict[str, float] = {}
    for keys in workspace.catalogue.articles.candidates(site)[:_SAMPLE]:
        stored = workspace.catalogue.pages.get(keys.url)
        for block in texts(stored.page) if stored else ():
            shares[block.text] = share_of(block)
    ranked = sorted(
        ((share, text) for text, share in shares.items() if share), key=lambda entry: (-entry[0], entry[1])
    )
    return tuple(
        RepeatedBlock(text=text[:_LONGEST_BLOCK], share=round(share, 2))
        for share, text in ranked[:_MOST_SHOWN]
    )
