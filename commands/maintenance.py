"""`status`, `reread`, `reindex`, `verify`, `forget`: inspect and maintain catalogue and index."""

from __future__ import annotations

import click

from .context import json_line, workspace_of

__all__ = ["forget", "reindex", "reread", "status", "verify"]


@click.command()
@click.argument("name", metavar="[SITE]", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def status(ctx: click.Context, name: str | None, as_json: bool) -> None:
    """Show what is in the catalogue, site by site; for one SITE also what was learned about it."""
    from ..flow.explain import facts_of_site, status_of
    from ..flow.sites import known_site
    from . import output

    with workspace_of(ctx) as workspace:
        for site in [known_site(workspace, name)] if name else workspace.catalogue.sites.all():
            state = status_of(workspace, site)
            learned = facts_of_site(workspace, site.name) if name else None
            if as_json:
                json_line(state.to_record() | ({"learned": learned.to_record()} if learned else {}))
            else:
                click.echo(output.status_text(state, learned))


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
@click.pass_context
def reindex(ctx: click.Context, undo: bool) -> None:
    """Rebuild the index from the catalogue, next to the current one; searches go on meanwhile."""
    from ..flow import indexing

    with workspace_of(ctx) as workspace:
        if undo:
            workspace.engine.roll_back()
            click.echo("the earlier index is back; the next crawl brings it up to date", err=True)
            return
        count = indexing.rebuild(workspace)
        indexing.index(workspace)  # what was added meanwhile
    click.echo(f"indexed {count} articles", err=True)


@click.command()
@click.pass_context
def verify(ctx: click.Context) -> int:
    """Check catalogue and index, and that they agree. Print each problem; exit with 1 if there is one."""
    from ..flow import indexing

    with workspace_of(ctx) as workspace:
        problems = indexing.problems(workspace)
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} problems" if problems else "all is well", err=True)
    return 1 if problems else 0


@click.command()
@click.argument("target", metavar="[URL|PREFIX|SITE]", required=False)
@click.option("--undo", is_flag=True, help="Let a URL in again; the next crawl brings it back.")
@click.option("--list", "listing", is_flag=True, help="List what is kept out, and since when.")
@click.pass_context
def forget(ctx: click.Context, target: str | None, undo: bool, listing: bool) -> None:
    """Remove a URL, all below a URL that ends with a slash or star, or a site, bytes included.

    A removed URL stays out: no crawl and no import brings it back. A site can be added again.

    \b
    clinicdex forget https://clinic.example/old/
    clinicdex forget --undo https://clinic.example/old/
    """
    from datetime import UTC, datetime

    from ..errors import ConfigError
    from . import output

    if listing == bool(target):
        raise click.UsageError("name a URL, a prefix or a site, or give --list")
    with workspace_of(ctx) as workspace:
        if listing:
            for prefix, since in workspace.catalogue.tombstones.all().items():
                click.echo(f"{output.clean(prefix)}\t{datetime.fromtimestamp(since, UTC):%Y-%m-%d}")
        elif undo:
            if not workspace.catalogue.tombstones.lift(str(target)):
                raise ConfigError(f"{target} is not kept out; `clinicdex forget --list` shows what is")
            click.echo(f"{target} may come back with the next crawl", err=True)
        else:
            from ..flow import forgetting

            click.echo(f"forgot {forgetting.forget(workspace, str(target))} pages and articles", err=True)
