"""`crawl`: collect sites now."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from .context import config_of, house_of, json_line, target_site

if TYPE_CHECKING:
    from ..catalogue.sites import Site
    from ..flow import House, Summary
    from ..orders import Crawl

__all__ = ["crawl", "show_summary"]

PARTIAL, HELD = 3, 5


@click.command()
@click.argument("targets", metavar="[SITE|URL]...", nargs=-1)
@click.option("--max-pages", type=click.IntRange(min=1), metavar="N", help="Fetch at most so many pages of a site.")
@click.option("--delay", type=click.FloatRange(min=0), metavar="S", help="Seconds between two requests; 0 for your own machine only.")
@click.option("--allow-host", metavar="HOST:PORT", multiple=True, help="Fetch from here although the address is not public; repeatable.")
@click.option("--full", is_flag=True, help="Ask for every page anew, whatever is known of it.")
@click.option("--force", is_flag=True, help="Let articles go that are gone, however many they are.")
@click.option("--dry-run", is_flag=True, help="Show what would be asked for; only robots.txt, sitemaps, feeds and the first page are.")
@click.option("--no-index", is_flag=True, help="Collect and read only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def crawl(ctx: click.Context, /, targets: tuple[str, ...], as_json: bool, dry_run: bool, **options: Any) -> int:
    """Collect sites: all of them, or those named by name or address.

    \b
    clinicdex crawl
    clinicdex crawl https://clinic.example --max-pages 50
    """
    from .. import flow, terminal
    from ..catalogue import ALL, ANEW
    from ..errors import ConfigError, Error
    from ..orders import Crawl
    from ..stopping import heeding_signals

    asks = ANEW if options["full"] else ALL
    order = Crawl(asks, options["max_pages"], options["delay"], options["allow_host"], options["force"], not options["no_index"])
    codes = []
    with house_of(ctx) as house, heeding_signals() as stopping:
        sites = [target_site(house, target, options["allow_host"]) for target in targets] or house.catalogue.sites.all()
        if not sites:
            raise ConfigError("there is no site to crawl; run `clinicdex site add URL`")
        for one in sites:
            if dry_run:
                codes.append(_show_preview(ctx, house, one, order, as_json))
                continue
            try:
                with terminal.progress(quiet=ctx.obj["quiet"]) as tell:
                    summary = flow.collect(house, one, order, tell, stopping)
            except Error as error:
                if len(sites) == 1:
                    raise
                click.echo(f"clinicdex: {error}", err=True)
                codes.append(error.exit_code)
                continue
            codes.append(show_summary(ctx, summary, as_json))
            if stopping():
                return stopping.code
    return max(codes)


def show_summary(ctx: click.Context, summary: Summary, as_json: bool) -> int:
    """Show how a crawl ended, and give its exit code."""
    from .. import terminal

    if as_json:
        json_line(dataclasses.asdict(summary))
    elif not ctx.obj["quiet"]:
        click.echo(terminal.summary_text(summary), err=True)
    return {"held": HELD, "partial": PARTIAL}.get(summary.outcome, 0)


def _show_preview(ctx: click.Context, house: House, site: Site, order: Crawl, as_json: bool) -> int:
    """Show what a crawl would ask for, best first, and give the exit code."""
    from .. import probing, terminal

    found = probing.preview(house, site, config_of(ctx), order)
    if as_json:
        json_line(found)
        return 0
    click.echo("".join(f"{terminal.clean(url)}\n" for url in found["pages"]), nl=False)
    click.echo(terminal.preview_text(found), err=True)
    return 0
