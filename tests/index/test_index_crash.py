"""What `kill -9` must not cost an index: no acknowledged commit, no stale lock, no error for readers."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clinicdex.index.open import engine_at
from clinicdex.index.query import parse
from support.index_writer import article

WRITER = Path(__file__).parents[1] / "support" / "index_writer.py"


def killed(url: str, kills: int, seed: int) -> None:
    rolls = random.Random(seed)
    engine = engine_at(url)
    with engine.writer(fresh=True) as writer:
        writer.replace(article(n) for n in range(50))
        writer.commit(0)
        writer.swap()
    last = 0
    for _ in range(kills):
        process = subprocess.Popen(
            [sys.executable, str(WRITER), url, str(last + 1)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()  # "began": the first commit has started
        time.sleep(rolls.uniform(0.0, 0.6))
        process.kill()
        output = process.communicate(timeout=30)[0].split()
        acknowledged = max(
            [last, *(int(number) for word, number in itertools.pairwise(output) if word == "done")]
        )
        with engine.reader() as reader:
            stamp, ids = reader.stamp(), sorted(reader.ids())
            hits = [hit.id for hit in reader.search(parse("pain", size=100)).hits]
        assert stamp in (acknowledged, acknowledged + 1)
        assert ids == sorted(hits) == [f"{n:020x}" for n in range(10 * stamp, 10 * stamp + 50)]
        last = stamp
    assert [] == engine.problems()
    engine.close()


def test_an_index_killed_at_random_is_whole_and_free(tmp_path: Path) -> None:
    killed(f"whoosh+file://{tmp_path / 'index'}", 8, 1)
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) <= 3


def test_an_index_in_opensearch_whose_writer_is_killed_is_whole_and_free(opensearch: str) -> None:
    killed(opensearch, 3, 3)  # the next writer waits until the lease of the killed one has expired


@pytest.mark.soak
def test_an_index_killed_sixty_times_is_whole_and_free(tmp_path: Path) -> None:
    killed(f"whoosh+file://{tmp_path / 'index'}", 60, 2)


@pytest.mark.soak
def test_an_index_in_opensearch_whose_writer_is_killed_twenty_times_is_whole_and_free(
    opensearch: str,
) -> None:
    killed(opensearch, 20, 4)
