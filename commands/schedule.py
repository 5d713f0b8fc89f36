"""`schedule`: crawl sites when they are due."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .context import config_of, file_of, json_line, moment, readable_by_others, workspace_of
from .crawl import show_summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..flow.several import SiteResult
    from ..flow.sites import Run

__all__ = ["schedule"]


@click.group()
def schedule() -> None:
    """Crawl sites when they are due."""


@schedule.command("run")
@click.option("--once", is_flag=True, help="Crawl what is due, then end: for cron and systemd.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N", help="Sites at once."
)
@click.pass_context
def schedule_run(ctx: click.Context, once: bool, jobs: int) -> int:
    """Crawl every site when it is due, until SIGTERM or Ctrl-C.

    \b
    clinicdex schedule run --jobs 4
    clinicdex schedule run --once
    """
    from ..flow import scheduler
    from . import site_output
    from .signals import stop_signal

    codes = [0]
    with stop_signal() as stopping, site_output.progress(quiet=ctx.obj["quiet"]) as tell:
        for ended in scheduler.run_schedule(config_of(ctx), jobs, tell, stopping, once=once):
            codes.append(_told(ctx, ended))
        return stopping.code or (max(codes) if once else 0)


def _told(ctx: click.Context, ended: SiteResult) -> int:
    from ..errors import Error

    if isinstance(ended.result, Exception):
        click.echo(f"clinicdex: {ended.result}", err=True)
        return ended.result.exit_code if isinstance(ended.result, Error) else 1
    return show_summary(ctx, ended.result, as_json=False)


@schedule.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site.")
@click.pass_context
def schedule_list(ctx: click.Context, as_json: bool) -> None:
    """List the sites, when each is due and how its last run ended."""
    from .site_output import schedule_line

    with workspace_of(ctx) as workspace:
        runs = workspace.catalogue.sites.last_runs()
        sites = workspace.catalogue.sites.all()
        for site in sites:
            run = runs.get(site.name)
            record: dict[str, Any] = {
                "site": site.name,
                "schedule": site.every or site.cron,
                "next_due": moment(site.next_due),
                "last_outcome": run.outcome if run else None,
                "last_ended": moment(run.ended) if run else None,
                "failures": workspace.catalogue.sites.failures(site.name),
            }
            json_line(record) if as_json else click.echo(schedule_line(site, run, record["failures"]))
    if not sites:
        click.echo("no sites yet; add one: clinicdex site add URL --every 1d", err=True)


@schedule.command("next")
@click.option("-n", "most", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a run.")
@click.pass_context
def schedule_next(ctx: click.Context, most: int, as_json: bool) -> None:
    """Show the next runs, in local time, as they will happen if none fails.

    On a terminal each line says how far away the run is; elsewhere it is a time and a name.
    """
    from ..flow.timetable import foreseen, zone_of
    from .site_output import when_text

    config = config_of(ctx)
    with workspace_of(ctx) as workspace:
        coming = foreseen(workspace.catalogue.sites.all(), zone_of(config), most)
    for when, name in coming:
        time = when.isoformat(timespec="minutes")
        if as_json:
            json_line({"when": time, "site": name})
        elif sys.stdout.isatty():
            click.echo(f"{when_text(when.timestamp(), zone=when.tzinfo):<32}{name}")
        else:
            click.echo(f"{time}\t{name}")
    if not coming:
        click.echo("nothing is scheduled; clinicdex site set NAME --every 1d", err=True)


@schedule.command("history")
@click.argument("name", metavar="[SITE]", required=False)
@click.option("-n", "most", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a run, with all it counted.")
@click.pass_context
def schedule_history(ctx: click.Context, name: str | None, most: int, as_json: bool) -> None:
    """Show the last runs of a site, or of all sites, newest first, and what each changed."""
    from .site_output import run_line

    with workspace_of(ctx) as workspace:
        runs = workspace.catalogue.sites.runs(name, most)
    for run in runs:
        json_line(_record(run)) if as_json else click.echo(run_line(run))
    if not runs:
        click.echo("no runs yet; the first is: clinicdex crawl", err=True)


def _record(run: Run) -> dict[str, Any]:
    counts = {name: value for name, value in run.counts.items() if name not in ("site", "outcome")}
    times = {"started": moment(run.started), "ended": moment(run.ended)}
    return {"site": run.site, **times, "outcome": run.outcome, **counts}


@schedule.command("export")
@click.option("--systemd", "form", flag_value="systemd", help="A service that runs all the time.")
@click.option("--cron", "form", flag_value="cron", help="A line for crontab that looks every five minutes.")
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Write the units of the schedule and of the search box into a folder.",
)
@click.pass_context
def schedule_export(ctx: click.Context, form: str | None, into: str | None) -> None:
    """Print the systemd unit or crontab line that starts the schedule.

    \b
    clinicdex schedule export --systemd > ~/.config/systemd/user/clinicdex.service
    clinicdex schedule export --systemd --into ~/.config/systemd/user
    clinicdex schedule export --cron | crontab -
    """
    from . import service_units

    if form is None:
        raise click.UsageError("For which program? --systemd or --cron")
    if into is not None:
        _write_units(
            ctx,
            form,
            Path(into),
            {"clinicdex": service_units.unit, "clinicdex-serve": service_units.serving_unit},
        )
        return
    text_of = service_units.unit if form == "systemd" else service_units.crontab
    click.echo(text_of(config_of(ctx).data_dir, file_of(ctx)))


def _write_units(
    ctx: click.Context, form: str, folder: Path, units: dict[str, Callable[[Path, Path | None], str]]
) -> None:
    from ..errors import ConfigError

    if form != "systemd":
        raise click.UsageError("--into is for --systemd; a crontab has no folder")
    try:
        with readable_by_others(ctx):
            folder.mkdir(parents=True, exist_ok=True)
            for name, unit in units.items():
                text = unit(config_of(ctx).data_dir, file_of(ctx))
                (folder / f"{name}.service").write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write to {folder}: {error.strerror}; name another folder") from error
    click.echo(
        f"wrote {', '.join(f'{name}.service' for name in units)}; systemctl --user enable "
        f"--now {' '.join(units)} starts both",
        err=True,
    )
