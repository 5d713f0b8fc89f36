"""What only an index on disk can do or suffer."""

from __future__ import annotations

from pathlib import Path

import pytest
from clinicdex.article import Article
from clinicdex.errors import IndexUnreadable
from clinicdex.index.whoosh import WhooshEngine


@pytest.fixture
def filled(tmp_path: Path) -> WhooshEngine:
    engine = WhooshEngine(tmp_path / "index")
    with engine.writer(fresh=True) as writer:
        writer.replace(Article(id=f"{n:020x}", url=f"https://one.example/{n}", site="one", title=f"Title {n}", text="back pain") for n in range(20))
        writer.commit(3)
        writer.swap()
    return engine


@pytest.mark.parametrize("pattern", ["*.seg", "*.toc", "version.json"])
@pytest.mark.parametrize("damage", [b"", b"\x00" * 100], ids=["emptied", "zeroed"])
def test_a_damaged_index_says_so_and_how_to_mend_it(filled: WhooshEngine, tmp_path: Path, pattern: str, damage: bytes) -> None:
    for file in (tmp_path / "index").glob(f"g*/{pattern}"):
        file.write_bytes(damage)

    with pytest.raises(IndexUnreadable, match="clinicdex reindex"):
        filled.reader()


def test_a_swap_leaves_the_new_generation_and_the_one_before(filled: WhooshEngine, tmp_path: Path) -> None:
    for _ in range(3):
        with filled.writer(fresh=True) as writer:
            writer.commit(4)
            writer.swap()

    assert ["g0003", "g0004"] == sorted(path.name for path in (tmp_path / "index").glob("g*"))


def test_a_sound_index_has_no_problems(filled: WhooshEngine) -> None:
    assert [] == filled.problems()
