"""The files in deploy/ are valid in their formats and name only settings that exist."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

from clinicdex.config import Config

DEPLOY = Path(__file__).parent.parent / "deploy"


def test_the_compose_file_is_as_its_specification_wants_it() -> None:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        str(DEPLOY / "compose.yaml"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert 0 == done.returncode, done.stdout + done.stderr


def test_what_it_sets_are_settings() -> None:
    known = {f"CLINICDEX_{field.name.upper()}" for field in dataclasses.fields(Config)}
    named = set(re.findall(r"CLINICDEX_[A-Z_]+", (DEPLOY / "compose.yaml").read_text()))

    assert named
    assert set() == named - known
