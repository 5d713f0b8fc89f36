"""Write benchmarks/RESULTS.md from a run of every benchmark.

    python benchmarks/report.py GOLD [--folds FOLDS] [--origins ORIGINS] [--npm NPM] [--only TEXT]
    python benchmarks/report.py --texts

GOLD is the folder with the evaluation data (CLINICDEX_GOLD). FOLDS is the folder that
`python benchmarks/extraction/train.py GOLD --folds FOLDS` wrote (takes 15 minutes): judges that were trained
without the pages they are measured on. ORIGINS says where the clinic sites are served
(benchmarks/crawl/real.py), NPM is a folder node_modules with pagefind. The sections on many machines need
`make engines`, the peers need `pip install -e .[benchmark]`; the run takes another 15 minutes. With --only,
the sections whose heading contains TEXT are measured again, and the others stay as they were written.
--texts measures nothing: it only copies the descriptions of the benchmarks again.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
PEERS = ("--peer", "trafilatura", "--peer", "readability_lxml", "--peer", "newspaper4k", "--peer", "goose3")
EXTRACTION = (
    (
        "Articles of real clinic sites, each site extracted by judges trained without it",
        "extraction/clinic.py",
        ("GOLD", "--folds", "FOLDS"),
    ),
    (
        "The same with the shipped judges, which were trained on these pages",
        "extraction/clinic.py",
        ("GOLD", "--no-peers"),
    ),
    (
        "Articles of sites in eleven languages, each site extracted by judges trained without it",
        "extraction/clinic.py",
        ("GOLD", "--set", "languages", "--folds", "FOLDS"),
    ),
    ("Public gold sets", "extraction/sets.py", ("GOLD", "--folds", "FOLDS", *PEERS)),
    ("Topics from the vocabulary alone", "extraction/topics.py", ("GOLD",)),
    ("Bylines", "extraction/bylines.py", ("--peer", "trafilatura", "--peer", "goose3")),
)
CRAWL = (
    ("Crawling the real clinic sites", "crawl/real.py", ("GOLD", "ORIGINS")),
    ("Crawling a generated site of 5,000 pages", "crawl/speed.py", ()),
    ("A frontier of a million addresses", "crawl/frontier.py", ()),
)
SEARCHBOX = (
    ("Search box: load", "search/load.py", ("GOLD",)),
    ("Search box without a server", "search/static.py", ("GOLD", "--pagefind", "NPM")),
)
SEARCH = (
    ("Search: quality", "search/quality.py", ("GOLD",)),
    ("Search: speed at 20,000 articles", "search/speed.py", ("GOLD", "--docs", "20000")),
    ("Search: speed at 100,000 articles", "search/speed.py", ("GOLD", "--docs", "100000")),
    ("Search: pages, suggestions and the command", "search/page.py", ("GOLD",)),
)
SCALE = (
    ("Many machines: Whoosh and OpenSearch, 100,000 articles", "scale/engines.py", ("GOLD",)),
    ("Many machines: workers", "scale/workers.py", ()),
    ("Many machines: an outage", "scale/outage.py", ()),
    ("Many machines: what is needed", "scale/machines.py", ()),
)
TOOLS = (
    "clinicdex",
    "trafilatura",
    "readability-lxml",
    "newspaper4k",
    "goose3",
    "lightgbm",
    "lxml",
    "numpy",
    "scrapy",
    "whoosh3",
    "tantivy",
    "bm25s",
    "starlette",
    "uvicorn",
    "opensearch-py",
    "psycopg",
    "sqlalchemy",
)


def section(heading: str, script: str, arguments: list[str]) -> str:
    """Run one benchmark; return its section of the report."""
    done = subprocess.run(
        [sys.executable, HERE / script, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    tools = ", ".join(installed())
    return (
        f"## {heading}\n\n{described(script)}\n\n{done.stdout.strip()}\n\nPython "
        f"{platform.python_version()}; {tools}."
    )


def described(script: str) -> str:
    """Return the description of a benchmark as it stands in the report."""
    text = (HERE / script).read_text(encoding="utf-8").split('"""')[1].strip()
    return f"```text\n{text}\n```"


def with_text(part: str, script: str) -> str:
    """Return a section of the report with the benchmark's description of today."""
    before, after = part.index("```text\n"), part.index("\n```\n") + len("\n```")
    return part[:before] + described(script) + part[after:]


def installed() -> Iterator[str]:
    """Yield the names of the installed tools with their versions."""
    for tool in TOOLS:
        with suppress(PackageNotFoundError):
            yield f"{tool} {version(tool)}"


def written() -> dict[str, str]:
    """Return the sections of the existing report by heading."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    return {part.partition("\n")[0]: f"## {part.strip()}" for part in text.split("\n## ")[1:]}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="?")
    parser.add_argument("--texts", action="store_true")
    parser.add_argument("--folds")
    parser.add_argument("--origins")
    parser.add_argument("--npm")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    if not options.gold and not options.texts:
        parser.error("GOLD is missing: the folder with the evaluation data (CLINICDEX_GOLD)")
    values = {"GOLD": options.gold, "FOLDS": options.folds, "ORIGINS": options.origins, "NPM": options.npm}
    before = written()
    parts = ["# Results", "Generated by `benchmarks/report.py`; never edited by hand."]
    for heading, script, names in (*EXTRACTION, *CRAWL, *SEARCH, *SEARCHBOX, *SCALE):
        if options.texts and heading in before:
            before[heading] = with_text(before[heading], script)
        elif not options.texts and options.only in heading and all(values.get(name, name) for name in names):
            before[heading] = section(heading, script, [values.get(name) or name for name in names])
        if heading in before:
            parts.append(before[heading])
    RESULTS.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
