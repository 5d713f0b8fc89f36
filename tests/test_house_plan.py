"""Who may import whom (docs/ARCHITECTURE.md). Walks the syntax trees; nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "__init__": {"api", "article", "errors", "index"},
    "__main__": {"cli"},
    "article": set(),
    "urls": set(),
    "errors": set(),
    "worker": set(),
    "schedule": set(),
    "config": {"errors", "urls"},
    "exporting": {"article"},
    "holding": {"catalogue", "errors"},
    "importing": {"article", "errors", "flow", "pipeline", "urls"},
    "jsonlines": {"errors"},
    "stopping": set(),
    "terminal": {"flow", "index"},
    "catalogue": {"article", "urls", "errors"},
    "crawler": {"article", "urls", "config", "errors"},
    "vocabulary": set(),
    "pipeline": {"article", "urls", "vocabulary"},
    "index": {"article", "errors", "vocabulary"},
    "house": {"article", "catalogue", "config", "holding", "index", "pipeline", "vocabulary", "worker"},
    "reading": {"article", "catalogue", "holding", "house", "manner", "orders", "pipeline", "worker"},
    "indexing": {"article", "errors", "house", "index"},
    "forgetting": {"errors", "holding", "house", "indexing", "reading", "urls"},
    "flow": {"catalogue", "crawler", "crawling", "errors", "forgetting", "holding", "house", "index", "indexing", "manner", "orders", "reading"},
    "insight": {"article", "errors", "flow", "manner", "pipeline", "urls"},
    "manner": {"catalogue", "config", "errors", "pipeline", "urls", "vocabulary"},
    "orders": {"__init__", "catalogue", "config", "crawler", "errors", "schedule", "urls"},
    "crawling": {"catalogue", "crawler", "errors", "urls"},
    "rounds": {"catalogue", "config", "errors", "flow", "holding", "orders", "schedule"},
    "starting": set(),
    "fetching": {"article", "catalogue", "config", "crawler", "crawling", "orders"},
    "probing": {"article", "catalogue", "config", "errors", "fetching", "house", "manner", "orders", "urls"},
    "desk": {"article", "config", "errors", "fetching", "pipeline", "urls", "vocabulary", "worker"},
    "api": {"article", "index", "pipeline", "urls", "vocabulary"},
    "searchbox": {"__init__", "article", "config", "errors", "index"},
    "cli": {"commands", "errors"},
    "commands": {
        "article",
        "catalogue",
        "config",
        "desk",
        "errors",
        "exporting",
        "flow",
        "importing",
        "index",
        "orders",
        "probing",
        "rounds",
        "starting",
        "insight",
        "jsonlines",
        "schedule",
        "searchbox",
        "stopping",
        "terminal",
        "urls",
    },
    "demo": set(),
}
ONLY_IN = {
    "scrapy": {"crawler"}, "twisted": {"crawler"}, "protego": {"crawler"}, "whoosh": {"index"}, "sqlalchemy": {"catalogue"}, "sqlite3": set(),
    "bs4": {"pipeline"}, "lxml": {"crawler", "pipeline"}, "click": {"cli", "commands", "terminal"}, "starlette": {"searchbox"}, "uvicorn": {"searchbox"}, "ada_url": {"urls"},
    "rdflib": {"vocabulary"}, "cronsim": {"schedule"}, "tldextract": {"urls"}, "tzlocal": {"rounds"}, "filelock": {"index"}, "opensearchpy": {"index"},
    "psycopg": set(),
}  # fmt: skip
PURE = {"article", "urls", "pipeline", "vocabulary", "schedule"}
IMPURE_NAMES = {"open", "print", "input"}
IMPURE_METHODS = {"now", "utcnow", "today", "read_text", "write_text", "write_bytes", "urlopen", "sleep", "getenv"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "misc"}


def shipped() -> list[Path]:
    rooms = [ROOT / room for room in MAY_IMPORT if (ROOT / room).is_dir()]
    return [*sorted(ROOT.glob("*.py")), *(file for room in rooms for file in sorted(room.rglob("*.py")))]


def room_of(file: Path) -> str:
    parts = file.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 else file.stem


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name), ours as "clinicdex.room"."""
    inside = file.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*["clinicdex", *inside][: len(inside) + 2 - node.level], *(node.module or "").split(".")] if node.level else [node.module or ""]
            path = ".".join(part for part in base if part)
            names = [f"{path}.{alias.name}" for alias in node.names] if path == "clinicdex" else [path]
            yield from ((node.lineno, name) for name in names)


def breaches() -> Iterator[str]:
    for file in shipped():
        room, where = room_of(file), file.relative_to(ROOT)
        for line, name in imports(file):
            top, *rest = name.split(".")
            if top in MAY_IMPORT and top not in ("schedule",):
                yield f"{where}:{line} bare room name {name!r}"
            other = rest[0] if rest and rest[0] in MAY_IMPORT else "__init__"
            if top == "clinicdex" and other != room and other not in MAY_IMPORT[room]:
                yield f"{where}:{line} {room} may not look into {other}"
            if top in ONLY_IN and room not in ONLY_IN[top]:
                yield f"{where}:{line} {top} is not for {room}"


def impure_calls() -> Iterator[str]:
    for file in shipped():
        if room_of(file) not in PURE:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if (isinstance(called, ast.Name) and called.id in IMPURE_NAMES) or (isinstance(called, ast.Attribute) and called.attr in IMPURE_METHODS):
                yield f"{file.relative_to(ROOT)}:{node.lineno} {ast.unparse(called)}()"


def test_every_module_has_its_place_in_the_plan() -> None:
    assert set() == {room_of(file) for file in shipped()} - set(MAY_IMPORT)


def test_no_room_looks_into_a_room_it_should_not_know() -> None:
    assert [] == list(breaches())


def test_the_core_asks_neither_disk_nor_clock() -> None:
    assert [] == list(impure_calls())


def test_no_module_is_a_cupboard() -> None:
    assert [] == [file for file in shipped() if file.stem in FORBIDDEN_NAMES]


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    longest = {"cli.py": 700, "flow.py": 500}  # one function a command, one a leg
    too_long = {file.name: n for file in shipped() if (n := len(file.read_text().splitlines())) > longest.get(file.name, 400)}

    assert {} == too_long
