"""What the documentation promises."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from clinicdex.cli import main
from reference import settings_reference

ROOT = Path(__file__).parent.parent
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL))
COMMANDS = re.findall(r"^clinicdex (.+?)(?:\s{2,}#.*)?$", SHELL, re.MULTILINE)
PARTS = ("Status", "Date", "Context", "Choice", "Given up", "To be looked at again")


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_of_the_readme_are_understood(line: str) -> None:
    group: click.Command = main
    args = shlex.split(line)
    while isinstance(group, click.Group):
        command = group.get_command(click.Context(group), args.pop(0))
        assert command is not None
        group = command

    group.make_context(line, args)


def test_the_readme_has_commands_at_all() -> None:
    assert len(COMMANDS) > 6


SOURCES = [
    file
    for file in ROOT.rglob("*.py")
    if not any(
        part.startswith(".") or part in ("build", "node_modules") for part in file.relative_to(ROOT).parts
    )
]


def test_every_decision_that_is_named_is_there() -> None:
    numbers = {path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")}
    named = {number for file in SOURCES for number in re.findall(r"docs/decisions/(\d{4})", file.read_text())}

    assert named
    assert named <= numbers


def test_every_decision_has_its_parts() -> None:
    lacking = {
        file.name: missing
        for file in (ROOT / "docs/decisions").glob("*.md")
        if (missing := [part for part in PARTS if f"**{part}" not in file.read_text()])
    }

    assert {} == lacking


def test_every_measurement_that_is_named_is_there() -> None:
    headings = set(re.findall(r"^## (.+)$", (ROOT / "docs/measurements.md").read_text(), re.MULTILINE))
    files = [file for file in SOURCES if "tests" not in file.parts]
    pattern = re.compile(r"docs/measurements\.md, ([\w-]+)")
    named = {name for file in files for name in pattern.findall(file.read_text())}

    assert named
    assert named <= headings


def test_the_reference_pages_are_what_the_code_says() -> None:
    # In a process of its own: click keeps the help of a command as its first user saw it.
    check = [sys.executable, str(ROOT / "docs/reference.py"), "--check"]
    assert "" == subprocess.run(check, capture_output=True, text=True, check=False).stderr


def test_every_setting_says_what_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", settings_reference(), re.MULTILINE)

    assert len(rows) > 40
    assert [] == [name for name, meaning in rows if not meaning.strip()]


def test_every_reading_rule_is_documented() -> None:
    import dataclasses

    from clinicdex.config import SiteSettings

    text = (ROOT / "docs/site-rules.md").read_text()
    assert [] == [field.name for field in dataclasses.fields(SiteSettings) if f"{field.name} = " not in text]


def test_links_between_the_papers_lead_somewhere() -> None:
    papers = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        (paper.name, target)
        for paper in papers
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", paper.read_text())
        if not (paper.parent / target).exists()
    ]
    assert [] == broken
