"""The contract of index/engine.py, run for every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal, cast

import pytest
from clinicdex.errors import EngineBusy, EngineError, IndexUnreadable
from clinicdex.index import cursor
from clinicdex.index.cursor import Position
from clinicdex.index.engine import FEATURES, AtHand, Engine, Facet, RankedIds
from clinicdex.index.filters import Both, Condition, Dated, Either, Has, Not
from clinicdex.index.memory import MemoryEngine
from clinicdex.index.open import engine_at
from clinicdex.index.query import BATCH, Filters, Query, parse
from clinicdex.records import Article, Person, SnippetLimits, Topic


@pytest.fixture(params=["memory", "whoosh", "opensearch"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "opensearch":
        opened = engine_at(request.getfixturevalue("opensearch"))
    else:
        opened = (
            MemoryEngine() if request.param == "memory" else engine_at(f"whoosh+file://{tmp_path / 'index'}")
        )
    yield opened
    opened.close()


def article(number: int, title: str, text: str, **more: object) -> Article:
    values = {"site": "one", "language": "en"} | more
    return Article(
        id=f"{number:020x}",
        url=f"https://one.example/{number}",
        title=title,
        text=text,
        **values,  # type: ignore[arg-type]
    )


def fill(engine: Engine, *articles: Article, stamp: int = 1) -> None:
    with engine.writer(fresh=True) as writer:
        writer.replace(articles)
        writer.commit(stamp)
        writer.swap()


def found(engine: Engine, text: str, **filters: object) -> list[str]:
    with engine.reader() as reader:
        return [
            hit.article.title
            for hit in reader.search(parse(text, Filters(**filters))).hits  # type: ignore[arg-type]
        ]


BACK = article(
    1,
    "Back pain",
    "Gentle stretching eases the lower back.",
    topics=(Topic("Back Pain"),),
    published=date(2024, 5, 1),
)
KNEE = article(
    2,
    "Knee pain",
    "Running hurts the knee; rest it.",
    topics=(Topic("Knee"), Topic("Running, jogging")),
    published=date(2023, 1, 1),
)
DISC = article(
    3,
    "Slipped disc",
    "A slipped disc presses on a nerve in the back.",
    site="two",
    authors=(Person("Zoë Hill, MD", "Zoë Hill"),),
)


def test_what_was_committed_is_found(engine: Engine) -> None:
    fill(engine, BACK, KNEE, DISC)

    with engine.reader() as reader:
        assert {BACK.id, KNEE.id, DISC.id} == set(reader.ids())
        assert BACK == reader.get(BACK.id)
        assert reader.get("unknown") is None
        assert reader.stamp() == 1


def test_a_second_replace_of_one_id_leaves_one_article(engine: Engine) -> None:
    fill(engine, BACK)
    newer = replace(BACK, title="Back pain, new")

    for _ in range(2):
        with engine.writer() as writer:
            writer.replace([BACK, newer])
            writer.replace([newer])
            writer.commit(2)

    assert ["Back pain, new"] == found(engine, "back")


def test_the_last_word_on_an_id_wins_within_one_commit(engine: Engine) -> None:
    fill(engine, BACK, KNEE)

    with engine.writer() as writer:
        writer.remove([BACK.id])
        writer.replace([BACK])
        writer.replace([KNEE])
        writer.remove([KNEE.id])
        writer.commit(2)

    assert ["Back pain"] == found(engine, "pain")


def test_a_removed_article_is_gone_and_an_unknown_id_is_nothing_to_do(engine: Engine) -> None:
    fill(engine, BACK, KNEE)

    with engine.writer() as writer:
        writer.remove([BACK.id, "unknown"])
        writer.commit(2)

    assert [] == found(engine, "stretching")
    with engine.reader() as reader:
        assert [KNEE.id] == list(reader.ids())


def test_nothing_is_seen_before_commit_and_nothing_without_it(engine: Engine) -> None:
    fill(engine, BACK)

    with engine.writer() as writer:
        writer.replace([KNEE])
        writer.remove([BACK.id])
        assert ["Back pain"] == found(engine, "pain")

    assert ["Back pain"] == found(engine, "pain")


def test_rollback_drops_what_was_not_committed(engine: Engine) -> None:
    fill(engine, BACK)

    with engine.writer() as writer:
        writer.replace([KNEE])
        writer.rollback()
        writer.commit(2)

    assert ["Back pain"] == found(engine, "pain")


def test_a_new_generation_holds_only_what_was_committed(engine: Engine) -> None:
    with engine.writer(fresh=True) as writer:
        writer.replace([BACK])
        writer.commit(1)
        writer.replace([KNEE])
        writer.rollback()
        writer.replace([DISC])
        writer.swap()

    assert ["Back pain"] == found(engine, "")


def test_a_reader_keeps_the_state_it_was_opened_on(engine: Engine) -> None:
    fill(engine, BACK)

    with engine.reader() as before:
        with engine.writer() as writer:
            writer.remove([BACK.id])
            writer.replace([KNEE])
            writer.commit(2)

        assert [BACK.id] == list(before.ids())
        assert before.stamp() == 1


def test_the_stamp_is_that_of_the_last_commit_and_no_article(engine: Engine) -> None:
    fill(engine, BACK, stamp=7)

    with engine.writer() as writer:
        writer.commit(9)

    with engine.reader() as reader:
        assert reader.stamp() == 9
        assert reader.search(parse("")).total == 1
        assert [BACK.id] == list(reader.ids())


def test_a_second_writer_is_told_who_holds_the_index(engine: Engine) -> None:
    fill(engine, BACK)

    with engine.writer(), pytest.raises(EngineBusy, match="holds the index"):
        engine.writer(wait=0.1)
    with engine.writer() as writer:
        writer.commit(2)


def test_a_new_generation_is_seen_only_after_the_swap(engine: Engine) -> None:
    fill(engine, BACK)

    with engine.writer(fresh=True) as writer:
        writer.replace([KNEE])
        writer.commit(2)
        assert ["Back pain"] == found(engine, "pain")
        writer.swap()

    assert ["Knee pain"] == found(engine, "pain")


def test_a_generation_that_is_not_swapped_changes_nothing(engine: Engine) -> None:
    fill(engine, BACK)

    with engine.writer(fresh=True) as writer:
        writer.replace([KNEE])
        writer.commit(2)

    assert ["Back pain"] == found(engine, "pain")


def test_without_an_index_reading_says_how_to_make_one(engine: Engine) -> None:
    with pytest.raises(IndexUnreadable, match="clinicdex reindex"):
        engine.reader()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("pain", ["Back pain", "Knee pain"]),
        ("knee pain", ["Knee pain", "Back pain"]),  # an article with more of the words ranks higher
        ("slipped back", ["Slipped disc", "Back pain"]),
        ('"slipped disc"', ["Slipped disc"]),
        ('"disc slipped"', ["Slipped disc"]),  # the phrase occurs nowhere: its words are searched
        ('"disc slipped" knee', ["Slipped disc", "Knee pain"]),
        ("sciat* stretch*", ["Back pain"]),
        ("exercise*", []),
        ("topic:knee", ["Knee pain"]),
        ("author:hill disc", ["Slipped disc"]),
        ('author:"Zoë Hill"', ["Slipped disc"]),
        ("pain -knee", ["Back pain"]),
        ('back -"slipped disc"', ["Back pain"]),
        ("+knee back", ["Knee pain"]),
        ("STRETCHED", ["Back pain"]),  # stemmed, in lower case
        ("zoe", ["Slipped disc"]),  # accents folded, authors searched
        ("hill's", ["Slipped disc"]),  # possessive
        ("nothing of this kind", []),
    ],
)
def test_people_find_what_they_mean(engine: Engine, query: str, expected: list[str]) -> None:
    fill(engine, BACK, KNEE, DISC)

    assert expected == found(engine, query)


def test_a_word_in_the_title_outranks_the_same_word_in_the_text(engine: Engine) -> None:
    fill(engine, article(1, "Walking", "Then comes posture."), article(2, "Posture", "Then comes walking."))

    assert ["Posture", "Walking"] == found(engine, "posture")


def test_equal_scores_are_ordered_by_id(engine: Engine) -> None:
    fill(engine, *(article(number, f"Tape {number}", "Same words.") for number in (5, 3, 4)))

    assert ["Tape 3", "Tape 4", "Tape 5"] == found(engine, "same")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"site": "two"}, ["Slipped disc"]),
        ({"topic": "back pain"}, ["Back pain"]),
        ({"topic": "running, jogging"}, ["Knee pain"]),
        ({"author": "zoë hill"}, ["Slipped disc"]),
        ({"author": "hill"}, []),  # must be the name as in the facet
        ({"named": "hill"}, ["Slipped disc"]),  # may be a part of the name, as people type it
        ({"named": "Hill, Zoe"}, ["Slipped disc"]),
        ({"named": "zoe miller"}, []),
        ({"since": date(2023, 6, 1)}, ["Back pain"]),
        ({"until": date(2023, 6, 1)}, ["Knee pain"]),
        ({"language": "es"}, []),
    ],
)
def test_filters_limit_what_is_found(engine: Engine, filters: dict[str, object], expected: list[str]) -> None:
    fill(engine, BACK, KNEE, DISC)

    assert expected == found(engine, "", **filters)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Has("topic", ("knee", "back pain")), ["Back pain", "Knee pain"]),
        (Not(Has("topic", ("KNEE",))), ["Back pain", "Slipped disc"]),
        (Both((Has("site", ("one",)), Dated(since=date(2024, 1, 1)))), ["Back pain"]),
        (Either((Has("site", ("two",)), Dated(until=date(2023, 1, 1)))), ["Knee pain", "Slipped disc"]),
        (Dated(), ["Back pain", "Knee pain"]),
        (Not(Dated()), ["Slipped disc"]),
        (Not(Both(())), []),
        (Either(()), []),
        (Not(Either(())), ["Back pain", "Knee pain", "Slipped disc"]),
        (Has("id", (DISC.id, "none")), ["Slipped disc"]),
        (Has("author", ("zoe hill",)), ["Slipped disc"]),
        (Has("language", ("\ud800",)), []),
    ],
)
def test_conditions_are_put_together_with_and_or_and_not(
    engine: Engine, where: Condition, expected: list[str]
) -> None:
    fill(engine, BACK, KNEE, DISC)

    with engine.reader() as reader:
        assert expected == sorted(hit.article.title for hit in reader.search(Query(where=where)).hits)


def test_the_last_word_while_it_is_typed_may_be_the_beginning_of_one(engine: Engine) -> None:
    fill(engine, BACK, KNEE, DISC)

    with engine.reader() as reader:
        typing = reader.search(replace(parse("slipped dis"), typing=True))
        assert ["Back pain"] == [
            hit.article.title for hit in reader.search(replace(parse("stret"), typing=True)).hits
        ]
        assert ["Back pain", "Knee pain"] == sorted(
            hit.article.title for hit in reader.search(replace(parse("pain"), typing=True)).hits
        )
        assert 0 == reader.search(parse("stret")).total
        assert ("backx",) == reader.search(replace(parse("backx"), typing=True)).query.words

    assert (("slipped",), ("dis",)) == (typing.query.words, typing.query.prefixes)


def test_an_article_is_known_by_all_its_addresses(engine: Engine) -> None:
    fill(engine, replace(BACK, also_at=("https://one.example/print/1",)), KNEE)

    with engine.reader() as reader:
        found = [
            reader.at(url)
            for url in (BACK.url, "https://one.example/print/1", "https://one.example/", KNEE.url)
        ]

    assert [BACK.id, BACK.id, None, KNEE.id] == [item and item.id for item in found]


def test_facets_count_all_results_not_only_the_page(engine: Engine) -> None:
    fill(engine, BACK, KNEE, DISC)

    with engine.reader() as reader:
        facets = reader.search(parse("", size=1), facets=True).facets

    assert (Facet("one", 2), Facet("two", 1)) == facets["site"]
    assert (Facet("Back Pain", 1), Facet("Knee", 1), Facet("Running, jogging", 1)) == facets["topic"]
    assert (Facet("2023", 1), Facet("2024", 1)) == facets["year"]


def test_pages_follow_each_other_without_gap_or_double(engine: Engine) -> None:
    fill(engine, *(article(number, f"Tape {number}", "Same words.") for number in range(25)))

    with engine.reader() as reader:
        pages = [reader.search(parse("same", offset=offset, size=10)) for offset in (0, 10, 20, 30)]

    assert [25] * 4 == [page.total for page in pages]
    assert [f"Tape {n}" for n in range(25)] == [hit.article.title for page in pages for hit in page.hits]


def test_a_page_that_ends_among_equal_scores_begins_with_the_better_ones(engine: Engine) -> None:
    fill(
        engine,
        *(article(number, f"Tape {number}", "Same words.") for number in range(8)),
        article(9, "Same", "Same words."),
    )

    with engine.reader() as reader:
        page = reader.search(parse("same", size=3))

    assert ["Same", "Tape 0", "Tape 1"] == [hit.article.title for hit in page.hits]


def test_newer_articles_are_favoured_if_that_is_asked_for(engine: Engine) -> None:
    dated = [
        article(n, f"Tape {n}", "Same words.", published=day)
        for n, day in enumerate((date(2020, 1, 1), date(2024, 1, 1), None, date(2022, 1, 1)))
    ]
    fill(engine, *dated, article(9, "Same, same words", "Same words, the same.", published=date(2010, 1, 1)))

    with engine.reader() as reader:
        plain, recent = (reader.search(parse("same words", sort=sort)) for sort in ("relevance", "recent"))

    assert ["Same, same words", "Tape 0", "Tape 1", "Tape 2", "Tape 3"] == [
        hit.article.title for hit in plain.hits
    ]
    assert ["Tape 1", "Tape 3", "Tape 0", "Tape 2"] == [
        hit.article.title for hit in recent.hits if hit.id != f"{9:020x}"
    ]
    scores = [{hit.article.title: hit.score for hit in results.hits} for results in (plain, recent)]
    favoured = {title: scores[1][title] / scores[0][title] for title in scores[0]}
    assert {"Tape 1": 1.5, "Tape 3": 1.25, "Tape 0": 1.125, "Tape 2": 1.0} == pytest.approx(
        {t: f for t, f in favoured.items() if "Tape" in t}, abs=0.002
    )


def test_newest_first_puts_the_undated_last(engine: Engine) -> None:
    fill(engine, DISC, KNEE, BACK)

    with engine.reader() as reader:
        hits = reader.search(parse("", sort="date")).hits

    assert ["Back pain", "Knee pain", "Slipped disc"] == [hit.article.title for hit in hits]


def test_oldest_first_puts_the_undated_last_as_well(engine: Engine) -> None:
    fill(engine, DISC, KNEE, BACK)

    with engine.reader() as reader:
        first = reader.search(parse("", sort="oldest", size=1))
        rest = reader.search(parse("", sort="oldest", after=first.cursor))

    assert ["Knee pain", "Back pain", "Slipped disc"] == [
        hit.article.title for hit in (*first.hits, *rest.hits)
    ]


def test_highlights_mark_the_words_that_were_asked(engine: Engine) -> None:
    fill(engine, BACK)

    with engine.reader() as reader:
        snippet = reader.search(parse("stretch back")).hits[0].snippet

    assert ["stretching", "back"] == [snippet.text[start:end] for start, end in snippet.highlights]


def test_a_search_gives_as_much_of_each_article_as_is_wanted(engine: Engine) -> None:
    fill(engine, BACK)

    with engine.reader() as reader:
        snippet, text, record = (
            reader.search(replace(parse("back"), shown=shown)).hits[0]
            for shown in ("snippet", "text", "record")
        )

    assert (BACK, BACK, replace(BACK, text="")) == (snippet.article, text.article, record.article)
    assert (True, False, False) == tuple(bool(hit.snippet.text) for hit in (snippet, text, record))


def test_a_page_that_forbids_snippets_gets_none(engine: Engine) -> None:
    fill(engine, replace(BACK, limits=SnippetLimits(nosnippet=True)))

    with engine.reader() as reader:
        assert reader.search(parse("back")).hits[0].snippet.text == ""


def test_suggestions_complete_titles_topics_and_authors_as_written(engine: Engine) -> None:
    fill(engine, BACK, KNEE, DISC)

    with engine.reader() as reader:
        assert ["Back Pain", "Back pain"] == reader.suggest("bac")
        assert ["Zoë Hill"] == reader.suggest("ZOE")
        assert [] == reader.suggest("  ")


def test_more_like_this_finds_the_neighbour_and_not_itself(engine: Engine) -> None:
    fill(engine, BACK, KNEE, DISC, article(4, "Lower back", "Stretching the lower back is gentle."))

    with engine.reader() as reader:
        like = [hit.article.title for hit in reader.more_like(BACK.id)]

    assert like[0] == "Lower back"
    assert "Back pain" not in like


HOSTILE: list[Callable[[], str]] = [
    lambda: "*", lambda: "?*a*", lambda: "[a TO z]", lambda: "spine~5", lambda: "NOT " * 1000,
    lambda: "(" * 5000, lambda: "x" * 100_000, lambda: " ".join(f"w{n}" for n in range(10_000)),
    lambda: "a\x00b", lambda: "\ud800 pain", lambda: '"' * 999, lambda: "title:x AND (", lambda: "-",
]  # fmt: skip


@pytest.mark.parametrize("make", HOSTILE)
def test_any_question_has_an_answer(engine: Engine, make: Callable[[], str]) -> None:
    fill(engine, BACK)

    found(engine, make())


@pytest.mark.parametrize("part", ["+w{}", '"w{} x"', "w{}*", "-w{}", "w{}"])
def test_an_owner_may_ask_for_many_things_at_once(engine: Engine, part: str) -> None:
    fill(engine, BACK)
    query = parse("back " + " ".join(part.format(number) for number in range(500)), limits=BATCH)

    with engine.reader() as reader:
        assert reader.search(query).total in (0, 1)


def test_a_prefix_may_fold_into_words_and_be_longer_than_anything(engine: Engine) -> None:
    fill(engine, article(9, "Ligature \ufdfa", "text"))

    assert ["Ligature \ufdfa"] == found(engine, "\ufdfa*")
    with engine.reader() as reader:
        assert [] == reader.suggest("x" * 1_001)


@pytest.mark.parametrize(
    "odd",
    [
        article(9, "", ""),
        article(9, "Nul \x00 and \x1f and \x1e", "text\x00"),
        article(9, "Surrogate \ud800", "text"),
        article(9, "Long", "word " * 200_000),
        article(9, "Many topics", "x", topics=tuple(Topic(f"t{n}") for n in range(2000))),
    ],
    ids=["empty", "control", "surrogate", "long", "topics"],
)
def test_odd_articles_are_kept(engine: Engine, odd: Article) -> None:
    fill(engine, BACK, odd)

    with engine.reader() as reader:
        assert {BACK.id, odd.id} == set(reader.ids())
        assert reader.get(odd.id) is not None


def test_a_word_that_is_unknown_is_mended_by_the_nearest_one_as_people_spell_it(engine: Engine) -> None:
    fill(engine, BACK, KNEE, DISC, article(4, "Exercises for sciatica", "Walk."))

    with engine.reader() as reader:
        assert {"exercsies": "exercises", "siatica": "sciatica"} == reader.correct(
            parse("exercsies siatica pain")
        )
        assert {} == reader.correct(parse("back pain zzzzzzzz the"))
    for number in range(3):  # each in its own segment
        with engine.writer() as writer:
            writer.replace([article(10 + number, f"Surgery {number}", "Cut.")])
            writer.commit(2 + number)
    with engine.reader() as reader:
        for _ in range(2):
            reader.search(parse("exercsies sugrery"))
            assert {"exercsies": "exercises", "sugrery": "surgery"} == reader.correct(
                parse("exercsies sugrery")
            )


def test_no_word_is_mended_by_one_of_an_article_that_is_gone(engine: Engine) -> None:
    fill(engine, BACK, article(4, "Exercises for sciatica", "Walk."))
    with engine.writer() as writer:
        writer.remove([article(4, "", "").id])
        writer.commit(2)

    with engine.reader() as reader:
        assert {} == reader.correct(parse("siatica"))


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_a_cursor_goes_on_where_the_page_ended_whatever_came_in_before_it(
    engine: Engine, sort: Literal["relevance", "date"]
) -> None:
    many = [article(n, f"Tape {n}", "Same words.", published=date(2024, 1, 1 + n % 3)) for n in range(10)]
    fill(engine, *many)
    seen: list[str] = []
    after = None
    for page in range(9):
        with engine.reader() as reader:
            results = reader.search(parse("same", sort=sort, size=3, after=after))
        seen += [hit.id for hit in results.hits]
        after = results.cursor
        if page == 0:
            with engine.writer() as writer:
                writer.remove([seen[0]])
                writer.commit(2)
        if after is None:
            break

    assert len(seen) == len(set(seen)) == 10


def test_a_cursor_that_is_none_is_the_first_page(engine: Engine) -> None:
    fill(engine, BACK, KNEE)

    with engine.reader() as reader:
        assert 2 == len(reader.search(parse("pain", after="nonsense")).hits)
        assert 2 == len(
            reader.search(parse("pain", sort="date", after=cursor.write(Position(1e29, "0")))).hits
        )
        assert reader.search(parse("pain")).cursor is None


def test_an_earlier_generation_can_be_gone_back_to_unless_it_was_not_kept(engine: Engine) -> None:
    fill(engine, BACK)
    fill(engine, KNEE)
    engine.roll_back()
    assert ["Back pain"] == found(engine, "pain")
    engine.roll_back()
    assert ["Knee pain"] == found(engine, "pain")

    with engine.writer(fresh=True) as writer:
        writer.replace([DISC])
        writer.commit(3)
        writer.swap(keep=False)
    with pytest.raises(EngineError):
        engine.roll_back()


def test_one_id_twice_in_a_new_generation_is_one_article(engine: Engine) -> None:
    with engine.writer(fresh=True) as writer:
        writer.replace([BACK, KNEE])
        writer.commit(1)
        writer.replace([replace(BACK, title="Back pain, new")])
        writer.remove([KNEE.id])
        writer.commit(2)
        writer.swap()

    assert ["Back pain, new"] == found(engine, "")


def test_texts_and_questions_meet_in_every_language_of_the_index(engine: Engine) -> None:
    german = article(1, "Rückenübungen", "Kräftige Übungen lindern Schmerzen.", language="de")
    fill(engine, german, article(2, "Exercises", "Strong exercises ease pains."))

    assert ["Rückenübungen"] == found(engine, "Übung Schmerz")
    assert ["Exercises"] == found(engine, "exercise pain")


def test_a_phrase_that_is_nowhere_is_said_to_be(engine: Engine) -> None:
    fill(engine, DISC)

    with engine.reader() as reader:
        results = reader.search(parse('"disc slipped"'))
    assert ("Slipped disc",) == tuple(hit.article.title for hit in results.hits)
    assert "disc slipped" in results.notices[0]


def test_a_word_that_stands_nowhere_finds_what_means_the_same(engine: Engine) -> None:
    fill(engine, BACK, KNEE)

    with engine.reader() as reader:
        results = reader.search(parse("lumbago"))
        assert {} == reader.correct(parse("lumbago"))
    assert "Back pain" == results.hits[0].article.title
    assert "lumbago" in results.notices[0]


def test_one_name_stands_in_for_a_word_that_is_nowhere_not_all_that_mean_the_same(engine: Engine) -> None:
    chance = article(9, "Choosing a clinic", "Ask whether a backache is treated here.")
    fill(
        engine,
        BACK,
        chance,
        *(article(n, f"Low back pain {n}", "Low back pain is common.") for n in range(10, 14)),
    )

    with engine.reader() as reader:
        results = reader.search(parse("lumbago"))
    assert "Back pain" == results.hits[0].article.title
    assert chance.id not in {hit.id for hit in results.hits}


def test_a_topic_holds_what_is_more_special(engine: Engine) -> None:
    fill(
        engine,
        article(1, "Lower back", "Rest.", topics=(Topic("Low Back Pain", "mesh:D017116", "vocabulary"),)),
        KNEE,
    )

    assert ["Lower back"] == found(engine, "", topic="back pain")


def test_a_topic_is_counted_as_often_as_it_is_found(engine: Engine) -> None:
    fill(
        engine,
        article(1, "Lower back", "Rest.", topics=(Topic("Low Back Pain", "mesh:D017116", "vocabulary"),)),
        KNEE,
    )

    with engine.reader() as reader:
        counted = {
            facet.value: facet.count for facet in reader.search(parse(""), facets=True).facets["topic"]
        }

    assert {"Low Back Pain": 1, "Back Pain": 1, "Knee": 1}.items() <= counted.items()
    assert counted == {topic: len(found(engine, "", topic=topic)) for topic in counted}


def test_a_reader_outlives_its_engine(engine: Engine) -> None:
    fill(engine, BACK)

    with engine.reader() as reader:
        engine.close()
        assert ["Back pain"] == [hit.article.title for hit in reader.search(parse("pain")).hits]


def test_an_engine_can_do_what_its_features_say(engine: Engine) -> None:
    fill(engine, BACK, KNEE)
    with engine.reader() as reader:
        assert engine.features <= set(FEATURES)
        assert ("at hand" in engine.features) == hasattr(engine, "at_hand")
        assert ("ranked ids" in engine.features) == hasattr(reader, "ranked_ids")
        if "ranked ids" in engine.features:
            ranked = cast(RankedIds, reader).ranked_ids(parse("pain"))
            assert [hit.id for hit in reader.search(parse("pain")).hits] == ranked


def test_what_is_at_hand_is_what_a_reader_finds(engine: Engine) -> None:
    if "at hand" not in engine.features:
        assert not hasattr(engine, "at_hand")
        return
    fill(engine, BACK, KNEE, DISC)
    query = replace(parse("back pain"), shown="record")

    with engine.reader() as reader:
        expected = reader.search(query)
    quick = cast(AtHand, engine)
    assert quick.at_hand(query) in (None, expected)
    engine.close()
    assert quick.at_hand(query) in (None, expected)


WRITTEN = (
    article(1, "X-ray", "An x-ray and a follow-up visit. Take 5mg, or 200 mg. A headache passes."),
    article(2, "Vitamin A", "Vitamin A helps the eyes. IT band pain."),
    article(3, "Vitamin D", "Vitamin D and a man. De Quervain had no car."),
    article(4, "慢性腰痛的治疗", "很多人在久坐之后出现慢性腰痛。", language="zh"),
    article(5, "L'arthrose du genou", "L’œdème de l’épaule et l'arthrose.", language="fr"),
    article(6, "Der Rücken", "Starke Schmerzen im Rücken nach dem Sport.", language="de"),
)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("xray", "X-ray"),
        ("x ray", "X-ray"),
        ("follow up", "X-ray"),
        ("followup", "X-ray"),
        ("5 mg", "X-ray"),
        ("200mg", "X-ray"),
        ("head ache", "X-ray"),
        ("vitamin a", "Vitamin A"),
        ('"vitamin a"', "Vitamin A"),
        ("it band", "Vitamin A"),
        ("腰痛", "慢性腰痛的治疗"),
        ("痛", "慢性腰痛的治疗"),
        ("arthrose", "L'arthrose du genou"),
        ("d'arthrose", "L'arthrose du genou"),
        ("oedeme", "L'arthrose du genou"),
        ("Rückenschmerzen", "Der Rücken"),
    ],
)
def test_a_word_is_found_however_it_is_written(engine: Engine, question: str, first: str) -> None:
    fill(engine, *WRITTEN)

    assert [first] == found(engine, question)[:1]


def test_stop_words_of_another_language_find_nothing(engine: Engine) -> None:
    fill(engine, *WRITTEN[:3])

    assert [] == found(engine, "accidente de auto")
    assert ["Vitamin D"] == found(engine, "de quervain")


def test_the_characters_that_were_asked_for_are_marked(engine: Engine) -> None:
    fill(engine, *WRITTEN)

    with engine.reader() as reader:
        for question in ("慢性腰痛", "痛"):
            snippet = reader.search(parse(question)).hits[0].snippet
            assert {question} == {text for text, is_marked in snippet.parts() if is_marked}
