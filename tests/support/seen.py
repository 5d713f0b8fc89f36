"""What a workspace holds after a crawl, for tests."""

from __future__ import annotations

from clinicdex.flow.workspace import Workspace

__all__ = ["titles"]


def titles(workspace: Workspace) -> list[str]:
    return [article.title for article in workspace.catalogue.articles.all("faux")]
