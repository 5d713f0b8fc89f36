from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from clinicdex.flow.worker import Failure, Worker
from support.odd_job import Odd


def test_an_item_that_breaks_the_limits_costs_only_itself() -> None:
    with Worker(Odd, seconds=4.0, memory=400_000_000) as worker:
        worker.prepare("s")
        results = list(worker.work(["a", "sleep", "b", "die", "c", "eat", "d", "raise", "e"]))

    assert ["s:a", "s:b", "s:c", "s:d", "s:e"] == results[::2]
    assert [
        "took over 4 s",
        "its process died, most likely for want of memory",
        "took too much memory",
        "ValueError: odd",
    ] == [result.detail for result in results[1::2] if isinstance(result, Failure)]


def test_the_limit_is_the_same_below_a_process_that_uses_much(tmp_path: Path) -> None:
    code = (
        "from clinicdex.flow.worker import Worker\nfrom support.odd_job import Odd\n"
        "if __name__ == '__main__':\n"
        "    held = bytearray(b'x' * 1_000_000_000)\n"
        "    with Worker(Odd, seconds=20.0, memory=400_000_000) as worker:\n"
        "        print(list(worker.work(['eat']))[0].detail)\n"
    )
    script = tmp_path / "much.py"
    script.write_text(code)
    process = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
        timeout=60,
    )

    assert "took too much memory\n" == process.stdout, process.stderr


def test_what_items_have_in_common_can_change() -> None:
    with Worker(Odd) as worker:
        worker.prepare("one")
        first = list(worker.work(["a"]))
        worker.prepare("two")
        assert ["one:a", "two:b"] == first + list(worker.work(["b"]))
