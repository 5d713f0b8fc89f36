"""What a test sees of a workspace."""

from __future__ import annotations

from clinicdex.flow.workspace import Workspace

__all__ = ["titles"]


def titles(workspace: Workspace) -> list[str]:
    return [found.title for found in workspace.catalogue.articles.all("faux")]
