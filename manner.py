"""How the pages of a site are read by now: what was learned of it, and what its owner says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import urls
from .catalogue import Catalogue
from .config import Config, Override
from .errors import ConfigError
from .pipeline.correction import Correction
from .pipeline.kind import KINDS
from .pipeline.read import VERSION
from .pipeline.rules import SiteRules, selector_problem
from .pipeline.site import SiteModel
from .vocabulary import owner

__all__ = ["Manner", "manner_of"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How the pages of one site are read."""

    site: str
    model: SiteModel  # as learned
    rules: SiteRules  # as the owner says
    version: str  # names everything that decides how a page is read


def manner_of(config: Config, catalogue: Catalogue, site: str) -> Manner:
    """Put together how a site is read; ConfigError if the owner's settings do not fit."""
    record = catalogue.models.get(site)
    model = SiteModel.from_record(record) if record else SiteModel()
    rules = _rules(config, site)
    own = (rules, config.only_own_vocabulary, [_content_of(name) for name in config.vocabulary])
    return Manner(site, model, rules, f"{VERSION}:{model.version}:{hashlib.sha256(repr(own).encode()).hexdigest()[:8]}")


def _rules(config: Config, site: str) -> SiteRules:
    settings = config.for_site(site)
    wrong = selector_problem(settings.content, *settings.remove, settings.author, settings.date, settings.topics)
    if wrong:
        raise ConfigError(f"clinicdex.toml: {wrong}; correct the selector in the site's table")
    kinds = {*KINDS, "contact"}
    if unknown := sorted(set(settings.kinds) - kinds):
        raise ConfigError(f"clinicdex.toml: [site.{site}]: {', '.join(unknown)} is no kind of page; the kinds are {', '.join(sorted(kinds))}")
    return SiteRules(
        content=settings.content, remove=settings.remove, author=settings.author, date=settings.date, topics=settings.topics,
        language=settings.language, kinds=settings.kinds, exclude=tuple(urls.glob(pattern) for pattern in settings.exclude),
        accounts=settings.accounts, not_accounts=settings.not_accounts, title_affixes=settings.title_affixes,
        keep_repeated=settings.keep_repeated, keywords=settings.keywords, corrections=tuple((one.url, _correction(one)) for one in config.override),
    )  # fmt: skip


def _correction(one: Override) -> Correction:
    published = date.fromisoformat(one.date) if one.date else None
    return Correction(one.title, one.author, published, one.topics, one.add_topics, one.drop_topics, one.exclude)


def _content_of(name: str) -> bytes:
    """Give the content of an owner's vocabulary; ConfigError for one that cannot be read."""
    try:
        content = Path(name).read_bytes()
        owner.parse(name, content)
    except OSError as error:
        raise ConfigError(f"cannot read the vocabulary {name}: {error.strerror}; correct vocabulary in clinicdex.toml") from error
    except ValueError as error:
        raise ConfigError(f"{error}; correct the file, or vocabulary in clinicdex.toml") from error
    return content
