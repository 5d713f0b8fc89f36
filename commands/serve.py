"""`serve`, `embed`, `report`: the search box on the web, in a page, and what was searched for in it."""

from __future__ import annotations

import click

from .context import config_of, json_line, readable_by_others

__all__ = ["embed", "report", "serve"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--cors", metavar="ORIGIN", multiple=True, help="Let pages of this origin search; repeatable.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, cors: tuple[str, ...]) -> None:
    """Serve the search page, its API and the search box."""
    from ..searchbox import server

    server.run(config_of(ctx), host, port, cors, lambda text: click.echo(text, err=True))


@click.command()
@click.option("--html", "form", flag_value="html", default=True, help="For any page (the default).")
@click.option("--wordpress", "form", flag_value="wordpress", help="For a Custom HTML block of WordPress.")
@click.option(
    "--plugin",
    metavar="FILE.zip",
    type=click.Path(dir_okay=False),
    help="Write the WordPress plugin instead.",
)
@click.option(
    "--static",
    "folder",
    metavar="URL",
    help="Where an exported search box was uploaded (`clinicdex export --static`): /search/",
)
@click.option(
    "--server",
    metavar="URL",
    help="Where the search box is served; without it, the first of `hosts` in clinicdex.toml.",
)
@click.pass_context
def embed(ctx: click.Context, form: str, plugin: str | None, folder: str | None, server: str | None) -> None:
    """Print the code to paste into a page to show the search box there.

    \b
    clinicdex embed --server https://search.clinic.example
    clinicdex embed --static /search/
    clinicdex embed --plugin clinicdex-search.zip
    """
    from ..searchbox import embed as snippets

    if plugin is not None:
        _write_plugin(ctx, plugin, snippets.plugin())
        return
    if folder is not None:
        click.echo(snippets.of_folder(form, folder))
        return
    server_url = server or next((f"https://{host}" for host in config_of(ctx).hosts if host != "*"), None)
    if server_url is None:
        server_url = "http://127.0.0.1:8000"
        click.echo(
            "clinicdex: this works on this machine only; name the server with --server "
            "https://…, or in clinicdex.toml (hosts)",
            err=True,
        )
    click.echo(snippets.of(form, server_url))


def _write_plugin(ctx: click.Context, name: str, packed: bytes) -> None:
    from pathlib import Path

    from ..errors import ConfigError

    try:
        with readable_by_others(ctx):
            Path(name).write_bytes(packed)
    except OSError as error:
        raise ConfigError(f"cannot write {name}: {error.strerror}; name another file") from error
    click.echo(
        f"wrote {name}; in WordPress: Plugins, Add New, Upload Plugin; then Settings, clinicdex search",
        err=True,
    )


@click.command()
@click.option(
    "--searches", is_flag=True, help="What is searched for, what finds nothing, and what is chosen."
)
@click.option(
    "-n", "most", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many of each."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def report(ctx: click.Context, searches: bool, most: int, as_json: bool) -> None:
    """Report on the use of the search box.

    \b
    clinicdex report --searches
    """
    from ..searchbox.query_log import logs, tally
    from . import output

    if not searches:
        raise click.UsageError("give --searches")
    paths = logs(config_of(ctx).folder.searches)
    counts = tally(paths, most)
    if as_json:
        json_line(counts.to_record())
    else:
        click.echo(output.searches_text(counts), nl=False)
        if not paths:
            click.echo(
                "clinicdex: nothing was searched for yet in the search box (`clinicdex "
                "serve`), or log_searches is off",
                err=True,
            )
