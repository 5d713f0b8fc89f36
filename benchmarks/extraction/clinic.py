"""Score clinicdex and its peers on the clinic gold data: text, titles, authors, and which pages are articles.

    python benchmarks/extraction/clinic.py GOLD [--set clinic|languages] [--folds FOLDER] [--json]
                                           [--no-peers] [--site NAME]...

FOLDER is what `train.py --folds` wrote: each site is extracted with judges that were trained without it.
Without --folds the shipped judges are used, which were trained on all of these sites. GOLD is the folder with
the evaluation data (CLINICDEX_GOLD). The pages are read from disk, without a crawl: clinicdex first learns
each site from all its pages. Text F1 is over bags of words; `found` counts gold articles that are kept;
`leaks` counts gold articles with a kept line that their gold text does not have and that is about office
hours, comments, copyright, sharing, related posts, booking or signing up; `non_articles` counts kept pages
that the rule-made manifest does not call an article; `tags_f1` compares the topics that the publisher shows;
`doubles` counts kept pages whose text another kept page
of the site has too. The naive peer keeps every page in which trafilatura finds at least 120 words.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from clinicdex.flow.shipped import shipped_context
from clinicdex.pipeline import duplicates
from clinicdex.pipeline.extract import extract, observe
from clinicdex.pipeline.site import learn
from clinicdex.records import Article, ArticleKeys, Page
from gold import WHOLE_SITES, fold_of, lines

NAIVE_WORDS = 120
LEAK = re.compile(
    r"(?:leave a (?:reply|comment)|log ?in to (?:reply|comment|post)|(?:office|opening|business) hours"
    r"|(?:mon|tues|wednes|thurs|fri)day\b.*\d ?[ap]\.?m|copyright|©|all rights reserved|share (?:this|on)"
    r"|follow us|related (?:posts|articles)|you may also like|keep reading|about the author"
    r"|(?:book|schedule|request) (?:an?|your) (?:appointment|consultation|visit)"
    r"|call (?:us|now|today)|subscribe|newsletter|sign up)",
    re.IGNORECASE,
)


@dataclass
class Kept:
    """One page that a system takes for an article."""

    text: str
    title: str
    authors: set[str]
    reviewers: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    also: tuple[str, ...] = ()  # paths of all pages that are the same article


@dataclass
class Site:
    """The pages of one site, by path as the manifest names it."""

    name: str
    pages: dict[str, Page] = field(default_factory=dict)


System = Callable[[Site], dict[str, Kept]]


def sites(clinic: Path, only: list[str]) -> Iterator[Site]:
    for folder in sorted((clinic / "sites").iterdir()):
        if only and folder.name not in only:
            continue
        site = Site(folder.name)
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".html", ".htm"):
                path = re.sub(r"(^|/)index\.html$", r"\1", file.relative_to(folder).as_posix())
                url = f"http://{folder.name}.example/{path}"
                headers = (("content-type", "text/html"),)
                site.pages[file.relative_to(clinic).as_posix()] = Page(
                    url, url, 200, datetime(2026, 11, 1, tzinfo=UTC), headers, file.read_bytes()
                )
        yield site


def clinicdex(site: Site, folds: Path | None = None) -> dict[str, Kept]:
    """Extract a site's articles; with `folds`, use judges that were trained without the site."""
    judges = folds / f"fold-{fold_of(site.name)}.json.gz" if folds else None
    context = replace(shipped_context(judges=judges), site=site.name)
    context = replace(
        context, model=learn(notes for page in site.pages.values() if (notes := observe(page, context)))
    )
    extractions = {path: extract(page, context) for path, page in site.pages.items()}
    articles = {
        path: extraction
        for path, extraction in extractions.items()
        if isinstance(extraction.outcome, Article)
    }
    best = duplicates.choose(
        ArticleKeys(url=site.pages[path].url, canonical=r.canonical, digest=r.digest)
        for path, r in articles.items()
    )
    kept = {
        path: r.outcome for path, r in articles.items() if best[site.pages[path].url] == site.pages[path].url
    }
    also: dict[str, tuple[str, ...]] = {}
    for path in articles:
        also[best[site.pages[path].url]] = (*also.get(best[site.pages[path].url], ()), path)
    return {
        path: Kept(
            a.text,
            a.title,
            {p.as_written for p in a.authors},
            {p.as_written for p in a.reviewed_by},
            {plain(topic.label) for topic in a.topics if topic.origin == "publisher"},
            also[site.pages[path].url],
        )
        for path, a in kept.items()
        if isinstance(a, Article)
    }


def naive(site: Site) -> dict[str, Kept]:
    import trafilatura

    kept = {}
    for path, page in site.pages.items():
        markup = page.body.decode("utf-8", "replace")
        text = trafilatura.extract(markup, include_comments=False) or ""
        if len(text.split()) >= NAIVE_WORDS:
            head = trafilatura.extract_metadata(markup)
            authors = set((head.author or "").split("; ")) - {""} if head else set()
            tags = (
                {plain(label) for label in (*(head.tags or ()), *(head.categories or ()))} if head else set()
            )
            kept[path] = Kept(text, (head.title or "") if head else "", authors, set(), tags)
    return kept


def f1(found: str, wanted: str) -> float:
    ours, theirs = Counter(words(found)), Counter(words(wanted))
    both = sum((ours & theirs).values())
    return 2 * both / (sum(ours.values()) + sum(theirs.values())) if both else 0.0


def leaks(found: str, wanted: str) -> bool:
    gold = plain(wanted)
    return any(LEAK.search(line) and plain(line) not in gold for line in found.splitlines())


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def plain(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def score(system: System, all_sites: list[Site], clinic: Path) -> dict[str, Any]:
    gold = {entry["path"]: entry for entry in lines(clinic / "gold.jsonl")}
    kinds = {entry["path"]: entry["kind"] for entry in lines(clinic / "manifest.jsonl")}
    texts: list[float] = []
    counts: Counter[str] = Counter()
    started = time.process_time()
    for site in all_sites:
        kept = system(site)
        mine = {path: entry for path, entry in gold.items() if entry["site"] == site.name}
        standing = kept | {path: page for page in kept.values() for path in page.also}
        for path, wanted in mine.items():
            got = standing.get(path, Kept("", "", set()))
            texts.append(f1(got.text, wanted["text"]))
            counts.update(
                found=path in standing,
                leaks=leaks(got.text, wanted["text"]),
                title=plain(got.title) == plain(wanted["title"]),
            )
            right = len(got.authors & set(wanted["authors"]))
            counts.update(
                author_right=right,
                author_given=len(got.authors),
                author_wanted=len(wanted["authors"]),
                invented=bool(got.authors and not wanted["authors"]),
                reviewer_right=len(got.reviewers & set(wanted.get("reviewed_by", ()))),
                reviewer_wanted=len(wanted.get("reviewed_by", ())),
            )
            tags = set(map(plain, wanted.get("tags", ())))
            counts.update(tag_right=len(got.tags & tags), tag_given=len(got.tags), tag_wanted=len(tags))
        counts.update(
            kept=len(kept),
            non_articles=sum(kinds.get(path) != "article" for path in kept),
            pages=len(site.pages),
        )
        counts["doubles"] += len(kept) - len({plain(page.text) for page in kept.values()})
    return {
        "pages": counts["pages"], "kept": counts["kept"], "gold": len(texts), "found": counts["found"],
        "text_f1": round(sum(texts) / len(texts), 4), "leaks": counts["leaks"],
        "title_exact": round(counts["title"] / len(texts), 4),
        "authors_f1": round(
            2 * counts["author_right"] / max(1, counts["author_given"] + counts["author_wanted"]), 4
        ),
        "authors_invented": counts["invented"], "reviewers": counts["reviewer_right"],
        "reviewers_wanted": counts["reviewer_wanted"],
        "tags_f1": round(2 * counts["tag_right"] / max(1, counts["tag_given"] + counts["tag_wanted"]), 4),
        "non_articles": counts["non_articles"],
        "doubles": counts["doubles"],
        "cpu_ms_a_page": round(1000 * (time.process_time() - started) / counts["pages"], 1),
    }  # fmt: skip


def table(results: dict[str, dict[str, Any]]) -> str:
    names = list(next(iter(results.values())))
    rows = [
        f"| {system} | " + " | ".join(str(values[name]) for name in names) + " |"
        for system, values in results.items()
    ]
    return "\n".join([f"| system | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|", *rows])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--set", choices=WHOLE_SITES, default="clinic")
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--site", action="append", default=[])
    options = parser.parse_args()
    root = options.gold / options.set
    if not root.is_dir():
        sys.exit(
            f"{options.gold} holds no {options.set} data; set CLINICDEX_GOLD to the folder with the "
            "evaluation data"
        )
    all_sites = list(sites(root, options.site))
    systems: dict[str, System] = {"clinicdex": partial(clinicdex, folds=options.folds)} | (
        {} if options.no_peers else {"naive (trafilatura)": naive}
    )
    results = {name: score(system, all_sites, root) for name, system in systems.items()}
    print(json.dumps(results) if options.json else table(results))


if __name__ == "__main__":
    main()
