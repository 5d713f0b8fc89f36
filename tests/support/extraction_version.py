"""The digest of everything that decides what is extracted from a page, and a program that saves it.

    python tests/support/extraction_version.py      (or: make extraction-version)

Pages that were extracted with another version are extracted again, so the version must change with the code,
the data and the libraries behind extraction, and with nothing else: docstrings, comments and layout do not
count.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
VERSION_FILE = ROOT / "pipeline" / "version.py"
CODE = ("pipeline/*.py", "vocabulary/*.py", "urls.py", "robots_tags.py")
DATA = ("pipeline/*.gz", "vocabulary/*.gz", "vocabulary/labels/*.tsv")
LIBRARIES = ("babel", "beautifulsoup4", "charset-normalizer", "lxml", "py3langid")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def digest(root: Path = ROOT) -> str:
    """Return the first 12 hex digits of the SHA-256 of code, data and locked library versions."""
    hasher = hashlib.sha256()
    for part in _parts(root):
        hasher.update(len(part).to_bytes(8, "big") + part)
    return hasher.hexdigest()[:12]


def _parts(root: Path) -> Iterator[bytes]:
    for file in sorted(path for pattern in CODE for path in root.glob(pattern)):
        if file.name != VERSION_FILE.name:
            yield f"{file.relative_to(root)}\n{structure(file.read_text(encoding='utf-8'))}".encode()
    for file in sorted(path for pattern in DATA for path in root.glob(pattern)):
        yield file.name.encode() + b"\n" + file.read_bytes()
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    yield from (
        (re.search(rf"^{re.escape(name)}==\S+", lock, re.MULTILINE) or [""])[0].encode() for name in LIBRARIES
    )


def structure(source: str) -> str:
    """Return a source file's syntax tree as text, without docstrings and the same on every Python version.

    Empty fields are left out, so that a field which a newer Python adds does not count.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return _written(tree)


def _written(node: object) -> str:
    if isinstance(node, list):
        return f"[{','.join(map(_written, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = (
        (name, value) for name, value in ast.iter_fields(node) if value not in (None, []) and name != "kind"
    )
    return f"{type(node).__name__}({','.join(f'{name}={_written(value)}' for name, value in fields)})"


def main() -> None:
    VERSION_FILE.write_text(
        f'"""What extraction does, as a digest; `make extraction-version` writes '
        f'it."""\n\nVERSION = "{digest()}"\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
