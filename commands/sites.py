"""`init` and `site`: write the settings file, and manage the sites to crawl."""

from __future__ import annotations

import sys
from typing import Any

import click

from .context import json_line, workspace_of

__all__ = ["init", "site"]


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--site", "site_url", metavar="URL", help="Add this site at once.")
@click.option("--contact", metavar="MAIL", help="Whom a site may write to; part of the user agent.")
@click.pass_context
def init(ctx: click.Context, folder: str, site_url: str | None, contact: str | None) -> None:
    """Write a commented clinicdex.toml.

    \b
    clinicdex init --site https://clinic.example --contact me@clinic.example
    """
    from pathlib import Path

    from .. import config
    from ..errors import ConfigError
    from ..flow.sites import new_site

    file = Path(folder) / config.FILE_NAME
    if contact is None and not file.exists() and sys.stdin.isatty():
        contact = (
            click.prompt(
                "Contact for site owners (mail or URL; empty for none)", default="", show_default=False
            )
            or None
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(config.template(contact))
    except FileExistsError:
        raise ConfigError(f"{file} is there already; edit it, or remove it first") from None
    except OSError as error:
        raise ConfigError(f"cannot write {file}: {error.strerror}; name another folder") from error
    click.echo(f"wrote {file}", err=True)
    if site_url:
        ctx.obj["file"] = str(file)
        with workspace_of(ctx) as workspace:
            site = new_site(workspace, site_url, None)
            click.echo(f"added {site.name}; next: clinicdex crawl", err=True)


@click.group()
def site() -> None:
    """Manage the sites to crawl."""


@site.command("add")
@click.argument("url")
@click.option("--name", help="Short name; made from the host otherwise.")
@click.option("--every", metavar="1d", help="Crawl so often: 30m, 6h, 1d, 2w.")
@click.option("--cron", metavar="E", help="Crawl at these times: '0 3 * * *'.")
@click.option("--delay", metavar="S", type=click.FloatRange(min=0), help="Seconds between two requests.")
@click.option("--allow", metavar="GLOB", multiple=True, help="Fetch only paths like this; repeatable.")
@click.option("--deny", metavar="GLOB", multiple=True, help="Never fetch paths like this; repeatable.")
@click.option(
    "--allow-host",
    metavar="HOST:PORT",
    multiple=True,
    help="Fetch from here although the address is not public; repeatable.",
)
@click.pass_context
def site_add(ctx: click.Context, /, url: str, **options: Any) -> None:
    """Add a site, or change its settings.

    \b
    clinicdex site add https://clinic.example --every 1d
    """
    from ..flow.sites import new_site

    with workspace_of(ctx) as workspace:
        added = new_site(
            workspace, url, options.pop("name"), allow_hosts=options.pop("allow_host"), **options
        )
    click.echo(f"added {added.name}; next: clinicdex crawl {added.name}", err=True)


@site.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def site_list(ctx: click.Context, as_json: bool) -> None:
    """List the sites."""
    import dataclasses

    with workspace_of(ctx) as workspace:
        for entry in workspace.catalogue.sites.all():
            when = entry.every or entry.cron or "by hand"
            json_line(dataclasses.asdict(entry)) if as_json else click.echo(
                f"{entry.name}\t{entry.url}\t{when}"
            )


@site.command("remove")
@click.argument("name")
@click.pass_context
def site_remove(ctx: click.Context, name: str) -> None:
    """Remove a site from the list, with its pages and articles."""
    from ..flow import forgetting
    from ..flow.sites import known_site

    with workspace_of(ctx) as workspace:
        known_site(workspace, name)
        count = forgetting.forget(workspace, name)
    click.echo(f"removed {name}: {count} pages and articles", err=True)


@site.command("test")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def site_test(ctx: click.Context, url: str, as_json: bool) -> None:
    """Show what would happen to a URL, and why.

    This covers scope, traps, robots.txt, the response and the kind of page. Nothing is stored.

    \b
    clinicdex site test https://clinic.example/low-back-pain/
    """
    from ..flow.preview import preview_url
    from . import output

    with workspace_of(ctx) as workspace:
        preview = preview_url(workspace, url)
    json_line(preview.to_record()) if as_json else click.echo(output.url_text(preview))
