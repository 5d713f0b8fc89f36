"""Start and stop the engines that clinicdex uses on several machines, for tests and for trying them out.

    python tests/engines start      PostgreSQL and OpenSearch on loopback; prints the two settings
    python tests/engines settings   prints them again
    python tests/engines stop

The running servers are recorded in .engines/ in the root of the checkout, where the tests find them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

import opensearch
import postgresql

ROOT = Path(__file__).parent.parent.parent
STATE = ROOT / ".engines"
RUNNING = STATE / "running.json"


def start() -> None:
    if RUNNING.exists() and _is_alive(json.loads(RUNNING.read_text())):
        settings()
        return
    stop()
    opensearch.build(STATE / "opensearch")
    node = opensearch.start(STATE / "opensearch", STATE / "home")
    try:
        cluster = postgresql.start()
    except BaseException:
        node.stop()
        raise
    RUNNING.write_text(
        json.dumps(
            {
                "postgresql": cluster.url,
                "folder": str(cluster.folder),
                "opensearch": node.url,
                "pid": node.pid,
            }
        )
    )
    settings()


def settings() -> None:
    """Print the two settings as shell commands."""
    if not RUNNING.exists():
        raise SystemExit("the engines do not run; start them with: make engines")
    running = json.loads(RUNNING.read_text())
    print(f"export CLINICDEX_CATALOGUE={running['postgresql']}clinicdex")
    print(f"export CLINICDEX_INDEX=opensearch+{running['opensearch']}/articles")


def stop() -> None:
    """Stop the servers that are running, if any."""
    if RUNNING.exists():
        running = json.loads(RUNNING.read_text())
        if _is_server(running["pid"]):
            opensearch.Node(running["pid"], running["opensearch"]).stop(signal.SIGTERM)
        if Path(running["folder"], "data", "postmaster.pid").exists():
            postgresql.Cluster(Path(running["folder"]), running["postgresql"]).stop()
        RUNNING.unlink()
    shutil.rmtree(STATE / "home", ignore_errors=True)


def _is_alive(running: dict[str, str]) -> bool:
    return _is_server(int(running["pid"])) and Path(running["folder"], "data", "postmaster.pid").exists()


def _is_server(pid: int) -> bool:
    """Whether the process is one of our servers, and not another that got the same number."""
    try:
        os.kill(pid, 0)
        return b"\0Server\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


if __name__ == "__main__":
    {"start": start, "settings": settings, "stop": stop}.get(sys.argv[-1], lambda: sys.exit(__doc__))()
