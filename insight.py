"""What the catalogue knows of one article or one site, as plain values: where each field comes from, what was learned."""

from __future__ import annotations

from typing import Any

from . import urls
from .article import to_record
from .errors import ConfigError
from .flow import House
from .manner import manner_of
from .pipeline.read import texts
from .pipeline.site import SiteModel

__all__ = ["of_article", "of_site"]

_SAMPLE = 12  # articles of a site that are looked into for the wording of its repeated blocks
_MOST_SHOWN = 20  # repeated blocks


def of_article(house: House, address: str) -> dict[str, Any]:
    """Give an article's record with `origins`: field -> where its value comes from.

    ConfigError if the address holds no article; it says why, if the page was read.
    """
    url = urls.canonical(address) or address
    article = house.catalogue.articles.get(url)
    if article is None:
        raise ConfigError(f"{address}: {_no_article(house, url)}")
    origins = house.catalogue.articles.origins(article.url)
    return to_record(article) | {"origins": origins | {"topics": {topic.label: topic.origin for topic in article.topics}}}


def _no_article(house: House, url: str) -> str:
    rejected = house.catalogue.pages.rejection(url)
    if rejected:
        reason, detail = rejected
        return f"no article: {reason} ({detail}); [[override]] and kinds in clinicdex.toml can change that"
    return "not in the catalogue; `clinicdex crawl` or `clinicdex import` brings articles in"


def of_site(house: House, site: str) -> dict[str, Any]:
    """Give what was learned of a site."""
    model = manner_of(house.config, house.catalogue, site).model
    return {
        "pages_learned_from": model.pages,
        "languages": dict(model.languages),
        "title_affixes": list(model.title_affixes),
        "site_headings": sorted(model.site_headings),
        "accounts": sorted(model.accounts),
        "author_places": sorted(model.author_places),
        "keywords_are_topics": model.keywords_trusted,
        "unbelieved_canonicals": sorted(model.shared_canonicals),
        "repeated_blocks": len(model.repeated),
        "repeated": _repeated(house, site, model),
    }


def _repeated(house: House, site: str, model: SiteModel) -> list[dict[str, Any]]:
    """Spell out the blocks that stand on most pages: the model keeps only their keys."""
    spelled: dict[str, float] = {}
    for url, _, _ in house.catalogue.articles.candidates(site)[:_SAMPLE]:
        held = house.catalogue.pages.get(url)
        for block in texts(held[1]) if held else ():
            spelled[block.text] = model.share(block)
    ranked = sorted(((share, text) for text, share in spelled.items() if share), key=lambda entry: (-entry[0], entry[1]))
    return [{"text": text[:120], "share": round(share, 2)} for share, text in ranked[:_MOST_SHOWN]]
