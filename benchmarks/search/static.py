"""The search box without a server, compared with Pagefind: cost of a query in a browser, and quality.

    python benchmarks/search/static.py GOLD [--docs 1000] [--pagefind NODE_MODULES]

1,000 answers of MedQuAD: those judged for LiveQA's questions, and others up to that number. The queries are
all judged consumers' questions, as summaries and as key words. "top 3" is the share of queries whose best
three results are, in order, those of the server's engine on the same articles. Bytes and times are those of a
real Chromium on loopback, for twelve visitors: a new visitor's first query (scripts included), and the same
visitor's second one; medians and maxima. The web server compresses with gzip what is not compressed already.
Pagefind (npm) indexes the same articles as pages with their title as heading; it finds only pages that have
all words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from clinicdex.index.memory import MemoryEngine
from clinicdex.index.query import parse
from clinicdex.index.synonyms import Synonyms
from clinicdex.records import Article
from clinicdex.searchbox import static_export
from clinicdex.searchbox.settings import Settings
from playwright.sync_api import Browser, Page, sync_playwright
from quality import corpus, judgements, mean, ndcg, questions

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "tests"))

VISITS = 12  # visitors, each with two queries


def chosen(folder: Path, count: int) -> list[Article]:
    judged = {name for grades in judgements(folder).values() for name, grade in grades.items() if grade > 0}
    documents = list(corpus(folder))
    wanted = [document for document in documents if document[0] in judged]
    rest = (document for document in documents if document[0] not in judged)
    some = [*wanted, *islice(rest, max(0, count - len(wanted)))][:count]
    return [
        Article(
            id=f"{n:020x}", url=f"https://a.example/{name}", site="a", language="en", title=title, text=text
        )
        for n, (name, title, text) in enumerate(some)
    ]


def served_by(engine: MemoryEngine) -> Callable[[str], list[str]]:
    reader = engine.reader()
    return lambda text: [
        hit.article.url.rpartition("/")[2] for hit in reader.search(parse(text, size=10)).hits
    ]


def in_node(folder: Path, address: str, asked: Iterable[str]) -> list[list[str]]:
    module = folder / "clinicdex-index.mjs"
    module.write_bytes((folder / "clinicdex-index.js").read_bytes())
    code = "const { find } = await import(process.argv[1]); const all = [];"
    code += (
        "for (const q of JSON.parse(require('fs').readFileSync(0))) all.push((await "
        "find(new URL(process.argv[2]), { q, limit: 10 })).hits.map((hit) => hit.url));"
    )
    code += "console.log(JSON.stringify(all));"
    code = "import { createRequire } from 'module'; const require = createRequire('/');" + code
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", code, "--", str(module), address],
        input=json.dumps(list(asked)),
        capture_output=True,
        text=True,
        check=True,
    )
    return [[url.rpartition("/")[2] for url in urls] for urls in json.loads(ran.stdout)]


def as_pages(articles: Iterable[Article], folder: Path) -> None:
    for article in articles:
        name = article.url.rpartition("/")[2]
        body = "".join(f"<p>{escape(part)}</p>" for part in article.text.split("\n") if part)
        page = (
            f"<!doctype html><html lang=en><head><title>{escape(article.title)}</title></head>"
            f"<body><main><h1>{escape(article.title)}</h1>{body}</main></body></html>"
        )
        (folder / f"{name}.html").write_text(page, encoding="utf-8")


OURS = (
    "async (q) => (await (await import('/search/clinicdex-index.js')).find(new "
    "URL('/search/', location), { q, limit: 6 })).hits.length"
)
PAGEFIND = (
    "async (q) => { window.pf ||= await import('/pagefind/pagefind.js'); const found = await "
    "window.pf.search(q);"
    " return (await Promise.all(found.results.slice(0, 6).map((one) => one.data()))).length }"
)
PAGEFIND_URLS = (
    "async (asked) => { const pf = await import('/pagefind/pagefind.js'); const all = []; for "
    "(const q of asked) { const found = await pf.search(q);"
    " all.push(await Promise.all(found.results.slice(0, 10).map(async (one) => (await "
    "one.data()).url))) } return all }"
)


class Counted:
    """The web server, counting the bytes of the response bodies that it sends.

    They are counted here because the requests of a worker are not among those of a browser page.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self.bytes = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def counting(message: Any) -> None:
            self.bytes += len(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, counting)


class Visit:
    """A new visitor with an empty cache."""

    def __init__(self, browser: Browser, address: str, server: Counted) -> None:
        self.context = browser.new_context()
        self.page: Page = self.context.new_page()
        self.page.goto(f"{address}/blank.html")
        self._server = server

    def ask(self, script: str, text: str) -> tuple[float, float]:
        """Run a query in the browser; return (bytes, milliseconds)."""
        before = self._server.bytes
        took: float = self.page.evaluate(
            f"async (q) => "
            f"{{ const begun = performance.now(); await ({script})(q); return performance.now() - begun }}",
            text,
        )
        return self._server.bytes - before, took


def visits(
    browser: Browser, at: tuple[str, Counted], script: str, asked: list[str]
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    first, after = [], []
    for one, two in zip(asked[::2], asked[1::2], strict=False):
        visit = Visit(browser, *at)
        first.append(visit.ask(script, one))
        after.append(visit.ask(script, two))
        visit.context.close()
    return first, after


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--docs", type=int, default=1_000)
    parser.add_argument("--pagefind", type=Path, help="node_modules with pagefind")
    options = parser.parse_args()
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles
    from support.door import listening

    source = options.gold / "search" / "medquad-liveqa"
    articles, judged = chosen(source, options.docs), judgements(source)
    engine = MemoryEngine()
    with engine.writer(fresh=True) as writer:
        writer.replace(articles)
        writer.commit(1)
        writer.swap()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "blank.html").write_text("<!doctype html><title>x</title>")
        files = static_export.files(articles, Settings("1", notice="off"), Synonyms())
        static_export.write(files, folder / "search")
        if options.pagefind:
            as_pages(articles, folder)
            binary = options.pagefind / ".bin" / "pagefind"
            subprocess.run(
                [str(binary), "--site", str(folder), "--glob", "[!b]*.html"], check=True, capture_output=True
            )
        app = Counted(
            Starlette(
                routes=[Mount("/", StaticFiles(directory=folder))],
                middleware=[Middleware(GZipMiddleware, minimum_size=500)],
            )
        )
        scripts = sum(
            len(gzip.compress(files[name], 9)) for name in ("clinicdex-search.js", "clinicdex-index.js")
        )
        print(
            f"{len(articles)} articles, {len(files)} files, "
            f"{sum(map(len, files.values())) / 1e6:.2f} MB; scripts {scripts / 1024:.1f} "
            f"KB.\n"
        )
        print(
            "| asked | | first KB, median / most | next KB | first ms | next ms | nDCG@10 | "
            "top 3 as the server |\n|---|---|---|---|---|---|---|---|"
        )
        with listening(app) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            for label, file in (("questions", "queries"), ("key words", "queries.keywords")):
                queries = {
                    query: text
                    for query, text in questions(source / f"{file}.jsonl").items()
                    if query in judged
                }
                for line in compared(
                    browser,
                    (address, app),
                    folder,
                    queries,
                    judged,
                    served_by(engine),
                    pagefind=bool(options.pagefind),
                ):
                    print(f"| {label} | {line}")
            browser.close()


def compared(
    browser: Browser,
    at: tuple[str, Counted],
    folder: Path,
    asked: dict[str, str],
    judged: dict[str, dict[str, int]],
    server: Callable[[str], list[str]],
    *,
    pagefind: bool,
) -> Iterator[str]:
    """Run all queries on both, and yield the lines of the table."""
    texts = list(asked.values())
    expected, ours_found = (
        [server(text) for text in texts],
        in_node(folder / "search", f"{at[0]}/search/", texts),
    )
    same = mean([float(ours[:3] == theirs[:3]) for ours, theirs in zip(ours_found, expected, strict=True)])
    yield f"clinicdex on a server | | | | | {quality(asked, judged, expected):.3f} | |"
    yield (
        f"clinicdex | {_costs(visits(browser, at, OURS, texts[: 2 * VISITS]))} | "
        f"{quality(asked, judged, ours_found):.3f} | {same:.3f} |"
    )
    if pagefind:
        page = browser.new_page()
        page.goto(f"{at[0]}/blank.html")
        urls: list[list[str]] = page.evaluate(PAGEFIND_URLS, texts)
        theirs = [
            [url.rpartition("/")[2].removesuffix(".html") for url in result_urls] for result_urls in urls
        ]
        yield (
            f"Pagefind | {_costs(visits(browser, at, PAGEFIND, texts[: 2 * VISITS]))} | "
            f"{quality(asked, judged, theirs):.3f} | |"
        )


def quality(asked: Iterable[str], judged: dict[str, dict[str, int]], found: list[list[str]]) -> float:
    return mean([ndcg(answer, judged[query]) for query, answer in zip(asked, found, strict=True)])


def _costs(measured: tuple[list[Any], list[Any]]) -> str:
    first, after = measured
    return " | ".join((_both(first, 0, 1024), _both(after, 0, 1024), _both(first, 1, 1), _both(after, 1, 1)))


def _both(measured: list[Any], place: int, unit: float) -> str:
    values = [numbers[place] / unit for numbers in measured]
    return f"{statistics.median(values):.0f} / {max(values):.0f}"


if __name__ == "__main__":
    main()
