"""How other programs start the schedule and the search box: systemd units and a crontab line."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["crontab", "serving_unit", "unit"]


def _command(data_dir: Path, file: Path | None, *more: str) -> list[str]:
    """Return the command line; it does not depend on the folder it is started in."""
    settings = ["-c", str(file.absolute())] if file else []
    return [sys.executable, "-m", "clinicdex", *settings, "-d", str(data_dir), *more]


def unit(data_dir: Path, file: Path | None) -> str:
    """Return a systemd unit that keeps the schedule running; when stopped, it finishes what is open."""
    return _unit("clinicdex: crawl sites when they are due", _command(data_dir, file, "schedule", "run"))


def serving_unit(data_dir: Path, file: Path | None) -> str:
    """Return a systemd unit that keeps the search box running.

    It is reachable on this machine only; a web server stands in front of it.
    """
    return _unit("clinicdex: the search box", _command(data_dir, file, "serve"))


def _unit(says: str, words: list[str]) -> str:
    """Return a systemd unit.

    Passwords for other machines come from an environment file that only its user may read (%E is ~/.config,
    or /etc for a system unit).
    """
    command = " ".join(_quoted(word) for word in words)
    return f"""\
[Unit]
Description={says}
After=network-online.target
Wants=network-online.target

[Service]
EnvironmentFile=-%E/clinicdex/environment
ExecStart={command}
Restart=on-failure
RestartSec=60
KillMode=mixed
TimeoutStopSec=60
SuccessExitStatus=143

[Install]
WantedBy=default.target"""


def _quoted(word: str) -> str:
    """Quote a word for systemd.service(5), where "%" and "$" are special."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if plain != word or " " in word else word


def crontab(data_dir: Path, file: Path | None) -> str:
    """Return a line for crontab(5); "%" is escaped because it would end the command."""
    command = shlex.join(_command(data_dir, file, "schedule", "run", "--once")).replace("%", "\\%")
    return f"*/5 * * * * {command}"
