"""How other programs start the schedule: a systemd unit, a line for crontab."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

__all__ = ["crontab", "unit"]


def _command(data_dir: Path, file: str | None, *more: str) -> list[str]:
    """Give the command with nothing left to the folder it is started in."""
    where = ["-c", str(Path(file).absolute())] if file else ["-d", str(data_dir)]
    return [sys.executable, "-m", "clinicdex", *where, "schedule", "run", *more]


def unit(data_dir: Path, file: str | None) -> str:
    """Give a systemd service that keeps the schedule running; it ends with what is open finished."""
    command = " ".join(_quoted(word) for word in _command(data_dir, file))
    return f"""\
[Unit]
Description=clinicdex: crawl sites when they are due
After=network-online.target
Wants=network-online.target

[Service]
ExecStart={command}
Restart=on-failure
RestartSec=60
KillMode=mixed
TimeoutStopSec=60
SuccessExitStatus=143

[Install]
WantedBy=default.target"""


def _quoted(word: str) -> str:
    """Quote a word for systemd.service(5): "%" and "$" mean something there."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if plain != word or " " in word else word


def crontab(data_dir: Path, file: str | None) -> str:
    """Give a line for crontab(5), where "%" would end the command."""
    command = shlex.join(_command(data_dir, file, "--once")).replace("%", "\\%")
    return f"*/5 * * * * {command}"
