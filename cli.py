"""The command line: the shell around the commands, which are in `commands/` and are loaded one by one.

Data goes to stdout, everything else to stderr. Exit codes: 0 ok, 1 failed, 2 usage, 3 done but some pages
failed, 4 configuration, or site unreachable or refused, 5 held by the deletion guard, 130 interrupted, 143
terminated. No module of clinicdex is imported at module level: each command loads what it needs, so that
`search` starts without Scrapy.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from typing import Any

import click

__all__ = ["main"]

INTERRUPTED = 130
_HOMES = {
    "init": "sites", "site": "sites", "crawl": "crawl", "extract": "articles", "import": "articles",
    "export": "articles", "search": "search", "show": "search", "suggest": "search", "more-like": "search",
    "serve": "serve", "embed": "serve", "report": "serve", "schedule": "schedule", "status": "maintenance",
    "reread": "maintenance", "reindex": "maintenance", "verify": "maintenance", "forget": "maintenance",
    "catalogue": "catalogue",
}  # fmt: skip


class Shell(click.Group):
    """The group of all commands: it loads the one called, and turns errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help."""
        return list(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None if there is none with that name."""
        if cmd_name not in _HOMES:
            return None
        module = importlib.import_module(f"clinicdex.commands.{_HOMES[cmd_name]}")
        command: click.Command = getattr(
            module, "import_" if cmd_name == "import" else cmd_name.replace("-", "_")
        )
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; an error becomes one line on stderr, never a traceback."""
        from clinicdex.errors import Error

        standalone = kwargs.pop("standalone_mode", True)
        try:
            result = super().main(*args, standalone_mode=False, **kwargs)  # type: ignore[call-overload]
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except Error as error:
            click.echo(f"clinicdex: {error}", err=True)
            code = error.exit_code
        except Exception as error:
            logging.getLogger("clinicdex").debug("unexpected", exc_info=True)
            click.echo(
                f"clinicdex: unexpected {type(error).__name__}: "
                f"{str(error).splitlines()[0] if str(error) else ''}; please report it",
                err=True,
            )
            code = 1
        else:
            code = result if isinstance(result, int) else 0
        if standalone:
            sys.exit(code)
        return code

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; output that is closed early (`| head`) is not an error."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return result


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-c",
    "--config",
    "file",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Settings file; without it clinicdex.toml is looked for from here upwards.",
)
@click.option(
    "-d",
    "--data",
    "data_dir",
    metavar="DATA_DIR",
    type=click.Path(file_okay=False),
    help="Data folder; no settings file is needed then.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say more on stderr.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors on stderr.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours; auto heeds NO_COLOR.",
)
@click.version_option(package_name="clinicdex", message="clinicdex %(version)s")
@click.pass_context
def main(ctx: click.Context, /, **options: Any) -> None:
    """Collect the articles of clinic websites and make them findable.

    \b
    clinicdex init                                 begin here
    clinicdex site add https://clinic.example      name a site
    clinicdex crawl                                collect, read, index
    clinicdex search low back pain                 find

    Exit codes: 0 ok, 1 failed, 2 usage, 3 done but some pages failed, 4 configuration, or site unreachable or
    refused, 5 held by the deletion guard, 130 interrupted, 143 terminated.
    """
    # What clinicdex makes only its owner can read, whichever command, child or library makes it.
    usual = os.umask(0o077)
    ctx.call_on_close(lambda: os.umask(usual))
    ctx.obj = options | {"umask": usual}
    # numpy starts threads for matrices, which we do not use: that takes 40 ms at every start
    # (docs/measurements.md, cold-start).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    level = logging.INFO if options["verbose"] else logging.ERROR if options["quiet"] else logging.WARNING
    logging.basicConfig(level=level, format="clinicdex: %(message)s")
    if options["color"] == "never" or (options["color"] == "auto" and os.environ.get("NO_COLOR")):
        ctx.color = False
    elif options["color"] == "always":
        ctx.color = True


if __name__ == "__main__":
    from clinicdex.cli import main as installed_main

    installed_main()
