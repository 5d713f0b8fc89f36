"""Run the demo: serve two clinic sites, crawl them and search them, with the commands a person would type.

python -m clinicdex.demo [DATA_DIR]
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .server import serve

_SEARCHES = (("back", "pain", "exercises"), ("knee", "pain", "when", "running"), ("dolor", "de", "espalda"))


def main(data_dir: Path) -> int:
    """Run the demo; return 0 if every command succeeded, else 1."""
    with serve() as origins:
        for name, origin in origins.items():
            _run(data_dir, "site", "remove", name, shown=False)  # left by an earlier demo, on other ports
            host = origin.removeprefix("http://").rstrip("/")
            if not _run(
                data_dir,
                "site",
                "add",
                origin,
                "--name",
                name,
                "--allow-host",
                host,
                "--delay",
                "0",
                shown=False,
            ):
                return 1
        print(
            f"Two clinic sites of our own are being served on this machine: {', '.join(origins.values())}\n",
            flush=True,
        )
        if not _run(data_dir, "crawl"):
            return 1
    done = all(_run(data_dir, "search", *words, "-n", "3") for words in _SEARCHES)
    command = Path(sys.executable).parent / "clinicdex"
    print(f"""
How to go on:
  {command} -d {data_dir} search "stiff neck" --facets
  {command} -d {data_dir} serve                  then open http://127.0.0.1:8000/
  {command} init --contact you@clinic.example    your own site: settings,
  {command} site add https://clinic.example      its address,
  {command} crawl                                and off it goes""")
    return 0 if done else 1


def _run(data_dir: Path, *arguments: str, shown: bool = True) -> bool:
    """Run one clinicdex command; return whether it succeeded.

    The command and what it writes to stderr are visible only if `shown`.
    """
    if shown:
        print(f"$ clinicdex {' '.join(arguments)}", flush=True)
    command = [sys.executable, "-m", "clinicdex", "-d", str(data_dir), *arguments]
    return subprocess.run(command, check=False, stderr=None if shown else subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".clinicdex-demo").resolve()))
