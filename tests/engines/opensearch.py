"""A real OpenSearch server for tests: one node on loopback, from jars of Maven Central.

Only Java and Maven must be installed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from ports import free_port

__all__ = ["Node", "build", "start"]

_HERE = Path(__file__).parent
_TRIES = 3  # Maven Central times out sometimes
_SECONDS = 180  # limit for a start, which takes 8 to 10 s on two idle cores
_STOP_SECONDS = 30  # then SIGKILL; chosen by hand
# -XX:TieredStopAtLevel=1 (added in start) halves the CPU time of a start; SPI,COMPAT are the locale providers
# that the server's own launcher sets.
_JAVA = [
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.locale.providers=SPI,COMPAT",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    "-Djna.nosys=true",
    "-Dio.netty.noUnsafe=true",
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
]


def build(folder: Path) -> None:
    """Fetch the jars into a folder and compile the starter, unless that was done before.

    Raises SystemExit that says what is missing.
    """
    stamp, wanted = folder / "built", (_HERE / "pom.xml").read_text() + (_HERE / "Server.java").read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    for command in ("mvn", "javac"):
        if not shutil.which(command):
            raise SystemExit(
                f"{command} is not there: OpenSearch needs Maven and a JDK 11 or newer; on "
                f"Debian: sudo apt-get install maven default-jdk-headless"
            )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    copy = [
        "mvn",
        "-B",
        "-ntp",
        "-q",
        "-f",
        str(_HERE / "pom.xml"),
        "dependency:copy-dependencies",
        f"-DoutputDirectory={folder / 'lib'}",
        "-DincludeScope=runtime",
    ]
    if not any(subprocess.run(copy, stdin=subprocess.DEVNULL).returncode == 0 for _ in range(_TRIES)):
        raise SystemExit("Maven could not fetch OpenSearch; see above")
    subprocess.run(
        [
            "javac",
            "-nowarn",
            "-cp",
            f"{folder / 'lib'}/*",
            "-d",
            str(folder / "classes"),
            str(_HERE / "Server.java"),
        ],
        check=True,
    )
    stamp.write_text(wanted)


@dataclass(frozen=True)
class Node:
    """A running server."""

    pid: int
    url: str  # "http://127.0.0.1:PORT"
    process: subprocess.Popen[bytes] | None = None  # None if another process started the node

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Stop the server; SIGKILL has the effect of a power failure."""
        end = time.monotonic() + _STOP_SECONDS
        try:
            os.kill(self.pid, how)
            while self._is_alive() and time.monotonic() < end:
                time.sleep(0.1)
            if self._is_alive():
                os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def _is_alive(self) -> bool:
        if self.process is not None:
            return self.process.poll() is None
        os.kill(self.pid, 0)
        return True


def start(folder: Path, home: Path, port: int | None = None, heap: str = "512m", jit: int = 1) -> Node:
    """Start a node that keeps its data in `home`; return it when it answers.

    Raises SystemExit with the end of its log if it does not start.
    """
    port = port or free_port()
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "tmp").mkdir(exist_ok=True)
    shutil.copy(_HERE / "log4j2.properties", home / "config")
    own = [
        f"-Xms{heap}",
        f"-Xmx{heap}",
        f"-XX:TieredStopAtLevel={jit}",
        f"-Djava.io.tmpdir={home / 'tmp'}",
        f"-Djna.tmpdir={home / 'tmp'}",
    ]
    command = [
        "java",
        *_JAVA,
        *own,
        "-cp",
        f"{folder / 'classes'}:{folder / 'lib'}/*",
        "Server",
        str(port),
        str(home),
    ]
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    node = Node(process.pid, f"http://127.0.0.1:{port}", process)
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and process.poll() is None:
        if _is_ready(node):
            return node
        time.sleep(0.25)
    if process.poll() is None:
        node.stop(signal.SIGKILL)
    raise SystemExit(
        f"OpenSearch did not start; the end of {home / 'log'}:\n{(home / 'log').read_text()[-2000:]}"
    )


def _is_ready(node: Node) -> bool:
    """Whether this process answers, and not another at the same URL, and its cluster is not red."""
    try:
        nodes = _asked(f"{node.url}/_nodes/_local/process")["nodes"].values()
        health = _asked(f"{node.url}/_cluster/health")["status"]
    except (OSError, ValueError, KeyError):
        return False
    return [node_info["process"]["id"] for node_info in nodes] == [node.pid] and health in ("green", "yellow")


def _asked(url: str) -> dict:  # type: ignore[type-arg]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=5) as answer:
        body: dict = json.load(answer)  # type: ignore[type-arg]
    return body
