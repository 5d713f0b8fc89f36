"""Which package may import which (docs/ARCHITECTURE.md), by the syntax trees; no code is run."""

from __future__ import annotations

import ast
import gc
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAY_IMPORT: dict[str, str] = {
    "records": "", "urls": "", "robots_tags": "", "errors": "", "vocabulary": "",
    "config": "config_values errors urls", "config_values": "errors",
    "crawler": "records urls robots_tags errors", "pipeline": "records urls robots_tags vocabulary",
    "catalogue": "records urls errors", "index": "records errors vocabulary",
    "flow": "records urls errors vocabulary config crawler pipeline catalogue index",
    "searchbox": "index config records errors",
    "api": "records urls pipeline index vocabulary flow config", "__init__": "api records errors index flow",
    "commands": "flow searchbox index config errors records",
    "cli": "commands errors", "__main__": "cli",
    "demo": "",
}  # fmt: skip
# The only modules that may import a library; a folder means all modules in it.
ONLY_IN = {
    "scrapy": "crawler", "twisted": "crawler", "protego": "crawler", "w3lib": "crawler",
    "sqlalchemy": "catalogue", "sqlite3": "",
    "psycopg": "", "whoosh": "index/whoosh", "opensearchpy": "index/opensearch", "filelock": "index/whoosh",
    "bs4": "pipeline", "lxml": "crawler pipeline", "rdflib": "vocabulary", "ada_url": "urls.py",
    "tldextract": "urls.py", "starlette": "searchbox", "uvicorn": "searchbox", "click": "cli.py commands",
    "cronsim": "flow/due.py", "tzlocal": "flow/timetable.py",
}  # fmt: skip
# A module that imports two of these knows how data flow between them.
SEVERAL = {"crawler", "catalogue", "pipeline", "index", "searchbox"}
MAY_KNOW_SEVERAL = {"flow", "api", "commands"}
LOADS_SHIPPED_DATA = {"vocabulary/shipped.py"}  # what the pure rooms get handed in
PURE = ("records", "urls.py", "robots_tags.py", "pipeline", "vocabulary", "flow/due.py")
IMPURE_NAMES = {"open", "print", "input"}
IMPURE_METHODS = {
    "now",
    "utcnow",
    "today",
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "urlopen",
    "sleep",
    "getenv",
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "misc"}


def shipped() -> list[Path]:
    rooms = [ROOT / room for room in MAY_IMPORT if (ROOT / room).is_dir()]
    return [*sorted(ROOT.glob("*.py")), *(file for room in rooms for file in sorted(room.rglob("*.py")))]


def room_of(file: Path) -> str:
    parts = file.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 else file.stem


@cache
def tree(file: Path) -> ast.Module:
    # A greenlet that is collected while the parser works confuses it (SystemError on CPython 3.11).
    gc.disable()
    try:
        return ast.parse(file.read_text())
    finally:
        gc.enable()


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of a file's imports; our own are "clinicdex.PACKAGE"."""
    inside = file.relative_to(ROOT).parts[:-1]
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (
                [*["clinicdex", *inside][: len(inside) + 2 - node.level], *(node.module or "").split(".")]
                if node.level
                else [node.module or ""]
            )
            path = ".".join(part for part in base if part)
            names = [f"{path}.{alias.name}" for alias in node.names] if path == "clinicdex" else [path]
            yield from ((node.lineno, name) for name in names)


def is_in(file: Path, places: Iterable[str]) -> bool:
    return any(file.is_relative_to(ROOT / path) for path in places)


def rooms_of(file: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, package) for a file's imports of our own code. Every file may import `__version__`."""
    for line, name in imports(file):
        top, *rest = name.split(".")
        if top == "clinicdex" and rest != ["__version__"]:
            yield line, rest[0] if rest and rest[0] in MAY_IMPORT else "__init__"


def breaches() -> Iterator[str]:
    for file in shipped():
        room, where = room_of(file), file.relative_to(ROOT)
        for line, other in rooms_of(file):
            if other != room and other not in MAY_IMPORT[room].split():
                yield f"{where}:{line} {room} may not import {other}"
        for line, name in imports(file):
            top = name.split(".")[0]
            if top in MAY_IMPORT:
                yield f"{where}:{line} bare room name {name!r}"
            if top in ONLY_IN and not is_in(file, ONLY_IN[top].split()):
                yield f"{where}:{line} {top} is not for {where}"


def impure_calls() -> Iterator[str]:
    for file in shipped():
        if not is_in(file, PURE) or is_in(file, LOADS_SHIPPED_DATA):
            continue
        for node in ast.walk(tree(file)):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if (isinstance(called, ast.Name) and called.id in IMPURE_NAMES) or (
                isinstance(called, ast.Attribute) and called.attr in IMPURE_METHODS
            ):
                yield f"{file.relative_to(ROOT)}:{node.lineno} {ast.unparse(called)}()"


def test_every_module_has_its_place_in_the_plan() -> None:
    assert set() == {room_of(file) for file in shipped()} - set(MAY_IMPORT)


def test_no_room_looks_into_a_room_it_should_not_know() -> None:
    assert [] == list(breaches())


def test_only_the_application_knows_more_than_one_leg_of_the_way() -> None:
    known: dict[str, set[str]] = {}
    for file in shipped():
        known.setdefault(room_of(file), set()).update({room_of(file)} | {room for _, room in rooms_of(file)})

    several = {room for room, others in known.items() if len(others & SEVERAL) > 1}
    assert several <= MAY_KNOW_SEVERAL | {"searchbox"}
    # A search box knows the index, and nothing that comes before it.
    assert {"index", "searchbox"} == known["searchbox"] & SEVERAL


def test_the_root_is_read_at_a_glance() -> None:
    assert 10 >= len(list(ROOT.glob("*.py")))


def test_the_core_asks_neither_disk_nor_clock() -> None:
    assert [] == list(impure_calls())


def test_to_import_the_core_is_to_read_no_data() -> None:
    modules = [
        ".".join(("clinicdex", *file.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        for file in shipped()
        if is_in(file, PURE)
    ]
    program = f"""
import importlib, os, sys
seen = []
sys.addaudithook(lambda event, values: seen.append(str(values[0])) if event == "open" else None)
for name in {modules!r}:
    importlib.import_module(name)
ours = [path[len({str(ROOT)!r}) + 1:] for path in seen if path.startswith({str(ROOT)!r})]
print(*(path for path in ours if not path.startswith(".") and not path.endswith((".py", ".pyc"))), sep="\\n")
"""
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "" == outcome.stdout.strip()


def test_no_module_is_a_cupboard() -> None:
    assert [] == [file for file in shipped() if file.stem in FORBIDDEN_NAMES]


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    too_long = {
        str(file.relative_to(ROOT)): n
        for file in shipped()
        if (n := len(file.read_text().splitlines())) > 320
    }

    assert {} == too_long


def branches(function: ast.AST) -> int:
    """Count what a reader has to decide in a function, functions inside it left out."""
    count = 0
    for node in ast.iter_child_nodes(function):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        count += isinstance(node, ast.If | ast.IfExp | ast.For | ast.While | ast.ExceptHandler)
        count += len(node.values) - 1 if isinstance(node, ast.BoolOp) else 0
        count += 1 + len(node.ifs) if isinstance(node, ast.comprehension) else 0
        count += branches(node)
    return count


def test_no_function_has_more_branches_than_a_reader_can_hold() -> None:
    functions = (
        (file, node)
        for file in shipped()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )

    assert {} == {
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}": n
        for file, node in functions
        if (n := branches(node)) > 15
    }
