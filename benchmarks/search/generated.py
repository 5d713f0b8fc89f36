"""Make a large collection from a small one: blocks of real sentences in a new order, plus invented words.

The result is always the same for one seed. Blocks of three to twelve neighbouring sentences keep related
words together; one sentence in ten gets an invented word, so that the vocabulary grows with the collection as
in real collections (Heaps' law). Lengths are log-normal around 680 words.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["documents", "questions"]

SEED = 7
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
MEDIAN, SPREAD = 6.3, 0.45  # of the logarithm of the words of an article
FEWEST, BLOCK = 80, (3, 12)  # words of an article; sentences of a block


def _articles(gold: Path) -> list[dict[str, str]]:
    return [
        json.loads(line)
        for line in (gold / "search" / "medquad-articles" / "articles.jsonl").open(encoding="utf-8")
    ]


def documents(gold: Path, count: int) -> Iterator[tuple[str, str, str]]:
    """Yield `count` articles as (id, title, text)."""
    rolls = random.Random(SEED)
    articles = _articles(gold)
    titles = [article["title"] for article in articles if article["title"]]
    sentences = [
        sentence
        for article in articles
        for line in article["text"].split("\n")
        for sentence in SENTENCE.split(line)
        if 3 <= len(sentence.split()) <= 60
    ]
    for number in range(count):
        yield f"S{number}", rolls.choice(titles), _text(rolls, sentences)


def _text(rolls: random.Random, sentences: list[str]) -> str:
    wanted = max(FEWEST, int(rolls.lognormvariate(MEDIAN, SPREAD)))
    words: list[str] = []
    while len(words) < wanted:
        first = rolls.randrange(len(sentences))
        for sentence in sentences[first : first + rolls.randint(*BLOCK)]:
            parts = sentence.split()
            if rolls.random() < 0.1:
                parts.insert(rolls.randrange(len(parts)), _invented(rolls))
            words += parts
    return " ".join(words)


def _invented(rolls: random.Random) -> str:
    return "".join(rolls.choice("bcdfglmnprst") + rolls.choice("aeiou") for _ in range(rolls.randint(2, 5)))


def questions(gold: Path) -> dict[str, list[str]]:
    """Return three sorts of queries.

    "short" are 200 names of conditions, "key words" those of consumers' questions, and "sentences" the
    summaries of the same questions.
    """
    rolls = random.Random(SEED)
    names = sorted({article["title"] for article in _articles(gold) if article["title"]})
    folder = gold / "search" / "medquad-liveqa"
    queries = {
        name: [json.loads(line)["text"] for line in (folder / f"{name}.jsonl").open(encoding="utf-8")]
        for name in ("queries.keywords", "queries")
    }
    return {
        "short": rolls.sample(names, 200),
        "key words": queries["queries.keywords"],
        "sentences": queries["queries"],
    }
