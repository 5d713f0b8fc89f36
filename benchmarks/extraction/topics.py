"""Topics from the vocabulary alone: is the focus of a consumer-health article among the first concepts found?

    python benchmarks/extraction/topics.py GOLD [--missed N] [--json]

The articles are GOLD/search/medquad-articles (MedQuAD, CC BY 4.0). Each article's title is its focus; a
concept is right if its label or a synonym is, folded, the focus or one of the article's own synonyms. The
title is hidden from clinicdex, and the questions that name it are removed from the text. `covered` is the
share of articles whose focus the vocabulary has at all.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from clinicdex.pipeline.topics import Wording, from_vocabulary
from clinicdex.vocabulary.concepts import Vocabulary
from clinicdex.vocabulary.shipped import load
from gold import lines

FEWEST_WORDS = 40
_QUESTION = re.compile(
    r"^(?:what|how|who|is|are|do|does|where|when|can|why)\b[^\n?]*\?", re.IGNORECASE | re.MULTILINE
)


def articles(gold: Path) -> list[dict[str, Any]]:
    """Return the articles of at least FEWEST_WORDS words that have a title, without their questions."""
    entries = [
        entry | {"text": _QUESTION.sub("", entry["text"])}
        for entry in lines(gold / "search/medquad-articles/articles.jsonl")
    ]
    return [entry for entry in entries if len(entry["text"].split()) >= FEWEST_WORDS and entry["title"]]


def score(vocabulary: Vocabulary, found: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    hits = {1: 0, 3: 0, 5: 0}
    covered = 0
    missed: list[str] = []
    started = time.process_time()
    for entry in found:
        wanted = {
            concept.id for name in (entry["title"], *entry["synonyms"]) if (concept := vocabulary.named(name))
        }
        covered += bool(wanted)
        concepts = [
            topic.concept for topic in from_vocabulary(Wording("", (), entry["text"]), vocabulary, "en")
        ]
        position = next((position for position, concept in enumerate(concepts) if concept in wanted), None)
        for most in hits:
            hits[most] += position is not None and position < most
        if position != 0:
            missed.append(
                f"{entry['title']}: {[vocabulary.concepts[c].label for c in concepts if c]}"
                f"{'' if wanted else ' (not in the vocabulary)'}"
            )
    spent = 1000 * (time.process_time() - started) / len(found)
    shares = {f"hit@{most}": round(count / len(found), 4) for most, count in hits.items()}
    return {
        "articles": len(found),
        "covered": round(covered / len(found), 4),
        **shares,
        "CPU ms": round(spent, 2),
    }, missed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--missed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not (options.gold / "search/medquad-articles").is_dir():
        sys.exit(
            f"{options.gold} holds no MedQuAD articles; set CLINICDEX_GOLD to the folder "
            f"with the evaluation data"
        )
    result, missed = score(load(), articles(options.gold))
    print(
        json.dumps(result)
        if options.json
        else f"| {' | '.join(result)} |\n{'|---' * len(result)}|\n| {' | '.join(map(str, result.values()))} |"
    )
    print("\n".join(missed[:: max(1, len(missed) // options.missed)] if options.missed else []), end="")


if __name__ == "__main__":
    main()
