"""What the owner of a site may want to know or do, seen from what a crawl found there."""

from __future__ import annotations

from ..catalogue.sites import Site
from ..records import Reason
from .workspace import Workspace

__all__ = ["advice_for"]

_FEW_SCRIPTS = 0.1  # share of the pages that may need JavaScript without a word (chosen by hand)
_WORDPRESS = "WordPress: Settings, Reading, \u201cDiscourage search engines\u201d"


def advice_for(workspace: Workspace, site: Site) -> tuple[str, ...]:
    """Return sentences for the owner of a site; none if there is nothing to say."""
    return tuple(filter(None, (_about_home(workspace, site), _about_scripts(workspace, site))))


def _about_home(workspace: Workspace, site: Site) -> str | None:
    rejection = workspace.catalogue.pages.rejection(site.url)
    if rejection is None or rejection.reason is not Reason.NOINDEX:
        return None
    asked = rejection.detail.partition(": ")[2]
    if "nofollow" in asked or "none" in asked:
        return f"the home page says {asked}, so none of its links was followed ({_WORDPRESS})"
    if workspace.catalogue.articles.count(site.name) == 0:
        return f"the home page says {asked} ({_WORDPRESS})"
    return None


def _about_scripts(workspace: Workspace, site: Site) -> str | None:
    count = workspace.catalogue.pages.rejections(site.name).get(Reason.NEEDS_JAVASCRIPT, 0)
    if count <= _FEW_SCRIPTS * workspace.catalogue.pages.count(site.name):
        return None
    return (
        f"pages that need JavaScript: {count:,}; if the site has a feed or a sitemap, start from it: "
        f"clinicdex site set {site.name} --start URL"
    )
