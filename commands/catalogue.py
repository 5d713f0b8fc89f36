"""`catalogue copy`: copy the catalogue to another store."""

from __future__ import annotations

import click

__all__ = ["catalogue"]


@click.group()
def catalogue() -> None:
    """Move the catalogue to another store."""


@catalogue.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a table.")
@click.pass_context
def copy_command(ctx: click.Context, source: str, target: str, as_json: bool) -> None:
    """Copy a catalogue into an empty one, and check that every row arrived.

    FROM and TO are database URLs as in the setting `catalogue`. The catalogue of a data folder is the file
    catalogue.sqlite in it. Rebuild the index from the copy afterwards.

    \b
    clinicdex catalogue copy sqlite:////srv/articles/catalogue.sqlite postgresql+psycopg://clinicdex@db/clinicdex
    clinicdex reindex
    """
    from dataclasses import asdict

    from ..flow.workspace import copy_catalogue
    from . import output
    from .context import json_line

    with output.renewed(quiet=ctx.obj["quiet"]) as say:
        copied = copy_catalogue(source, target, lambda table, rows: say(f"{table}: {rows} rows"))
    for table in copied:
        json_line(asdict(table)) if as_json else click.echo(
            f"{table.table}\t{table.rows}\t{table.digest[:16]}"
        )
    click.echo("every row is there; set `catalogue` to the copy, then run `clinicdex reindex`", err=True)
