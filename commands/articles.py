"""`extract`, `import`, `export`: extract single pages, import and export articles."""

from __future__ import annotations

from typing import Any

import click

from .context import config_of, json_line, workspace_of

__all__ = ["export", "extract", "import_"]


@click.command()
@click.argument("sources", metavar="FILE|URL|-...", nargs=-1)
@click.option("--url", metavar="U", help="Where the page came from.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["json", "text", "markdown", "html"]),
    default="json",
    help="What to print.",
)
@click.option("--explain", is_flag=True, help="Show every block, what became of it and why.")
@click.option(
    "--batch",
    metavar="FILE.jsonl",
    type=click.Path(allow_dash=True),
    help='One {"path"|"html", "url"} a line in, one record a line out.',
)
@click.option("--same-site", is_flag=True, help="With --batch: learn from all pages as one site first.")
@click.option(
    "--force", is_flag=True, help="With --batch: return the main content of pages that are not articles, too."
)
@click.pass_context
def extract(ctx: click.Context, /, sources: tuple[str, ...], batch: str | None, **options: Any) -> int:
    """Extract single pages: HTML or plain text, from a file, a URL or stdin (-).

    \b
    clinicdex extract page.html --url https://clinic.example/page
    clinicdex extract page.html --explain
    """
    from ..flow import single_pages
    from ..records import Rejection
    from . import jsonlines, output

    if batch:
        wrong = 0
        lines = jsonlines.each(batch)
        for record in single_pages.batch(lines, same_site=options["same_site"], force=options["force"]):
            json_line(record)
            wrong += "error" in record
        if wrong:
            lines_are = "1 line was" if wrong == 1 else f"{wrong} lines were"
            click.echo(f"clinicdex: {lines_are} wrong; see the records with an error", err=True)
        return 3 if wrong else 0
    if not sources:
        raise click.UsageError("Name a FILE or URL, or - for stdin.")
    codes = []
    for source, extraction in single_pages.examine_sources(sources, options["url"], lambda: config_of(ctx)):
        if options["explain"]:
            for verdict in extraction.verdicts:
                mark = "keep" if verdict.kept else "drop"
                click.echo(
                    f"{mark}  {verdict.reason:26.26}  {verdict.block.tag:6.6}  "
                    f"{output.clean(verdict.block.text)[:90]!r}"
                )
            continue
        outcome = extraction.outcome
        as_json = options["shape"] == "json"
        click.echo(
            output.outcome_json(outcome) if as_json else single_pages.rendered(extraction, options["shape"])
        )
        if isinstance(outcome, Rejection):
            click.echo(f"clinicdex: {source}: not an article: {outcome.reason} ({outcome.detail})", err=True)
        codes.append(1 if isinstance(outcome, Rejection) else 0)
    return max(codes, default=0)


@click.command("import")
@click.argument("file", metavar="FILE.jsonl|-")
@click.pass_context
def import_(ctx: click.Context, file: str) -> None:
    """Import articles from JSON lines, unchanged; only url and title or text are required.

    \b
    clinicdex import articles.jsonl
    """
    from ..flow import transfer
    from . import jsonlines

    with workspace_of(ctx) as workspace:
        count = transfer.take_in(workspace, jsonlines.of_file(file))
    click.echo(f"imported {count} articles", err=True)


@click.command()
@click.option(
    "--format", "shape", type=click.Choice(["jsonl", "csv"]), default="jsonl", help="JSON lines or CSV."
)
@click.option(
    "-o",
    "out",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    default="-",
    help="Where to write; stdout without it.",
)
@click.option(
    "--static",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Write a search box that needs no server into a folder.",
)
@click.pass_context
def export(ctx: click.Context, shape: str, out: str, folder: str | None) -> int:
    """Export every article.

    \b
    clinicdex export > articles.jsonl
    clinicdex export --static search/     upload it, and see `clinicdex embed --static /search/`
    """
    if folder is not None:
        return _export_static(ctx, folder)
    from ..errors import ConfigError, RecordDamaged
    from ..flow import transfer
    from . import output
    from .context import readable_by_others

    damaged: list[RecordDamaged] = []
    with workspace_of(ctx) as workspace, readable_by_others(ctx):
        try:
            with click.open_file(out, "w", encoding="utf-8", atomic=out != "-") as file:
                transfer.write(workspace.catalogue.articles.all(on_damage=damaged.append), shape, file)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise ConfigError(f"cannot write {out}: {error.strerror}; name another file") from error
    return output.tell_damaged(damaged)


def _export_static(ctx: click.Context, folder: str) -> int:
    from pathlib import Path

    from ..errors import ConfigError, RecordDamaged
    from ..index.synonyms import Synonyms
    from ..searchbox import settings, static_export
    from . import output
    from .context import readable_by_others

    damaged: list[RecordDamaged] = []
    with workspace_of(ctx) as workspace:
        articles = list(workspace.catalogue.articles.all(on_damage=damaged.append))
        if not articles:
            raise ConfigError("there are no articles yet; run `clinicdex crawl`")
        files = static_export.files(
            articles, settings.of(workspace.config, "", origins=(), host="", local=True), Synonyms()
        )
    with readable_by_others(ctx):
        static_export.write(files, Path(folder))
    size = sum(map(len, files.values()))
    click.echo(
        f"wrote {len(articles)} articles in {len(files)} files, {size / 1e6:.1f} MB, to "
        f"{folder}; upload the folder as it is",
        err=True,
    )
    return output.tell_damaged(damaged)
