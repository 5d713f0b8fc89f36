"""The ranking: its formula on a corpus small enough to calculate by hand, and public collections.

On the public collections the measures must stay above the floors of benchmarks/baseline.json.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from clinicdex.index import ranking


def test_bm25_is_as_written() -> None:
    lengths = np.array([10, 30], np.float32)
    documents, values = ranking.impacts(
        (np.array([0, 1], np.int32), np.array([2, 1], np.float32)), ranking.norms(lengths, 20.0), 4
    )

    expected = [
        math.log(1 + 2.5 / 2.5) * 2.2 * tf / (tf + 1.2 * (0.3 + 0.7 * length / 20))
        for tf, length in ((2, 10), (1, 30))
    ]
    assert [0, 1] == documents.tolist()
    assert pytest.approx(expected, rel=1e-6) == values.tolist()


OTHER = (np.array([3, 4], np.int32), np.array([0.5, 0.25], np.float32))


def test_sums_are_empty_again_after_each_question() -> None:
    sums = ranking.Sums(5)
    term = (np.array([1, 3], np.int32), np.array([1.0, 2.0], np.float32))
    for _ in range(2):
        documents, values = sums.scored([(term, 2), (OTHER, 1)], None)
        assert {1: 2.0, 3: 4.5, 4: 0.25} == dict(zip(documents.tolist(), values.tolist(), strict=True))


def test_sums_are_empty_again_when_a_question_fails_half_way() -> None:
    sums = ranking.Sums(5)
    beyond = (np.array([9], np.int32), np.array([1.0], np.float32))
    with pytest.raises(IndexError):
        sums.scored([(OTHER, 1), (beyond, 1)], None)

    documents, values = sums.scored([(OTHER, 1)], None)

    assert {3: 0.5, 4: 0.25} == dict(zip(documents.tolist(), values.tolist(), strict=True))


@pytest.mark.parametrize(("most", "count"), [(0, 0), (1, 1), (3, 4), (10, 5)])
def test_the_best_are_found_with_all_that_equal_the_last(most: int, count: int) -> None:
    values = np.array([3, 1, 2, 2, 5], np.float32)

    chosen = ranking.best(values, most)
    assert (
        sorted(values, reverse=True)[:most]
        == sorted((values[index] for index in chosen), reverse=True)[:most]
    )
    assert count == len(chosen)


def under_their_floors(benchmark: str, *arguments: str | Path, engine: str | None = None) -> list[str]:
    """Run a benchmark; return its measures that are lower than benchmarks/baseline.json allows."""
    root = Path(__file__).parents[2] / "benchmarks"
    command = [sys.executable, root / f"{benchmark}.py", *arguments, "--json"]
    measures = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=900).stdout
    )
    floors = json.loads((root / "baseline.json").read_text())[benchmark]["at_least"]
    measures = measures[engine] if engine else measures
    return [
        f"{name}: {measures[name]:.4f} is under {floor}"
        for name, floor in floors.items()
        if measures[name] < floor
    ]


@pytest.mark.gold
def test_questions_are_answered_as_well_as_the_floors_say(gold: Path) -> None:
    assert [] == under_their_floors("search/quality", gold, "--engine", "clinicdex", engine="clinicdex")


@pytest.mark.gold
def test_opensearch_answers_them_as_well_as_its_floors_say(gold: Path, opensearch: str) -> None:
    assert [] == under_their_floors("scale/engines", gold, "--quality", opensearch)
