"""`status`, `reread`, `reindex`, `verify`, `forget`: inspect and maintain catalogue and index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .context import json_line, workspace_of

if TYPE_CHECKING:
    from ..errors import RecordDamaged

__all__ = ["forget", "reindex", "reread", "status", "verify"]


@click.command()
@click.argument("name", metavar="[SITE]", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def status(ctx: click.Context, name: str | None, as_json: bool) -> None:
    """Show what is in the catalogue, site by site; for one SITE also what was learned about it."""
    from ..flow.explain import facts_of_site, status_of
    from ..flow.sites import known_site
    from . import site_output

    with workspace_of(ctx) as workspace:
        for site in [known_site(workspace, name)] if name else workspace.catalogue.sites.all():
            state = status_of(workspace, site, detailed=bool(name))
            learned = facts_of_site(workspace, site.name) if name else None
            if as_json:
                json_line(state.to_record() | ({"learned": learned.to_record()} if learned else {}))
            else:
                click.echo(site_output.status_text(state, learned))


@click.command()
@click.argument("name", metavar="[SITE]", required=False)
@click.pass_context
def reread(ctx: click.Context, name: str | None) -> None:
    """Extract the stored pages again, without fetching anything, and index the articles."""
    from ..flow import extraction, indexing
    from ..flow.sites import known_site

    with workspace_of(ctx) as workspace:
        names = (
            [known_site(workspace, name).name]
            if name
            else [site.name for site in workspace.catalogue.sites.all()]
        )
        for site in names:
            count = extraction.reread(workspace, site)
            click.echo(
                f"{site}: {count} pages read, {workspace.catalogue.articles.count(site)} articles", err=True
            )
        indexing.index(workspace)


@click.command()
@click.option("--undo", is_flag=True, help="Go back to the index that the last one replaced.")
@click.option("--force", is_flag=True, help="Also if the catalogue is empty and the index is not.")
@click.pass_context
def reindex(ctx: click.Context, undo: bool, force: bool) -> int:
    """Rebuild the index from the catalogue, next to the current one; searches go on meanwhile."""
    from ..flow import indexing
    from .output import counted, tell_damaged

    with workspace_of(ctx) as workspace:
        if undo:
            workspace.engine.roll_back()
            click.echo("the earlier index is back; the next crawl brings it up to date", err=True)
            return 0
        if not force:
            indexing.check_catalogue(workspace)
        damaged: list[RecordDamaged] = []
        count = indexing.rebuild(workspace, on_damage=damaged.append)
        indexing.index(workspace)  # what was added meanwhile
    click.echo(f"indexed {counted(count, 'article')}", err=True)
    return tell_damaged(damaged)


@click.command()
@click.pass_context
def verify(ctx: click.Context) -> int:
    """Check catalogue and index, and that they agree. Print each problem; exit with 1 if there is one."""
    from ..flow import indexing
    from .output import counted

    with workspace_of(ctx) as workspace:
        problems = indexing.problems(workspace)
    for problem in problems:
        click.echo(problem)
    click.echo(counted(len(problems), "problem") if problems else "all is well", err=True)
    return 1 if problems else 0


@click.command()
@click.argument("target", metavar="[URL|PREFIX|SITE]", required=False)
@click.option("--undo", is_flag=True, help="Let a URL in again; the next crawl brings it back.")
@click.option("--list", "listing", is_flag=True, help="List what is kept out, and since when.")
@click.pass_context
def forget(ctx: click.Context, target: str | None, undo: bool, listing: bool) -> int:
    """Remove a URL, all below a URL that ends with a slash or star, or a site, bytes included.

    A removed URL stays out: no crawl and no import brings it back. A site can be added again.

    \b
    clinicdex forget https://clinic.example/old/
    clinicdex forget --undo https://clinic.example/old/
    """
    from datetime import datetime

    from . import output, site_output

    if listing == bool(target):
        raise click.UsageError("name a URL, a prefix or a site, or give --list")
    with workspace_of(ctx) as workspace:
        if listing:
            for prefix, since in workspace.catalogue.tombstones.all().items():
                click.echo(f"{output.clean(prefix)}\t{datetime.fromtimestamp(since).astimezone():%Y-%m-%d}")
            return 0
        from ..flow import forgetting

        if undo:
            forgetting.let_in(workspace, str(target))
            click.echo(f"{target} may come back with the next crawl", err=True)
            return 0
        forgotten = forgetting.forget(workspace, str(target))
    click.echo(site_output.forgotten_text(forgotten), err=True)
    return 0 if forgotten.found else 1
