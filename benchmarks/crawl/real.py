"""Crawl the gold data's real clinic sites: what is found, fetched in vain, and what a second run costs.

    python benchmarks/crawl/real.py GOLD ORIGINS.jsonl [--json]

ORIGINS.jsonl says where each site of GOLD/clinic/sites is served on this machine; each line is {"site": …,
"origin": "http://127.0.0.1:…"}. `articles` are the pages that the gold or the rule-made manifest calls
articles; `found` counts those whose URL is the main URL or another URL of a stored article. The sites are
mirrored only in part: `dead links` are URLs that the mirror lacks. `in vain` counts the other fetched pages
that are neither an article nor a page whose links led to others (home, listing). `again` is a second run in
which nothing has changed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

from clinicdex.catalogue.sites import Site
from clinicdex.config import Config
from clinicdex.flow import crawling
from clinicdex.flow.crawl_options import CrawlOptions
from clinicdex.flow.crawling import Summary
from clinicdex.flow.workspace import Workspace

LEADING = ("home", "listing")


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def wanted(gold: Path) -> dict[str, set[str]]:
    """Return the paths of the articles of each site."""
    paths: dict[str, set[str]] = {}
    for record in [
        *lines(gold / "clinic/gold.jsonl"),
        *(entry for entry in lines(gold / "clinic/manifest.jsonl") if entry["kind"] == "article"),
    ]:
        path = record["path"].removeprefix(f"sites/{record['site']}/")
        paths.setdefault(record["site"], set()).add(path.removesuffix("index.html"))
    return paths


def crawled(workspace: Workspace, name: str, origin: str) -> tuple[Summary, Summary, int]:
    """Crawl a site twice; return both summaries, and how many articles the second run changed."""
    site = Site(name, f"{origin}/", allow_hosts=(origin.removeprefix("http://"),))
    workspace.catalogue.sites.add(site)
    first = crawling.collect(workspace, site, CrawlOptions(), lambda _: None, lambda: False)
    change = workspace.catalogue.articles.newest_change()
    again = crawling.collect(workspace, site, CrawlOptions(), lambda _: None, lambda: False)
    return first, again, workspace.catalogue.articles.newest_change() - change


def row(workspace: Workspace, name: str, origin: str, articles: set[str]) -> dict[str, Any]:
    first, again, changed = crawled(workspace, name, origin)
    addresses = {
        url for article in workspace.catalogue.articles.all(name) for url in (article.url, *article.also_at)
    }
    paths = {url.removeprefix(f"{origin}/").partition("?")[0] for url in addresses}
    found = sum(not paths.isdisjoint((path, quote(path), path.removesuffix(".html"))) for path in articles)
    dead = first.rejected.get("error page", 0)
    vain = first.pages - len(addresses) - dead - sum(first.rejected.get(kind, 0) for kind in LEADING)
    return {
        "pages": first.pages, "articles": len(articles), "found": found, "kept": first.articles,
        "dead links": dead, "in vain": max(0, vain),
        "seconds": first.seconds, "KB": first.bytes // 1024,
        "again: read": changed, "again: seconds": again.seconds, "again: KB": again.bytes // 1024,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("origins", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    articles, rows = wanted(options.gold), {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace(Config(data_dir=Path(folder), delay=0.0)) as workspace,
    ):
        for entry in lines(options.origins):
            rows[entry["site"]] = row(
                workspace, entry["site"], entry["origin"], articles.get(entry["site"], set())
            )
            print(entry["site"], file=sys.stderr)
    total: Counter[str] = Counter()
    for counts in rows.values():
        total.update(counts)
    rows["all"] = {name: round(value, 1) for name, value in total.items()}
    if options.json:
        print(json.dumps(rows))
        return
    names = list(rows["all"])
    print(f"| site | {' | '.join(names)} |\n{'|---' * (len(names) + 1)}|")
    print(
        "\n".join(
            f"| {site} | {' | '.join(str(values[name]) for name in names)} |" for site, values in rows.items()
        )
    )


if __name__ == "__main__":
    main()
