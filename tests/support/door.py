"""A search box over articles that a test declares.

It runs in this process, or on loopback for real clients and browsers.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import uvicorn
from clinicdex.index.engine import Engine
from clinicdex.index.memory import MemoryEngine
from clinicdex.records import Article, Person, Source, Topic
from clinicdex.searchbox.app import application
from clinicdex.searchbox.settings import Settings
from starlette.testclient import TestClient

ROE = Person("Ann Roe, DC", "Ann Roe", ("DC",))
LOW_BACK = Topic("Low Back Pain", "mesh:D017116", "vocabulary")


def article(number: int, title: str = "", text: str = "", **more: Any) -> Article:
    title = title or f"Pain {number}"
    values: dict[str, Any] = {"site": "one", "language": "en", "url": f"https://one.example/{number}"}
    return Article(
        id=f"{number:020x}", title=title, text=text or "Back pain eases with rest.", **values | more
    )


CLINIC = [
    article(
        1,
        "Low back pain",
        "Gentle stretching eases the lower back. Walk a little every day.",
        topics=(LOW_BACK,),
        authors=(ROE,),
        published=date(2024, 5, 1),
    ),
    article(
        2,
        "Knee pain after running",
        "Rest the knee, then train it slowly.",
        topics=(Topic("Knee"),),
        authors=(ROE,),
        published=date(2023, 1, 1),
    ),
    article(
        3,
        "Sciatica",
        "The sciatic nerve hurts from the back to the foot.",
        site="two",
        topics=(Topic("Sciatica"), LOW_BACK),
        source=Source("Spine-Health"),
    ),
    article(
        4,
        "Piriformis syndrome",
        "A muscle in the buttock presses on the sciatic nerve.",
        site="two",
        published=date(2022, 7, 9),
    ),
]


def holding(articles: Iterable[Article]) -> Engine:
    engine = MemoryEngine()
    with engine.writer(fresh=True) as writer:
        writer.replace(articles)
        writer.commit(1)
        writer.swap()
    return engine


def asked(articles: Iterable[Article] = CLINIC, **settings: Any) -> TestClient:
    """Return a client of the application in this process."""
    return TestClient(
        application(holding(articles), Settings("1.2.3", **settings)),
        base_url="http://localhost",
        raise_server_exceptions=False,
    )


@contextlib.contextmanager
def served(engine: Engine, **settings: Any) -> Iterator[str]:
    """Serve the search box on a loopback port; yield its URL."""
    with listening(application(engine, Settings("1.2.3", **settings))) as address:
        yield address


@contextlib.contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serve any application on a loopback port; yield its URL."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
    running = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    running.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        running.join(timeout=20)
        listener.close()


def moved(articles: Iterable[Article], origin: str) -> list[Article]:
    """Return the same articles with URLs of another origin, which a browser may open."""
    return [replace(item, url=f"{origin}/{item.id[-2:]}") for item in articles]
