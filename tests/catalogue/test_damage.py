"""A damaged catalogue is noticed, named, and passed over; an empty one is never taken for the truth."""

from __future__ import annotations

import random
import shutil
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clinicdex.catalogue import Catalogue
from clinicdex.config import Config
from clinicdex.errors import CatalogueError, RecordDamaged
from clinicdex.flow import indexing, transfer
from clinicdex.flow.workspace import Workspace
from clinicdex.records import Article
from support.faux import CrawlFaux, faux_site, ten
from support.seen import titles

FLIPS, LEAST_FOUND = 200, 198


@pytest.fixture
def crawled_folder(workspace: Workspace, crawled: CrawlFaux, tmp_path: Path) -> Path:
    """The data folder of a site of ten articles, at rest."""
    with faux_site(ten()) as site:
        crawled(site)
    workspace.close()
    return tmp_path / "data"


def opened(file: Path) -> tuple[list[str], list[Article]]:
    """Return the problems of a catalogue and its articles."""
    with Catalogue(f"sqlite:///{file}") as catalogue:
        problems = catalogue.problems()
        return problems, list(catalogue.articles.all(on_damage=lambda _: None))


def test_flipped_bits_are_found_and_change_no_text_unnoticed(crawled_folder: Path, tmp_path: Path) -> None:
    file, rolls = crawled_folder / "catalogue.sqlite", random.Random(18)
    sound = {article.url: article for article in opened(file)[1]}
    data = file.read_bytes()
    copy = tmp_path / "copy" / "catalogue.sqlite"
    copy.parent.mkdir()
    found, other_texts = 0, []
    for _ in range(FLIPS):
        place, bit = rolls.randrange(len(data)), rolls.randrange(8)
        copy.write_bytes(data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :])
        shutil.copy(file.with_name(f"{file.name}.seal"), copy.with_name(f"{copy.name}.seal"))
        for left in ("-wal", "-shm"):
            copy.with_name(copy.name + left).unlink(missing_ok=True)
        try:
            problems, articles = opened(copy)
        except CatalogueError:
            found += 1
            continue
        found += bool(problems)
        if not problems:
            other_texts += [article for article in articles if article != sound.get(article.url)]

    assert len(sound) == 10
    assert found >= LEAST_FOUND
    assert [] == other_texts


def test_a_seal_is_void_once_something_was_written(crawled_folder: Path) -> None:
    file = crawled_folder / "catalogue.sqlite"
    assert [] == opened(file)[0]
    with Catalogue(f"sqlite:///{file}") as catalogue:
        catalogue.tombstones.put("https://clinic.example/a")
        catalogue.close(sealing=False)

    assert [] == opened(file)[0]


def spoil(file: Path, table: str, column: str, where: str = "1") -> None:
    """Flip a bit in the middle of every value of a column."""
    with sqlite3.connect(file) as raw:
        raw.text_factory = bytes
        for row_id, value in raw.execute(f"select rowid, {column} from {table} where {where}").fetchall():
            middle = len(value) // 2
            spoilt = value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]
            raw.execute(f"update {table} set {column} = ? where rowid = ?", (spoilt, row_id))
    raw.close()


def test_a_damaged_article_is_named_and_passed_over(workspace: Workspace, crawled: CrawlFaux) -> None:
    file = workspace.config.data_dir / "catalogue.sqlite"
    with faux_site(ten()) as site:
        crawled(site)
        spoil(file, "articles", "record", "url like '%/3'")
        problems = indexing.problems(workspace)
        damaged: list[RecordDamaged] = []
        count = indexing.rebuild(workspace, on_damage=damaged.append)

    assert [True] == [f"{site.origin}/3" in line and "faux" in line for line in problems]
    assert (9, [f"{site.origin}/3"]) == (count, [damage.url for damage in damaged])
    assert "Article 3" not in titles(workspace)


def test_the_bytes_of_a_damaged_page_are_fetched_again(workspace: Workspace, crawled: CrawlFaux) -> None:
    file = workspace.config.data_dir / "catalogue.sqlite"
    with faux_site(ten()) as site:
        crawled(site)
        spoil(file, "pages", "body", "url like '%/3'")
        assert 1 == len(workspace.catalogue.problems())
        workspace.catalogue.pages.mark_unread("faux")
        crawled(site)
        summary = crawled(site)

    assert [] == workspace.catalogue.problems()
    assert 10 == summary.articles


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("sites", "settings"), ("sites", "robots"), ("frontier", "outcome"), ("pages", "headers"),
        ("pages", "notes"), ("pages", "body"), ("articles", "record"), ("articles", "url"),
        ("models", "record"),
    ],
)  # fmt: skip
def test_no_damage_ends_in_an_unexpected_error(
    workspace: Workspace, crawled: CrawlFaux, table: str, column: str
) -> None:
    with faux_site(ten()) as site:
        crawled(site)
        with sqlite3.connect(workspace.config.data_dir / "catalogue.sqlite") as raw:
            raw.execute(
                f"update {table} set {column} = x'ff00fe' where rowid = (select min(rowid) from {table})"
            )
        raw.close()
        for step in (
            lambda: indexing.problems(workspace),
            lambda: list(workspace.catalogue.articles.all(on_damage=lambda _: None)),
            lambda: indexing.rebuild(workspace, on_damage=lambda _: None),
            lambda: crawled(site),
        ):
            try:
                step()
            except CatalogueError as error:
                assert "damaged" in str(error)


def _imported(workspace: Workspace) -> None:
    records: list[tuple[int, Any]] = [
        (n, {"url": f"https://a.example/{n}", "title": f"Title {n}"}) for n in range(1, 4)
    ]
    transfer.take_in(workspace, iter(records))


@pytest.mark.parametrize("emptied", [True, False])
def test_an_empty_or_missing_catalogue_is_not_taken_for_the_truth(tmp_path: Path, emptied: bool) -> None:
    config = Config(data_dir=tmp_path / "data")
    with Workspace(config) as workspace:
        _imported(workspace)
    file = config.data_dir / "catalogue.sqlite"
    file.write_bytes(b"") if emptied else file.unlink()

    with Workspace(config) as workspace:
        with pytest.raises(CatalogueError, match="catalogue is empty, but the index holds 3 articles"):
            _imported(workspace)
        with pytest.raises(CatalogueError, match="index holds 3"):
            indexing.index(workspace)
        assert "index holds 3" in indexing.problems(workspace)[0]
        with workspace.engine.reader() as reader:
            assert 3 == len(list(reader.ids()))


def test_what_is_stored_only_its_owner_can_read(tmp_path: Path) -> None:
    config = replace(Config(data_dir=tmp_path / "there"), keep_raw=True)
    config.data_dir.mkdir(mode=0o755)
    with Workspace(config) as workspace:
        _imported(workspace)
        modes = {
            file.name: stat.S_IMODE(file.stat().st_mode)
            for file in config.data_dir.iterdir()
            if file.name.startswith("catalogue")
        }

    assert {0o600} == set(modes.values())


def test_a_damaged_article_does_not_stop_the_index(workspace: Workspace, crawled: CrawlFaux) -> None:
    file = workspace.config.data_dir / "catalogue.sqlite"
    with faux_site(ten()) as site:
        crawled(site, index=False)
    first = workspace.catalogue.articles.changes(0, 1)[0]
    assert first.article
    spoil(file, "articles", "record", f"url = '{first.article.url}'")
    indexing.index(workspace)

    with workspace.engine.reader() as reader:
        assert 9 == len(list(reader.ids()))
        assert reader.stamp() == workspace.catalogue.articles.newest_change()
