"""Write the reference pages from the code: docs/cli.md from `--help`, docs/settings.md from config.py.

    python docs/reference.py        (or: make docs)

A test compares the committed pages with what this program would write.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from clinicdex import config
from clinicdex.cli import main as shell

HERE = Path(__file__).parent
WIDTH = 100  # characters of a line of help; chosen by hand
TABLES = (
    (config.Config, "Top of the file", "Each is also an option of the environment: `CLINICDEX_DELAY=2`."),
    (
        config.SiteSettings,
        "`[site.NAME]`",
        "How the pages of one site are extracted, and how often they are fetched.",
    ),
    (
        config.OverrideSettings,
        "`[[override]]`",
        "What you know better about one article; it survives every extraction.",
    ),
    (config.Pin, "`[[pin]]`", "What comes first for a query in the search box."),
)


def cli_reference() -> str:
    """Return the Markdown page about all commands."""
    parts = [
        "# Commands",
        "Written by `make docs` from the commands' own help; do not edit.",
        "```text\n" + _help(shell, "clinicdex") + "\n```",
    ]
    for name, command in _leaves(shell, "clinicdex"):
        parts += [f"## {name}", "```text\n" + _help(command, name) + "\n```"]
    return "\n\n".join(parts) + "\n"


def _leaves(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for part in group.list_commands(context):
        command = group.get_command(context, part)
        if isinstance(command, click.Group):
            yield from _leaves(command, f"{name} {part}")
        elif command is not None:
            yield f"{name} {part}", command


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def settings_reference() -> str:
    """Return the Markdown page about all settings."""
    parts = [
        "# Settings",
        "Written by `make docs` from `config.py`; do not edit.",
        "A flag beats the environment (`CLINICDEX_*`), which beats `clinicdex.toml`, which beats "
        "the default.\n"
        "`clinicdex init` writes a file with all of them in comments.",
    ]
    for table, title, purpose in TABLES:
        parts += [
            f"## {title}",
            purpose,
            "\n".join(("| setting | default | |", "|---|---|---|", *_rows(table))),
        ]
    return "\n\n".join(parts) + "\n"


def _rows(table: type) -> Iterator[str]:
    comments = _comments(table)
    nested = {"site", "override", "pin"} if table is config.Config else set()
    for field in dataclasses.fields(table):
        if field.name not in nested:
            comment = comments[field.name].replace("|", "\\|")
            yield f"| `{field.name}` | {_default(field)} | {comment} |"


def _default(field: dataclasses.Field[object]) -> str:
    if field.default is dataclasses.MISSING:
        return "needed" if field.name != "data_dir" else "`.clinicdex` next to the file"
    if field.default is None or field.default == ():
        return "none"
    value = field.default
    if isinstance(value, tuple):
        return f"`[{', '.join(repr(one) for one in value)}]`".replace("'", '"')
    return f"`{str(value).lower() if isinstance(value, bool) else repr(value)}`".replace("'", '"')


def _comments(table: type) -> dict[str, str]:
    """Return the comment at the end of each field's line, or the one above the line."""
    source = inspect.getsource(table)
    names = [field.name for field in dataclasses.fields(table)]
    comments = dict.fromkeys(names, "")
    above: list[str] = []
    for line in source.splitlines():
        field, _, comment = line.partition("  # ")
        name = field.strip().partition(":")[0]
        if line.strip().startswith("# "):
            above.append(line.strip().removeprefix("# "))
        elif name in comments:
            comments[name], above = comment or " ".join(above), []
        elif not line.strip():
            above = []
    return comments


def main() -> None:
    """Write both pages; with --check, only say which of them are out of date, and exit 1 if any is."""
    pages = {"cli.md": cli_reference(), "settings.md": settings_reference()}
    if sys.argv[1:] == ["--check"]:
        stale = [name for name, text in pages.items() if text != (HERE / name).read_text(encoding="utf-8")]
        sys.exit("".join(f"docs/{name} is out of date; run: make docs\n" for name in stale) or 0)
    for name, text in pages.items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
