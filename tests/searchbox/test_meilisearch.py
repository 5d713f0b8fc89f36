"""The search API that Meilisearch's clients use."""

from __future__ import annotations

from typing import Any

import pytest
from clinicdex.index.filters import Both, Dated, Either, Has, Not
from clinicdex.searchbox.meilisearch.document import ATTRIBUTES
from clinicdex.searchbox.meilisearch.filter import BadFilter, condition
from hypothesis import given
from hypothesis import strategies as st
from support.door import CLINIC, article, asked


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [hit["title"] for hit in answer.json()["hits"]]


def search(**body: Any) -> Any:
    return asked().post("/indexes/articles/search", json=body)


def test_a_search_gives_documents_with_the_fields_of_the_contract() -> None:
    answer = search(q="low back", limit=1).json()

    assert {
        "query": "low back",
        "limit": 1,
        "offset": 0,
        "estimatedTotalHits": 2,
        "indexUid": "articles",
    }.items() <= answer.items()
    assert tuple(answer["hits"][0]) == ATTRIBUTES
    assert {
        "id": CLINIC[0].id,
        "topics": ["Low Back Pain"],
        "authors": ["Ann Roe"],
        "published": 1714521600,
        "date": "2024-05-01",
        "hierarchy_lvl0": "Low Back Pain",
        "hierarchy_lvl1": "Low back pain",
        "hierarchy_lvl6": None,
    }.items() <= answer["hits"][0].items()


def test_by_address_and_by_body_are_the_same() -> None:
    door = asked()
    by_address = door.get(
        "/indexes/articles/search?q=pain&limit=2&offset=1&facets=topics,site"
        "&attributesToRetrieve=title,url&filter=site%20%3D%20one"
    )
    by_body = door.post(
        "/indexes/articles/search",
        json={
            "q": "pain",
            "limit": 2,
            "offset": 1,
            "facets": ["topics", "site"],
            "attributesToRetrieve": ["title", "url"],
            "filter": "site = one",
        },
    )

    assert by_body.json() | {"processingTimeMs": 0} == by_address.json() | {"processingTimeMs": 0}
    assert {"title", "url"} == set(by_body.json()["hits"][0])


def test_pages_have_an_exact_total() -> None:
    answer = search(q="", page=2, hitsPerPage=3).json()

    assert {"page": 2, "hitsPerPage": 3, "totalPages": 2, "totalHits": 4}.items() <= answer.items()
    assert 1 == len(answer["hits"])
    assert [] == search(q="", hitsPerPage=0).json()["hits"]


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("site = two", ["Piriformis syndrome", "Sciatica"]),
        ('topics = "low back pain"', ["Low back pain", "Sciatica"]),
        ('topics = "Back Pain"', ["Low back pain", "Sciatica"]),
        ('authors = "Ann Roe" AND NOT topics = Knee', ["Low back pain"]),
        ("authors != 'Ann Roe'", ["Piriformis syndrome", "Sciatica"]),
        ('topics IN [Knee, "Sciatica"]', ["Knee pain after running", "Sciatica"]),
        ('topics NOT IN [Knee, "Sciatica"]', ["Low back pain", "Piriformis syndrome"]),
        ("topics IN []", []),
        ("published >= 1672531200", ["Knee pain after running", "Low back pain"]),
        ("published > 1672531200", ["Low back pain"]),
        ("published < 1672531200", ["Piriformis syndrome"]),
        ("published 1640995200 TO 1672531200", ["Knee pain after running", "Piriformis syndrome"]),
        ("published = 1672531200", ["Knee pain after running"]),
        ("published = 1672531201", []),
        ("published > 99999999999999", []),
        ("published NOT EXISTS", ["Sciatica"]),
        ("published IS NOT NULL AND site = one", ["Knee pain after running", "Low back pain"]),
        (["site = two", "published EXISTS"], ["Piriformis syndrome"]),
        (
            [["site = one", "topics = Sciatica"], "published EXISTS"],
            ["Knee pain after running", "Low back pain"],
        ),
        (
            "(site = one OR topics = Sciatica) AND NOT (site = one AND topics = Knee)",
            ["Low back pain", "Sciatica"],
        ),
        ([], [one.title for one in sorted(CLINIC, key=lambda one: one.title)]),
    ],
)
def test_filters_are_understood(filter_: Any, expected: list[str]) -> None:
    assert expected == sorted(titles(search(filter=filter_)))


@pytest.mark.parametrize(
    ("filter_", "says"),
    [
        ("colour = red", "`colour` is not filterable"),
        ("topics", "was expected"),
        ("topics >", "was expected"),
        ("topics > 3", "not a number"),
        ("published > soon", "is not a number"),
        ("published > nan", "is not a number"),
        ('topics = "x', "quote"),
        ("site = one site = two", "AND or OR"),
        ("(site = one", "')'"),
        ("topics IN [a", "']'"),
        ("NOT " * 30 + "site = one", "deep"),
        ("(" * 5000, "4000 characters"),
        (" OR ".join(["site = x"] * 250), "200 conditions"),
        ({"site": "one"}, "a text or an array"),
        ([[["site = one"]]], "an array of filters"),
    ],
)
def test_a_filter_that_cannot_be_read_says_why(filter_: Any, says: str) -> None:
    answer = search(filter=filter_)

    assert (400, "invalid_search_filter") == (answer.status_code, answer.json()["code"])
    assert says in answer.json()["message"]


@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.text("topics=\"'()[]<>!AND OR NOT IN,1 ", max_size=40),
            lambda inner: st.lists(inner, max_size=3),
        ),
    )
)
def test_any_filter_is_a_condition_or_says_why_not(filter_: Any) -> None:
    try:
        parsed = condition(filter_)
    except BadFilter as error:
        assert str(error)
    else:
        assert parsed is None or isinstance(parsed, Has | Dated | Both | Either | Not)


def test_what_was_asked_is_marked_and_cropped() -> None:
    answer = search(
        q="sciatic nerve",
        attributesToHighlight=["title", "content"],
        attributesToCrop=["content:4"],
        attributesToRetrieve=["title"],
    ).json()
    best = next(hit for hit in answer["hits"] if hit["title"] == "Sciatica")

    assert {"title", "_formatted"} == set(best)
    assert "The <em>sciatic</em> <em>nerve</em> hurts…" == best["_formatted"]["content"]


def test_between_marks_of_markup_everything_is_text() -> None:
    hostile = article(1, '<img src=x onerror="x()"> pain & rest', "<script>x()</script> pain")
    door = asked([hostile])
    answers = [
        door.post(
            "/indexes/articles/search", json={"q": "pain", "attributesToHighlight": ["*"]} | tags
        ).json()["hits"][0]["_formatted"]
        for tags in ({}, {"highlightPreTag": "__on__", "highlightPostTag": "__off__"})
    ]

    assert "&lt;img src=x onerror=&quot;x()&quot;&gt; <em>pain</em> &amp; rest" == answers[0]["title"]
    assert '<img src=x onerror="x()"> __on__pain__off__ & rest' == answers[1]["title"]


def test_matches_are_counted_in_bytes() -> None:
    answer = (
        asked([article(1, "Für Rücken")])
        .post("/indexes/articles/search", json={"q": "rücken", "showMatchesPosition": True})
        .json()
    )

    assert {"title": [{"start": 5, "length": 7}]} == {"title": answer["hits"][0]["_matchesPosition"]["title"]}


def test_facets_count_all_results() -> None:
    answer = search(q="", limit=0, facets=["*"], filter="site = two").json()

    assert {"Low Back Pain": 1, "Back Pain": 1, "Sciatica": 1}.items() <= answer["facetDistribution"][
        "topics"
    ].items()
    assert {"two": 2} == answer["facetDistribution"]["site"]
    assert [] == answer["hits"]


def test_several_searches_in_one_request() -> None:
    queries = [{"indexUid": "articles", "q": "knee"}, {"indexUid": "articles", "q": "sciatica", "limit": 1}]
    answer = asked().post("/multi-search", json={"queries": queries}).json()

    assert ["knee", "sciatica"] == [result["query"] for result in answer["results"]]
    wrong = asked().post("/multi-search", json={"queries": [*queries, {"indexUid": "other"}]})
    assert (404, "index_not_found") == (wrong.status_code, wrong.json()["code"])
    assert wrong.json()["message"].startswith("Inside `.queries[2]`")


def test_values_of_a_facet_are_searched() -> None:
    answer = (
        asked()
        .post("/indexes/articles/facet-search", json={"facetName": "topics", "facetQuery": "pain"})
        .json()
    )

    assert ["Back Pain", "Low Back Pain"] == [
        hit["value"] for hit in answer["facetHits"] if hit["value"] in ("Back Pain", "Low Back Pain", "Knee")
    ]
    assert not {"Knee", "Sciatica"} & {hit["value"] for hit in answer["facetHits"]}


def test_newest_and_oldest_first() -> None:
    assert ["Low back pain", "Knee pain after running", "Piriformis syndrome", "Sciatica"] == titles(
        search(sort=["published:desc"])
    )
    assert ["Piriformis syndrome", "Knee pain after running", "Low back pain", "Sciatica"] == titles(
        search(sort=["published:asc"])
    )


def test_the_last_word_may_be_the_beginning_of_one() -> None:
    assert ["Piriformis syndrome"] == titles(search(q="piri"))
    assert [] == titles(search(q="piri "))


def test_the_text_is_given_as_far_as_its_page_allows() -> None:
    from clinicdex.records import SnippetLimits

    limited = article(1, "One", "Secret pain.", summary="Secret.", limits=SnippetLimits(nosnippet=True))
    answer = (
        asked([limited])
        .post("/indexes/articles/search", json={"q": "pain", "attributesToHighlight": ["*"]})
        .text
    )

    assert "Secret" not in answer


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"limit": -1}, "invalid_search_limit"),
        ({"limit": "5"}, "invalid_search_limit"),
        ({"offset": True}, "invalid_search_offset"),
        ({"q": 3}, "invalid_search_q"),
        ({"q": "x" * 3000}, "invalid_search_q"),
        ({"facets": ["colour"]}, "invalid_search_facets"),
        ({"facets": "topics"}, "invalid_search_facets"),
        ({"sort": ["colour:asc"]}, "invalid_search_sort"),
        ({"hitsPerPage": 1.5}, "invalid_search_hits_per_page"),
        ({"highlightPreTag": "x" * 200}, "invalid_search_highlight_pre_tag"),
        ({"colour": 1}, "bad_request"),
        ([], "bad_request"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named_with_the_code_clients_know(body: Any, code: str) -> None:
    answer = asked().post("/indexes/articles/search", json=body)

    assert (400, code) == (answer.status_code, answer.json()["code"])


def test_one_error_body_serves_search_clients_and_rfc_9457() -> None:
    answer = asked().get("/indexes/none/search")

    assert answer.headers["content-type"] == "application/problem+json"
    assert {"message", "code", "type", "link", "title", "status", "detail"} == set(answer.json())
    assert (404, "index_not_found", "invalid_request") == (
        answer.status_code,
        answer.json()["code"],
        answer.json()["type"],
    )


def test_what_is_no_json_is_refused() -> None:
    door = asked()

    assert 415 == door.post("/indexes/articles/search", content="q=x").status_code
    assert (
        400
        == door.post(
            "/indexes/articles/search", content="{", headers={"Content-Type": "application/json"}
        ).status_code
    )
    assert (
        400
        == door.post(
            "/indexes/articles/search",
            content='{"limit": 1' + "0" * 5000 + "}",
            headers={"Content-Type": "application/json"},
        ).status_code
    )
    assert (
        400
        == door.post(
            "/indexes/articles/search", content="[" * 60000, headers={"Content-Type": "application/json"}
        ).status_code
    )


def test_the_index_is_described_and_nothing_can_be_written() -> None:
    door = asked()

    assert ["articles"] == [entry["uid"] for entry in door.get("/indexes").json()["results"]]
    assert "id" == door.get("/indexes/articles").json()["primaryKey"]
    assert {405} == {
        door.request(method, "/indexes/articles/search").status_code for method in ("PUT", "PATCH", "DELETE")
    }
    assert 404 == door.post("/indexes/articles/documents", json=[]).status_code
