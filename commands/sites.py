"""`init` and `site`: write the settings file, and manage the sites to crawl."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from .context import json_line, readable_by_others, workspace_of

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
        with readable_by_others(ctx):
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


def _settings(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for the settings of a site to a command."""
    options = (
        click.option("--every", metavar="1d", help="Crawl so often: 30m, 6h, 1d, 2w."),
        click.option("--cron", metavar="E", help="Crawl at these times: '0 3 * * *'."),
        click.option(
            "--delay", metavar="S", type=click.FloatRange(min=0), help="Seconds between two requests."
        ),
        click.option(
            "--start",
            "starts",
            metavar="URL",
            multiple=True,
            help="Begin here too: a page, a feed or a sitemap; repeatable.",
        ),
        click.option(
            "--allow", metavar="GLOB", multiple=True, help="Fetch only paths like this; repeatable."
        ),
        click.option(
            "--deny", metavar="GLOB", multiple=True, help="Never fetch paths like this; repeatable."
        ),
        click.option(
            "--allow-host",
            "allow_hosts",
            metavar="HOST:PORT",
            multiple=True,
            help="Fetch from here although the address is not public; repeatable.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@site.command("add")
@click.argument("url")
@click.option("--name", help="Short name; made from the host otherwise.")
@_settings
@click.pass_context
def site_add(ctx: click.Context, /, url: str, name: str | None, **given: Any) -> None:
    """Add a site. For a site that is there, change the settings that are given.

    \b
    clinicdex site add https://clinic.example --every 1d
    """
    from ..flow.sites import add_site

    with workspace_of(ctx) as workspace:
        added, changes = add_site(workspace, url, name, **given)
    if changes is None:
        click.echo(f"added {added.name}; next: clinicdex crawl {added.name}", err=True)
    else:
        _tell_changes(added.name, changes)


@site.command("set")
@click.argument("name")
@click.option("--url", metavar="URL", help="Where crawls begin.")
@_settings
@click.pass_context
def site_set(ctx: click.Context, /, name: str, **given: Any) -> None:
    """Change settings of a site; those that are not given stay. An empty value takes a setting away.

    \b
    clinicdex site set clinic.example --every 6h --start https://clinic.example/feed/
    clinicdex site set clinic.example --every "" --deny ""
    """
    from ..flow.sites import change_site, known_site

    with workspace_of(ctx) as workspace:
        _, changes = change_site(workspace, known_site(workspace, name), **given)
    _tell_changes(name, changes)


def _tell_changes(name: str, changes: Sequence[str]) -> None:
    from .output import clean

    for change in changes:
        click.echo(f"{name}: changed {clean(change)}", err=True)
    if not changes:
        click.echo(f"{name}: nothing changed", err=True)


@site.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def site_show(ctx: click.Context, name: str, as_json: bool) -> None:
    """Show the settings of a site, and when it is crawled next."""
    import dataclasses

    from ..flow.sites import known_site
    from . import site_output

    with workspace_of(ctx) as workspace:
        known = known_site(workspace, name)
    json_line(dataclasses.asdict(known)) if as_json else click.echo(site_output.site_text(known))


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
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def site_remove(ctx: click.Context, name: str, yes: bool) -> None:
    """Remove a site from the list, with its pages and articles. Its settings stay in `schedule history`.

    \b
    clinicdex site remove clinic.example --yes
    """
    from ..flow.sites import known_site, remove_site
    from .output import counted

    with workspace_of(ctx) as workspace:
        known = known_site(workspace, name)
        pages, articles = workspace.catalogue.pages.count(name), workspace.catalogue.articles.count(name)
        what = f"{counted(pages, 'page')} and {counted(articles, 'article')}"
        if not yes and sys.stdin.isatty():
            click.confirm(
                f"Remove {name} with {what}? Only a new crawl brings them back.", abort=True, err=True
            )
        remove_site(workspace, known)
    click.echo(f"removed {name}: {what}", err=True)


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
