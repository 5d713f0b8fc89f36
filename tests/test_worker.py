from __future__ import annotations

from clinicdex.worker import Failure, Worker
from odd_job import Odd


def test_an_item_that_breaks_the_limits_costs_only_itself() -> None:
    with Worker(Odd, seconds=4.0, memory=400_000_000) as worker:
        worker.prepare("s")
        results = list(worker.work(["a", "sleep", "b", "die", "c", "eat", "d", "raise", "e"]))

    assert ["s:a", "s:b", "s:c", "s:d", "s:e"] == results[::2]
    assert ["took over 4 s", "its process died, most likely for want of memory", "took too much memory", "ValueError: odd"] == [
        one.detail for one in results[1::2] if isinstance(one, Failure)
    ]


def test_what_items_have_in_common_can_change() -> None:
    with Worker(Odd) as worker:
        worker.prepare("one")
        first = list(worker.work(["a"]))
        worker.prepare("two")
        assert ["one:a", "two:b"] == first + list(worker.work(["b"]))
