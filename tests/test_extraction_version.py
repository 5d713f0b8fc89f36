"""The extraction version changes with what decides an extraction, and with nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from clinicdex.pipeline.version import VERSION
from support.extraction_version import CODE, DATA, ROOT, digest, structure


def test_the_version_is_that_of_the_code_as_it_is() -> None:
    assert digest() == VERSION, "extraction has changed; run: make extraction-version"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for pattern in (*CODE, *DATA, "requirements.lock"):
        for file in ROOT.glob(pattern):
            target = tmp_path / file.relative_to(ROOT)
            target.parent.mkdir(exist_ok=True)
            shutil.copy(file, target)
    return tmp_path


def test_comments_docstrings_and_layout_do_not_count(copied: Path) -> None:
    file = copied / "pipeline" / "language.py"
    file.write_text(file.read_text().replace('"""', '"""Another word. ', 1) + "\n\n# a comment\n")

    assert VERSION == digest(copied)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("pipeline/language.py", "def detect", "def detected"),
        ("urls.py", "MAX_LENGTH = 2_000", "MAX_LENGTH = 2_001"),
        ("requirements.lock", "lxml==", "lxml==0."),
        ("requirements.lock", "babel==", "babel==0."),
    ],
)
def test_code_constants_and_locked_libraries_count(copied: Path, name: str, old: str, new: str) -> None:
    file = copied / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))

    assert VERSION != digest(copied)


def test_data_counts(copied: Path) -> None:
    file = copied / "pipeline" / "trained.json.gz"
    file.write_bytes(file.read_bytes() + b"more")

    assert VERSION != digest(copied)


def test_a_tree_is_written_the_same_whatever_the_layout() -> None:
    assert structure("def f(a):\n    return a+1") == structure(
        'def f( a ):\n    """Add."""\n    return (a +\n 1)'
    )
