"""What a run takes away, and what it must not: articles that are gone, refused, hidden or held.

An article goes when its page is gone, has moved, or is no article any more. It stays when its page only does
not answer at present. If a run would take away a large share of a site at once, it takes nothing: the
deletion guard holds the articles.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import urls
from ..catalogue.sites import Site
from ..records import OutcomeKind, Reason, VisitOutcome
from .workspace import Workspace

__all__ = ["drop_denied", "give_up_refused", "hold_back", "is_large", "note_refusals", "put_back_moves"]

_LARGEST_LOSS = 0.3  # share of a site's articles from which a loss is held (chosen by hand; decision 26)
_FEWEST_SOFT = 3  # articles that a run may always find to be none any more, less one (chosen by hand)
_SAME_TEXT = "the same text on all"
_STAND_IN = VisitOutcome(kind=OutcomeKind.STAND_IN)


def is_large(lost: int, articles: int) -> bool:
    """Whether a run may not take away so many of a site's articles at once; a single one it may."""
    return lost >= max(2.0, _LARGEST_LOSS * articles)


def put_back_moves(workspace: Workspace, site: str) -> None:
    """Put back the articles whose pages redirect to something that does not answer at present."""
    earlier = workspace.catalogue.earlier(site)
    earlier.put_back({url: end for url, end in earlier.open_moves().items() if _may_return(end)})


def _may_return(end: VisitOutcome) -> bool:
    """Whether a page that redirects to this may be there again; 410 and 451 are final."""
    return end.is_inconclusive or end.kind is OutcomeKind.MOVED or end.status == 404


def hold_back(workspace: Workspace, site: str) -> dict[str, int]:
    """Put back all lost articles if a run would take away too many; return how many are held, by reason.

    Articles that all show one text where they had different ones count as lost: what they show is a login or
    maintenance page. A run that asks for a part of the site only is judged by that part, but for pages that
    say themselves that they are gone. The result is empty if nothing is held.
    """
    catalogue = workspace.catalogue
    lost, earlier = catalogue.lost(site), catalogue.earlier(site)
    gone, articles = lost.losses()
    same = earlier.sames()
    state = catalogue.frontier_state(site)
    asked = state.visited_articles()
    soft = sum(count for why, count in gone.items() if why != Reason.ERROR_PAGE) + len(same)
    total = sum(gone.values()) + len(same)
    if not is_large(total, articles) and soft < max(_FEWEST_SOFT, _LARGEST_LOSS * asked):
        return {}
    going = lost.urls() | same.keys()
    there = [url for url in earlier.urls() if url in going]
    earlier.put_back({url: _STAND_IN if (out := state.outcome(url)).is_success else out for url in there})
    return gone | ({_SAME_TEXT: len(same)} if same else {})


def note_refusals(workspace: Workspace, site: str) -> int:
    """Record which pages answer again, and show or hide their articles; return how many changed."""
    refused = workspace.catalogue.refused(site)
    refused.note_answers()
    return refused.show_or_hide()


def give_up_refused(workspace: Workspace, site: str) -> int:
    """Delete the articles that the site refuses to us, with their pages; return how many."""
    refused = workspace.catalogue.refused(site).articles()
    return _drop(workspace, site, [article.url for article in refused if article.outcome.is_refusal])


def drop_denied(workspace: Workspace, site: Site) -> dict[str, int]:
    """Delete the articles and pages that the owner's rules exclude now; count the articles by reason."""
    catalogue = workspace.catalogue
    scope = urls.Scope(site.url, site.allow, site.deny)
    denied: dict[str, list[str]] = {}
    for url in catalogue.frontier_state(site.name).pages() if site.allow or site.deny else ():
        if url != site.url and (why := scope.refusal(url)) in ("denied", "not allowed"):
            denied.setdefault(str(why), []).append(url)
    return {why: _drop(workspace, site.name, some) for why, some in denied.items()}


def _drop(workspace: Workspace, site: str, some: Sequence[str]) -> int:
    count = workspace.catalogue.lost(site).drop(some)
    workspace.catalogue.pages.drop(site, some)
    return count
