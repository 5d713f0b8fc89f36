"""A process that changes an index again and again; tests/index/test_index_crash.py kills it.

Before and after each commit it prints the number of the commit.
"""

from __future__ import annotations

import sys

from clinicdex.index.open import engine_at
from clinicdex.records import Article


def article(number: int) -> Article:
    return Article(
        id=f"{number:020x}",
        url=f"https://one.example/{number}",
        site="one",
        title=f"Title {number}",
        text="back pain " * 20,
    )


def main(url: str, first: int) -> None:
    """Move a window of 50 articles forward by ten per commit; every fourth commit is a new generation."""
    engine = engine_at(url)
    for number in range(first, 1_000_000):
        print(f"began {number}", flush=True)  # noqa: T201  its pipe is read by the test
        with engine.writer(fresh=number % 4 == 0) as writer:
            window = range(10 * number, 10 * number + 50)
            writer.remove(f"{n:020x}" for n in range(max(0, 10 * number - 20), 10 * number))
            writer.replace(article(n) for n in (window if number % 4 == 0 else window[-20:]))
            writer.commit(number)
            writer.swap()
        print(f"done {number}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
