from __future__ import annotations

import configparser
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOT_SHIPPED = {"tests", "benchmarks", "docs", "build", "dist"}


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd)} | more
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_package_list_matches_the_tree() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    listed = {name for name in settings["options"]["packages"].split() if name}
    rooms = [init.parent for init in ROOT.glob("*/__init__.py") if init.parent.name not in NOT_SHIPPED]
    packages = {"clinicdex"} | {
        ".".join(("clinicdex", *init.parent.relative_to(ROOT).parts))
        for room in rooms
        for init in room.rglob("__init__.py")
    }

    assert packages == listed


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    built = run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, ROOT, cwd=target
    )
    assert built.returncode == 0, built.stderr[-2000:]
    return next(target.glob("*.whl"))


def test_the_wheel_works_alone_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True, system_site_packages=False)
    python = tmp_path / "env/bin/python"
    dependencies = Path(next(path for path in sys.path if path.endswith("site-packages")))
    installed = run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    (next((tmp_path / "env/lib").glob("python*")) / "site-packages/dependencies.pth").write_text(
        str(dependencies)
    )

    answer = run(tmp_path / "env/bin/clinicdex", "--version", cwd=tmp_path)
    where = run(
        python,
        "-c",
        "import clinicdex, clinicdex.vocabulary.shipped as c, clinicdex.demo.sites as s; "
        "c.load(); print(clinicdex.__file__, len(s.articles('harborview')))",
        cwd=tmp_path,
    )

    assert installed.returncode == 0, installed.stderr
    assert answer.stdout.startswith("clinicdex 0."), answer.stderr
    assert str(tmp_path) in where.stdout, where.stderr
    assert where.stdout.split()[-1] == "14"


def test_all_three_ways_to_start_the_command_work(tmp_path: Path) -> None:
    script = Path(sys.executable).parent / "clinicdex"
    for command in ([sys.executable, ROOT / "cli.py"], [sys.executable, "-m", "clinicdex"], [script]):
        answer = run(*command, "--version", cwd=tmp_path)

        assert (0, "clinicdex") == (answer.returncode, answer.stdout.split()[0]), answer.stderr


def test_the_installed_whoosh_is_the_only_one() -> None:
    from importlib.metadata import packages_distributions

    assert ["whoosh3"] == sorted(set(packages_distributions()["whoosh"]))
