"""How the pages of a site are extracted now: by what was learned of it, and by its owner's settings."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import date

from .. import urls
from ..config import Config, OverrideSettings
from ..errors import ConfigError
from ..pipeline.kind import OWNERS_KINDS
from ..pipeline.opt_outs import SiteOptOuts
from ..pipeline.override import Override
from ..pipeline.rules import SiteRules, selector_problem
from ..pipeline.site import SiteModel
from ..pipeline.version import VERSION
from .workspace import Workspace

__all__ = ["SiteProfile", "profile_of"]

_GLOBS = "exclude"  # the rule that is compiled; the others are passed on as the settings have them


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """How the pages of one site are extracted."""

    site: str
    model: SiteModel  # as learned
    rules: SiteRules  # as the owner sets them
    opt_outs: SiteOptOuts  # what its robots.txt and tdmrep.json reserve
    version: str  # changes with anything that decides how a page is extracted

    @property
    def setup(self) -> tuple[str, SiteModel, SiteRules, SiteOptOuts]:
        """Return what an extraction process needs to know of the site."""
        return self.site, self.model, self.rules, self.opt_outs


def profile_of(workspace: Workspace, site: str) -> SiteProfile:
    """Return how a site's pages are extracted now; ConfigError if the owner's settings are not valid."""
    config = workspace.config
    record = workspace.catalogue.models.get(site)
    model = SiteModel.from_record(record) if record else SiteModel()
    rules = _rules(config, site)
    opt_outs = _opt_outs(workspace, site)
    own = (rules, config.only_own_vocabulary, workspace.own_vocabulary, opt_outs)
    digest = hashlib.sha256(repr(own).encode()).hexdigest()[:8]
    return SiteProfile(
        site=site, model=model, rules=rules, opt_outs=opt_outs, version=f"{VERSION}:{model.version}:{digest}"
    )


def _opt_outs(workspace: Workspace, site: str) -> SiteOptOuts:
    sites = workspace.catalogue.sites
    known = sites.get(site)
    if known is None:
        return SiteOptOuts()
    origin = urls.origin(known.url)
    answer = sites.robots(site).get(origin)
    robots = answer.text if answer and answer.status == 200 else ""
    return SiteOptOuts.from_files(robots, sites.opt_outs(site).get(origin, ""))


def _rules(config: Config, site: str) -> SiteRules:
    settings = config.for_site(site)
    wrong = selector_problem(
        settings.content, *settings.remove, settings.author, settings.date, settings.topics
    )
    if wrong:
        raise ConfigError(f"clinicdex.toml: {wrong}; correct the selector in the site's table")
    if unknown := sorted(set(settings.kinds) - {*OWNERS_KINDS}):
        raise ConfigError(
            f"clinicdex.toml: [site.{site}]: {', '.join(unknown)} is not a kind of page; the "
            f"kinds are {', '.join(sorted(OWNERS_KINDS))}"
        )
    shared = {field.name for field in dataclasses.fields(settings)} & {
        field.name for field in dataclasses.fields(SiteRules)
    }
    return SiteRules(
        **{name: getattr(settings, name) for name in shared - {_GLOBS}},
        exclude=tuple(urls.glob(pattern) for pattern in settings.exclude),
        overrides=tuple((entry.url, _override(entry)) for entry in config.override),
    )


def _override(given: OverrideSettings) -> Override:
    return Override(
        title=given.title,
        author=given.author,
        published=date.fromisoformat(given.date) if given.date else None,
        topics=given.topics,
        add_topics=given.add_topics,
        drop_topics=given.drop_topics,
        exclude=given.exclude,
    )
