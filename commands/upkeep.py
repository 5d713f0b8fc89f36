"""`status`, `reread`, `reindex`, `verify`, `forget`: look after what is there."""

from __future__ import annotations

import click

from .context import house_of, json_line, known_site

__all__ = ["forget", "reindex", "reread", "status", "verify"]


@click.command()
@click.argument("name", metavar="[SITE]", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def status(ctx: click.Context, name: str | None, as_json: bool) -> None:
    """Show what is in the catalogue, site by site; of one SITE also what was learned."""
    from .. import insight, terminal

    with house_of(ctx) as house:
        runs = house.catalogue.sites.last_runs()
        for one in [known_site(house, name)] if name else house.catalogue.sites.all():
            run = runs.get(one.name)
            record = {
                "site": one.name,
                "url": one.url,
                "pages": house.catalogue.pages.count(one.name),
                "articles": house.catalogue.articles.count(one.name),
                "doubles": house.catalogue.articles.doubles(one.name),
                "rejected": house.catalogue.pages.rejections(one.name),
                "not_found_once": house.catalogue.frontier(one.name, house.owner).struck(),
                "next_due": one.next_due,
                "last_run": run.outcome if run else None,
                "last_run_started": run.started if run else None,
                "last_run_counts": dict(run.counts) if run else {},
            }
            record |= {"learned": insight.of_site(house, one.name)} if name else {}
            json_line(record) if as_json else click.echo(terminal.status_text(record))


@click.command()
@click.argument("name", metavar="[SITE]", required=False)
@click.pass_context
def reread(ctx: click.Context, name: str | None) -> None:
    """Read the stored pages again, without asking any site, and index."""
    from .. import flow

    with house_of(ctx) as house:
        names = [known_site(house, name).name] if name else [one.name for one in house.catalogue.sites.all()]
        for one in names:
            count = flow.reread(house, one)
            click.echo(f"{one}: {count} pages read, {house.catalogue.articles.count(one)} articles", err=True)
        flow.index(house)


@click.command()
@click.option("--undo", is_flag=True, help="Go back to the index that the last one replaced.")
@click.pass_context
def reindex(ctx: click.Context, undo: bool) -> None:
    """Build the index anew from the catalogue, beside the one there is; searches go on meanwhile."""
    from .. import flow

    with house_of(ctx) as house:
        if undo:
            house.engine.roll_back()
            click.echo("the earlier index is back; the next crawl brings it up to date", err=True)
            return
        count = flow.rebuild(house)
        flow.index(house)  # what came in meanwhile
    click.echo(f"indexed {count} articles", err=True)


@click.command()
@click.pass_context
def verify(ctx: click.Context) -> int:
    """Check catalogue and index, and that they agree. Exit 1 and a line for each problem."""
    from .. import flow

    with house_of(ctx) as house:
        problems = flow.problems(house)
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} problems" if problems else "all is well", err=True)
    return 1 if problems else 0


@click.command()
@click.argument("target", metavar="[URL|PREFIX|SITE]", required=False)
@click.option("--undo", is_flag=True, help="Let an address in again; the next crawl brings it back.")
@click.option("--list", "listing", is_flag=True, help="List what is kept out, and since when.")
@click.pass_context
def forget(ctx: click.Context, target: str | None, undo: bool, listing: bool) -> None:
    """Take an address, all below one that ends with a slash or star, or a site out of everything, bytes included.

    It stays out: no crawl and no import brings it back. A site can be added again.

    \b
    clinicdex forget https://clinic.example/old/
    clinicdex forget --undo https://clinic.example/old/
    """
    from datetime import UTC, datetime

    from .. import flow, terminal
    from ..errors import ConfigError

    if listing == bool(target):
        raise click.UsageError("name an address, a prefix or a site, or give --list")
    with house_of(ctx) as house:
        if listing:
            for prefix, since in house.catalogue.tombstones.all().items():
                click.echo(f"{terminal.clean(prefix)}\t{datetime.fromtimestamp(since, UTC):%Y-%m-%d}")
        elif undo:
            if not house.catalogue.tombstones.lift(str(target)):
                raise ConfigError(f"{target} is not kept out; `clinicdex forget --list` shows what is")
            click.echo(f"{target} may come back with the next crawl", err=True)
        else:
            click.echo(f"forgot {flow.forget(house, str(target))} pages and articles", err=True)
