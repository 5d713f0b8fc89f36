"""What only an index on disk can do, and the faults that only it can have."""

from __future__ import annotations

import errno
import os
import random
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clinicdex.errors import EngineError, IndexUnreadable
from clinicdex.index.filters import Has
from clinicdex.index.query import Query, parse
from clinicdex.index.whoosh import postings, storage
from clinicdex.index.whoosh.engine import WhooshEngine
from clinicdex.records import Article
from whoosh.reading import TermNotFound

if "reloaded" in os.environ.get("PYTHONPATH", ""):  # `make reloaded`
    import whoosh

    assert (2, 7, 5) == whoosh.__version__


@pytest.fixture
def filled(tmp_path: Path) -> WhooshEngine:
    engine = WhooshEngine(tmp_path / "index")
    with engine.writer(fresh=True) as writer:
        writer.replace(
            Article(
                id=f"{n:020x}",
                url=f"https://one.example/{n}",
                site="one",
                title=f"Title {n}",
                text="back pain",
            )
            for n in range(20)
        )
        writer.commit(3)
        writer.swap()
    return engine


@pytest.mark.parametrize("pattern", ["*.seg", "*.toc", "version.json"])
@pytest.mark.parametrize("damage", [b"", b"\x00" * 100], ids=["emptied", "zeroed"])
def test_a_damaged_index_says_so_and_how_to_mend_it(
    filled: WhooshEngine, tmp_path: Path, pattern: str, damage: bytes
) -> None:
    for file in (tmp_path / "index").glob(f"g*/{pattern}"):
        file.write_bytes(damage)

    with pytest.raises(IndexUnreadable, match="clinicdex reindex"):
        filled.reader()


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EACCES, errno.ENOMEM])
def test_an_index_that_the_machine_refuses_to_open_is_not_taken_for_damaged(
    filled: WhooshEngine, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(storage.DurableStorage, "open_file", refused)

    with pytest.raises(EngineError, match=f"cannot be opened: {os.strerror(number)}") as failed:
        filled.reader()
    assert not isinstance(failed.value, IndexUnreadable)


def test_too_little_memory_is_not_taken_for_damage(
    filled: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "clinicdex.index.whoosh.snapshot.Snapshot._norms", lambda *_: (_ for _ in ()).throw(MemoryError())
    )

    with pytest.raises(EngineError, match="not enough memory") as failed:
        filled.reader()
    assert not isinstance(failed.value, IndexUnreadable)


@pytest.mark.parametrize("bug", [TypeError, AttributeError, KeyError])
def test_a_bug_of_ours_is_not_taken_for_damage(
    filled: WhooshEngine, monkeypatch: pytest.MonkeyPatch, bug: type[Exception]
) -> None:
    monkeypatch.setattr(
        "clinicdex.index.whoosh.snapshot.Snapshot._norms", lambda *_: (_ for _ in ()).throw(bug("ours"))
    )

    with pytest.raises(bug, match="ours"):
        filled.reader()


def test_an_index_pointer_that_may_not_be_read_is_not_a_missing_index(
    filled: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refused)

    with pytest.raises(EngineError, match="Permission denied") as failed:
        filled.reader()
    assert not isinstance(failed.value, IndexUnreadable)


def test_an_index_is_opened_though_our_classes_had_other_names_when_it_was_written(
    filled: WhooshEngine, tmp_path: Path
) -> None:
    name = b"clinicdex.index.whoosh.schema"
    (table,) = tmp_path.rglob("*.toc")
    written = table.read_bytes()
    assert name in written
    table.write_bytes(written.replace(name, name[:-6] + b"former"))

    with filled.reader() as reader:
        assert 20 == reader.search(plain("back")).total
    with filled.writer() as writer:
        writer.remove([f"{1:020x}"])
        writer.commit(4)
    with filled.reader() as reader:
        assert 19 == reader.search(plain("back")).total
    assert [] == filled.problems()


def test_a_swap_leaves_the_new_generation_and_the_one_before(filled: WhooshEngine, tmp_path: Path) -> None:
    for _ in range(3):
        with filled.writer(fresh=True) as writer:
            writer.commit(4)
            writer.swap()

    assert ["g0003", "g0004"] == sorted(path.name for path in (tmp_path / "index").glob("g*"))


def test_a_sound_index_has_no_problems(filled: WhooshEngine) -> None:
    assert [] == filled.problems()


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_flipped_bit_is_noticed(filled: WhooshEngine, tmp_path: Path, place: float) -> None:
    segment = next((tmp_path / "index").glob("g*/*.seg"))
    data = bytearray(segment.read_bytes())
    data[int(place * len(data))] ^= 1
    segment.write_bytes(data)

    assert any("not as it was written" in problem for problem in filled.problems())


def test_postings_are_those_that_whoosh_itself_walks(tmp_path: Path) -> None:
    rolls = random.Random(7)
    engine = WhooshEngine(tmp_path / "index")
    words = [f"word{n}" for n in range(60)]
    with engine.writer(fresh=True) as writer:
        writer.replace(
            an_article(n, " ".join(rolls.choices(words, range(60, 0, -1), k=rolls.randint(1, 90))))
            for n in range(1_500)
        )
        writer.commit(1)
        writer.swap()
    for batch in range(3):  # several segments, and documents that are deleted
        with engine.writer() as writer:
            writer.remove(f"{n:020x}" for n in range(batch, 1_500, 7))
            writer.replace(an_article(2_000 + 10 * batch + n, "word1 word2") for n in range(10))
            writer.commit(2 + batch)

    with engine.reader() as opened:
        reader = opened._snapshot._reader
        alive = postings.alive(reader)
        assert any(leaf.has_deletions() for leaf, _ in reader.leaf_readers())
        for term in ("word0", "word1", "word30", "word59", "nowhere"):
            documents, counts = postings.of_term(reader, "all", term.encode(), alive)
            assert walk(reader, term) == list(zip(documents.tolist(), counts.tolist(), strict=True))
        lengths = postings.lengths(reader, "all")
        assert all(
            lengths[number] == (reader.doc_field_length(number, "all") or 0)
            for number in range(reader.doc_count_all())
        )


def walk(reader: Any, term: str) -> list[tuple[int, float]]:
    """Return a term's postings as Whoosh's own matcher yields them."""
    try:
        matcher = reader.postings("all", term)
    except TermNotFound:
        return []
    entries = []
    while matcher.is_active():
        entries.append((matcher.id(), matcher.weight()))
        matcher.next()
    return entries


def an_article(number: int, text: str) -> Article:
    return Article(
        id=f"{number:020x}",
        url=f"https://one.example/{number}",
        site="one",
        title=f"Title {number}",
        text=text,
    )


def test_segments_stay_few(filled: WhooshEngine, tmp_path: Path) -> None:
    for number in range(40):
        with filled.writer() as writer:
            writer.replace([an_article(100 + number, "neck pain")])
            writer.commit(number)

    assert len(list((tmp_path / "index").glob("g*/*.seg"))) <= 8


def test_everything_is_on_the_disk_before_it_is_pointed_to(
    filled: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, str]] = []
    sync, rename = os.fsync, os.rename

    def noted_sync(number: int) -> None:
        done.append(("sync", Path(f"/proc/self/fd/{number}").readlink().name))
        sync(number)

    def noted_rename(old: str, new: str) -> None:
        done.append(("rename", Path(new).name))
        rename(old, new)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(os, "rename", noted_rename)
    with filled.writer() as writer:
        writer.replace([an_article(100, "neck pain")])
        writer.commit(9)

    table = next(
        position for position, (what, name) in enumerate(done) if what == "rename" and name.endswith(".toc")
    )
    assert any(what == "sync" and name.endswith(".seg") for what, name in done[:table])
    assert ("sync", "g0001") in done[table:]


def test_a_bug_of_ours_in_a_commit_is_not_taken_for_damage(
    filled: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise KeyError("ours")

    monkeypatch.setattr("clinicdex.index.whoosh.writer.document", broken)
    with filled.writer() as writer:
        writer.replace([an_article(100, "neck pain")])
        with pytest.raises(KeyError, match="ours"):
            writer.commit(9)
    assert [] == filled.problems()


def test_a_commit_that_fails_leaves_no_files_and_the_index_as_it_was(
    filled: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(path.name for path in (tmp_path / "index" / "g0001").iterdir())

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with filled.writer() as writer:
        writer.replace([an_article(100, "neck pain")])
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            with pytest.raises(EngineError, match="No space left"):
                writer.commit(9)
        writer.replace([an_article(101, "neck pain")])
        writer.commit(10)

    assert [] == filled.problems()
    with filled.reader() as reader:
        assert 21 == len(list(reader.ids()))
    left = {path.name for path in (tmp_path / "index" / "g0001").iterdir()}
    assert len(left) <= len(before) + 2


@pytest.mark.parametrize(
    ("commits", "fresh_every", "reads"), [(40, 10, 100), pytest.param(100, 2, 10_000, marks=pytest.mark.soak)]
)
def test_readers_see_whole_states_while_commits_and_rebuilds_go_on(
    tmp_path: Path, commits: int, fresh_every: int, reads: int
) -> None:
    """Two threads read while each commit removes one article and adds one, some in a new generation."""
    engine = WhooshEngine(tmp_path / "index")
    with engine.writer(fresh=True) as writer:
        writer.replace(an_article(n, "back pain") for n in range(50))
        writer.commit(0)
        writer.swap()
    ended, seen, errors, stamp = threading.Event(), Counter[int](), list[str](), [0]

    def look() -> None:
        own = WhooshEngine(tmp_path / "index")
        while not ended.is_set() or sum(seen.values()) < reads:
            try:
                with own.reader() as reader:
                    ids = [hit.id for hit in reader.search(parse("pain", size=60)).hits]
                    assert ids == sorted(f"{n:020x}" for n in range(reader.stamp(), reader.stamp() + 50))
                    assert reader.stamp() <= stamp[0]
                seen[threading.get_ident()] += 1
            except Exception as error:  # noqa: BLE001  whatever a reader sees is what the test is about
                errors.append(repr(error))
                return

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(1, commits + 1):
        is_fresh = number % fresh_every == 0
        with engine.writer(fresh=is_fresh) as writer:
            writer.remove([f"{number - 1:020x}"])
            writer.replace(
                an_article(n, "back pain")
                for n in (range(number, number + 50) if is_fresh else [number + 49])
            )
            stamp[0] = number
            writer.commit(number)
            writer.swap()
    ended.set()
    for thread in threads:
        thread.join()

    assert [] == errors
    assert sum(seen.values()) >= reads


def test_a_new_generation_that_was_pointed_to_is_never_removed(
    filled: WhooshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, suppress(KeyboardInterrupt), filled.writer(fresh=True) as writer:
        writer.replace([an_article(100, "neck pain")])
        writer.commit(9)
        patched.setattr(storage, "sync_folder", interrupted(tmp_path / "index"))
        writer.swap()

    with filled.reader() as reader:
        assert 9 == reader.stamp()


def interrupted(root: Path) -> Any:
    def sync(folder: Path) -> None:
        if folder == root:
            raise KeyboardInterrupt

    return sync


def test_a_word_of_deleted_articles_alone_is_unknown_from_the_first_question_on(filled: WhooshEngine) -> None:
    with filled.writer() as writer:
        writer.replace([an_article(0, "lumbago"), an_article(1, "back pain")])
        writer.commit(4)
    with filled.writer() as writer:
        writer.replace([an_article(0, "nothing")])
        writer.commit(5)

    with filled.reader() as reader:
        answers = [
            (results.total, results.notices)
            for results in (reader.search(parse("lumbago")) for _ in range(2))
        ]
    assert answers[0] == answers[1]


def plain(text: str, **more: Any) -> Query:
    return replace(parse(text), shown="record", **more)


def looked_up(engine: WhooshEngine, *texts: str) -> None:
    with engine.reader() as reader:
        for text in texts:
            reader.search(plain(text))


def test_a_question_whose_words_are_decoded_is_answered_at_once(filled: WhooshEngine) -> None:
    before = filled.at_hand(plain("back pain"))
    looked_up(filled, "back")
    half = filled.at_hand(plain("back pain"))
    looked_up(filled, "pain")
    results = filled.at_hand(plain("back pain"))

    with filled.reader() as reader:
        assert [None, None, reader.search(plain("back pain"))] == [before, half, results]


@pytest.mark.parametrize(
    "query",
    [
        plain("back nowhere"),
        plain(""),
        plain("the"),
        plain("pai*"),
        plain('"back pain"'),
        plain("+back pain"),
        plain("back -surgery"),
        plain("back site:one"),
        plain("back", where=Has("site", ("one",))),
        plain("back", sort="date"),
        plain("back", size=21),
        replace(plain("back"), shown="text"),
        replace(plain("back"), shown="snippet"),
    ],
    ids=str,
)
def test_what_may_take_longer_is_not_answered_at_once(filled: WhooshEngine, query: Query) -> None:
    looked_up(filled, "back", "pain")
    with filled.reader() as reader:
        reader.search(query)

    assert filled.at_hand(query) is None


def test_a_word_of_very_many_articles_is_not_answered_at_once(
    filled: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up(filled, "back pain")

    monkeypatch.setattr("clinicdex.index.whoosh.at_hand._MOST_POSTINGS", 40)
    assert filled.at_hand(plain("back pain")) is not None
    monkeypatch.setattr("clinicdex.index.whoosh.at_hand._MOST_POSTINGS", 39)
    assert filled.at_hand(plain("back pain")) is None


def test_what_is_at_hand_is_never_older_than_the_newest_commit(filled: WhooshEngine) -> None:
    looked_up(filled, "back")
    with filled.writer() as writer:
        writer.remove([f"{1:020x}"])
        writer.commit(4)

    assert filled.at_hand(plain("back")) is None
    looked_up(filled, "back")
    assert 19 == filled.at_hand(plain("back")).total  # type: ignore[union-attr]


def test_what_is_at_hand_is_not_waited_for_while_another_thread_asks(filled: WhooshEngine) -> None:
    looked_up(filled, "back")
    with filled.reader() as reader, reader._snapshot.lock:
        assert filled.at_hand(plain("back")) is None
    assert filled.at_hand(plain("back")) is not None
