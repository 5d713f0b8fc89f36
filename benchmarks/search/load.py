"""Searches per second that the server answers on loopback, compared with bare Starlette and tantivy.

    python benchmarks/search/load.py GOLD [--docs N] [--seconds S]

20,000 generated articles, the short MedQuAD queries one after the other, 16 connections of `wrk` for 30
seconds, one process of each server; ours is `clinicdex serve` with its defaults. `slow` is ours again while
500 other connections each send one byte of a request per second. "ours, titles" is the Meilisearch-compatible
search with ten titles and URLs; "ours, page" is `/search.json` with snippets, facets and pins; "tantivy"
returns ten titles and URLs from its stored fields through the same kind of thread pool and the same protocol.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import anyio.to_thread
import uvicorn
from engines import ENGINES
from generated import documents, questions
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

CONNECTIONS, SLOW, THREADS = 16, 500, 4
PATHS = {
    "bare Starlette": "/search?q=",
    "ours, titles": "/indexes/articles/search?limit=10&attributesToRetrieve=title,url&q=",
    "ours, page": "/search.json?q=",
    "tantivy": "/search?q=",
}


def bare() -> Starlette:
    answer = {
        "hits": [{"title": f"Title {number}", "url": f"https://a.example/{number}"} for number in range(10)]
    }

    async def search(request: Request) -> JSONResponse:
        return JSONResponse(answer | {"query": request.query_params["q"]})

    return Starlette(routes=[Route("/search", search)])


def by_tantivy(gold: Path, count: int, folder: Path) -> Starlette:
    titles = {id_: title for id_, title, _ in documents(gold, count)}
    ids = ENGINES["tantivy"](documents(gold, count), folder)

    def find(text: str) -> list[dict[str, str]]:
        return [{"title": titles[id_], "url": f"https://a.example/{id_}"} for id_ in ids(text, 10)]

    async def search(request: Request) -> JSONResponse:
        limiter = request.app.state.limiter = getattr(
            request.app.state, "limiter", None
        ) or anyio.CapacityLimiter(THREADS)
        return JSONResponse(
            {"hits": await anyio.to_thread.run_sync(find, request.query_params["q"], limiter=limiter)}
        )

    return Starlette(routes=[Route("/search", search)])


def run_server(name: str, gold: Path, count: int, folder: Path, port: int) -> None:
    app = bare() if name == "bare Starlette" else by_tantivy(gold, count, folder)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


@contextlib.contextmanager
def serving(name: str, gold: Path, count: int, folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        __file__,
        str(gold),
        "--docs",
        str(count),
        "--serve",
        name,
        "--folder",
        str(folder),
        "--port",
        str(port),
    ]
    if name.startswith("ours"):
        command = [sys.executable, "-m", "clinicdex", "-q", "-d", str(folder), "serve", "--port", str(port)]
    server = subprocess.Popen(command)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(1200):
            try:
                urllib.request.urlopen(f"{address}{PATHS[name]}pain").close()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def wrk(address: str, path: str, asked: list[str], folder: Path, seconds: int) -> dict[str, float]:
    script = folder / "ask.lua"
    paths = ",".join(json.dumps(path + quote(text)) for text in asked)
    script.write_text(
        f"local paths = {{{paths}}}\nlocal at = 0\nrequest = function() at = at % #paths + "
        f"1; return wrk.format('GET', paths[at]) end\n"
        "done = function(summary, latency) io.write(string.format('RESULT %f %f %f %f %d\\n', "
        "summary.requests / summary.duration * 1e6, "
        "latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) "
        "/ 1000, summary.errors.status + summary.errors.connect "
        "+ summary.errors.read + summary.errors.write + summary.errors.timeout)) end\n",
        encoding="utf-8",
    )
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "-s", str(script), address]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\d+)", report)
    if match is None:
        raise SystemExit(f"wrk said nothing that can be read: {report}")
    rate, p50, p95, p99, errors = map(float, match.groups())
    return {"rate": rate, "p50": p50, "p95": p95, "p99": p99, "errors": errors}


@contextlib.contextmanager
def slow_sockets(address: str) -> Iterator[None]:
    """Hold 500 connections that send their headers byte by byte; a closed connection is opened again."""
    drip = subprocess.Popen([sys.executable, __file__, "-", "--drip", address])
    time.sleep(3)
    try:
        yield
    finally:
        drip.terminate()
        drip.wait(timeout=30)


def drip(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")

    async def one() -> None:
        for _ in range(100):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(host, int(port))
                for letter in "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + "x" * 50:
                    writer.write(letter.encode())
                    await writer.drain()
                    await asyncio.sleep(1)

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(SLOW)))

    asyncio.run(all_of_them())


def measure(gold: Path, count: int, seconds: int) -> dict[str, dict[str, float]]:
    queries = questions(gold)["short"]
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        ENGINES["clinicdex"](documents(gold, count), folder)
        (folder / "ours").rename(folder / "index")
        results: dict[str, dict[str, float]] = {}
        for name, path in PATHS.items():
            with serving(name, gold, count, folder) as address:
                wrk(address, path, queries, folder, 3)  # the terms are decoded
                results[name] = wrk(address, path, queries, folder, seconds)
                if name == "ours, titles":
                    with slow_sockets(address):
                        results["ours, titles, slow"] = wrk(address, path, queries, folder, seconds)
        return results


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--drip", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        run_server(options.serve, options.gold, options.docs, options.folder, options.port)
        return
    if options.drip:
        drip(options.drip)
        return
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not there; on Debian: sudo apt-get install wrk")
    results = measure(options.gold, options.docs, options.seconds)
    bare_rate = results["bare Starlette"]["rate"]
    print(
        "| | requests/s | of the bare handler | p50 ms | p95 ms | p99 ms | errors "
        "|\n|---|---|---|---|---|---|---|"
    )
    for name, row in results.items():
        line: list[Any] = [
            f"{row['rate']:.0f}",
            f"{row['rate'] / bare_rate:.2f}",
            *(f"{row[key]:.1f}" for key in ("p50", "p95", "p99")),
            int(row["errors"]),
        ]
        print(f"| {name} | {' | '.join(map(str, line))} |")


if __name__ == "__main__":
    main()
