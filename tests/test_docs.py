"""What the papers promise."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from clinicdex.cli import main

ROOT = Path(__file__).parent.parent
COMMANDS = re.findall(
    r"^\.venv/bin/clinicdex (.+?)(?:\s{2,}#.*)?$", (ROOT / "README.md").read_text(), re.MULTILINE
)


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_of_the_readme_are_understood(line: str) -> None:
    group: click.Command = main
    args = shlex.split(line)
    while isinstance(group, click.Group):
        found = group.get_command(click.Context(group), args.pop(0))
        assert found is not None
        group = found

    group.make_context(line, args)


def test_the_readme_has_commands_at_all() -> None:
    assert len(COMMANDS) > 6


def test_every_decision_that_is_named_is_there() -> None:
    numbers = {path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")}
    named = {
        number
        for file in ROOT.glob("*/*.py")
        for number in re.findall(r"docs/decisions/(\d{4})", file.read_text())
    }

    assert named and named <= numbers


def test_every_measurement_that_is_named_is_there() -> None:
    text = (ROOT / "docs/measurements.md").read_text()
    files = [*ROOT.glob("*.py"), *ROOT.glob("*/*.py")]
    named = {
        name
        for file in files
        if file.parent.name != "tests"
        for name in re.findall(r"docs/measurements\.md, ([\w-]+)", file.read_text())
    }

    assert named and [] == [name for name in named if f"| {name} |" not in text]


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
