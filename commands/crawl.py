"""`crawl`: crawl sites now."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from .context import json_line, workspace_of

if TYPE_CHECKING:
    from ..flow.crawl_options import CrawlOptions
    from ..flow.sites import Site
    from ..flow.summary import Summary
    from ..flow.workspace import Workspace

__all__ = ["crawl", "show_summary"]

PARTIAL, HELD = 3, 5  # exit codes, as listed in cli.py


@click.command()
@click.argument("targets", metavar="[SITE|URL]...", nargs=-1)
@click.option(
    "--max-pages", type=click.IntRange(min=1), metavar="N", help="Fetch at most so many pages of a site."
)
@click.option(
    "--delay",
    type=click.FloatRange(min=0),
    metavar="S",
    help="Seconds between two requests; 0 for your own machine only.",
)
@click.option(
    "--allow-host",
    metavar="HOST:PORT",
    multiple=True,
    help="Fetch from here although the address is not public; repeatable.",
)
@click.option("--full", is_flag=True, help="Fetch every page again, whatever is known of it.")
@click.option("--force", is_flag=True, help="Let articles go that are gone, however many they are.")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show what would be fetched; only robots.txt, sitemaps, feeds and the first page are.",
)
@click.option("--no-index", is_flag=True, help="Collect and read only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def crawl(
    ctx: click.Context, /, targets: tuple[str, ...], as_json: bool, dry_run: bool, **options: Any
) -> int:
    """Crawl sites: all of them, or those given by name or URL.

    \b
    clinicdex crawl
    clinicdex crawl https://clinic.example --max-pages 50
    """
    from ..errors import ConfigError, Error
    from ..flow.crawl_options import ALL, FULL, CrawlOptions
    from ..flow.several import crawl_sites
    from ..flow.sites import target_site
    from . import site_output
    from .signals import stop_signal

    how = CrawlOptions(
        asks=FULL if options["full"] else ALL,
        max_pages=options["max_pages"],
        delay=options["delay"],
        allow_hosts=options["allow_host"],
        force=options["force"],
        index=not options["no_index"],
    )
    codes = []
    with workspace_of(ctx) as workspace, stop_signal() as stopping:
        sites = [
            target_site(workspace, target, options["allow_host"]) for target in targets
        ] or workspace.catalogue.sites.all()
        if not sites:
            raise ConfigError("there is no site to crawl; run `clinicdex site add URL`")
        if dry_run:
            return max(_show_preview(ctx, workspace, site, how, as_json) for site in sites)
        with site_output.progress(quiet=ctx.obj["quiet"]) as tell:
            for ended in crawl_sites(workspace, sites, how, tell, stopping):
                if isinstance(ended.result, Error) and len(sites) > 1:
                    click.echo(f"clinicdex: {ended.result}", err=True)
                    codes.append(ended.result.exit_code)
                elif isinstance(ended.result, Exception):
                    raise ended.result
                else:
                    codes.append(show_summary(ctx, ended.result, as_json))
        return stopping.code if stopping() else max(codes)


def show_summary(ctx: click.Context, summary: Summary, as_json: bool) -> int:
    """Print how a crawl ended, unless quiet; return its exit code."""
    from ..flow.summary import CrawlOutcome
    from . import site_output

    if as_json:
        json_line(dataclasses.asdict(summary))
    elif not ctx.obj["quiet"]:
        click.echo(site_output.summary_text(summary), err=True)
    return {CrawlOutcome.HELD: HELD, CrawlOutcome.PARTIAL: PARTIAL}.get(summary.outcome, 0)


def _show_preview(
    ctx: click.Context, workspace: Workspace, site: Site, options: CrawlOptions, as_json: bool
) -> int:
    """Print what a crawl would fetch, best first; return the exit code."""
    from ..flow.preview import preview_crawl
    from . import output

    preview = preview_crawl(workspace, site, options)
    if as_json:
        json_line(preview.to_record())
        return 0
    click.echo("".join(f"{output.clean(url)}\n" for url in preview.pages), nl=False)
    click.echo(output.preview_text(preview), err=True)
    return 0
