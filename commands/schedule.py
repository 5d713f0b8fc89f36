"""`schedule`: crawl sites when they are due."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .context import config_of, file_of, json_line, moment, workspace_of
from .crawl import show_summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..flow.scheduler import SiteResult
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
    from . import output
    from .signals import stop_signal

    codes = [0]
    with stop_signal() as stopping, output.progress(quiet=ctx.obj["quiet"]) as tell:
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
    with workspace_of(ctx) as workspace:
        runs = workspace.catalogue.sites.last_runs()
        for site in workspace.catalogue.sites.all():
            run = runs.get(site.name)
            record: dict[str, Any] = {
                "site": site.name,
                "schedule": site.every or site.cron,
                "next_due": moment(site.next_due),
            }
            record |= {
                "last_outcome": run.outcome if run else None,
                "last_ended": moment(run.ended) if run else None,
            }
            record |= {"failures": workspace.catalogue.sites.failures(site.name)}
            json_line(record) if as_json else click.echo(
                "\t".join(str(value or "-") for value in record.values())
            )


@schedule.command("next")
@click.option("-n", "most", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a run.")
@click.pass_context
def schedule_next(ctx: click.Context, most: int, as_json: bool) -> None:
    """Show the next runs, as they will happen if none fails."""
    from ..flow.timetable import foreseen, zone_of

    config = config_of(ctx)
    with workspace_of(ctx) as workspace:
        for when, name in foreseen(workspace.catalogue.sites.all(), zone_of(config), most):
            time = when.isoformat(timespec="minutes")
            json_line({"when": time, "site": name}) if as_json else click.echo(f"{time}\t{name}")


@schedule.command("history")
@click.argument("name", metavar="[SITE]", required=False)
@click.option("-n", "most", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a run, with all it counted.")
@click.pass_context
def schedule_history(ctx: click.Context, name: str | None, most: int, as_json: bool) -> None:
    """Show the last runs of a site, or of all sites, newest first."""
    with workspace_of(ctx) as workspace:
        for run in workspace.catalogue.sites.runs(name, most):
            json_line(_record(run)) if as_json else click.echo("\t".join(str(value) for value in _line(run)))


def _record(run: Run) -> dict[str, Any]:
    return {
        "site": run.site,
        "started": moment(run.started),
        "ended": moment(run.ended),
        "outcome": run.outcome,
        **_counts(run),
    }


def _counts(run: Run) -> dict[str, Any]:
    return {name: value for name, value in run.counts.items() if name not in ("site", "outcome")}


_SHOWN = {"asked": "fetched", "unchanged": "unchanged", "articles": "articles", "seconds": "seconds"}


def _line(run: Run) -> list[object]:
    counted = ", ".join(f"{run.counts[name]} {label}" for name, label in _SHOWN.items() if name in run.counts)
    return [moment(run.started), run.site, run.outcome, counted or "-"]


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
        folder.mkdir(parents=True, exist_ok=True)
        for name, unit in units.items():
            (folder / f"{name}.service").write_text(
                unit(config_of(ctx).data_dir, file_of(ctx)) + "\n", encoding="utf-8"
            )
    except OSError as error:
        raise ConfigError(f"cannot write to {folder}: {error.strerror}; name another folder") from error
    click.echo(
        f"wrote {', '.join(f'{name}.service' for name in units)}; systemctl --user enable "
        f"--now {' '.join(units)} starts both",
        err=True,
    )
