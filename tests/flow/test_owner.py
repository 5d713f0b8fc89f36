"""What the owner sets: kinds, overrides, spellings, own topics, and how each field is shown."""

from __future__ import annotations

import dataclasses
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from clinicdex.catalogue.sites import Site
from clinicdex.config import Config, OverrideSettings, SiteSettings, load
from clinicdex.errors import ConfigError
from clinicdex.flow import crawling, explain, extraction
from clinicdex.flow.crawl_options import CrawlOptions
from clinicdex.flow.shipped import checked_vocabulary
from clinicdex.flow.site_profile import SiteProfile, profile_of
from clinicdex.flow.workspace import Workspace
from clinicdex.index.query import parse
from clinicdex.pipeline.override import Override
from clinicdex.pipeline.rules import SiteRules
from clinicdex.records import Article, Reason, Rejection, Topic
from clinicdex.vocabulary import owner
from clinicdex.vocabulary.concepts import Concept
from clinicdex.vocabulary.shipped import load as load_vocabulary
from support.faux import CrawlFaux, article, article_text, faux_site, html, links
from support.pages import outcome, page, post

URL = "https://clinic.example/post/"
TABLE = "label,synonyms,broader\nBulging Disc,slipped disc|disc bulge,Back Pain\nStep Dancing,,\n"
SKOS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://clinic.example/t/disc> a skos:Concept ; skos:prefLabel "Bulging Disc"@en ; \
skos:altLabel "slipped disc"@en ; skos:broader <http://clinic.example/t/spine> .
<http://clinic.example/t/spine> a skos:Concept ; skos:prefLabel "Spine"@en .
"""


def test_an_override_sets_each_field_and_keeps_the_rest() -> None:
    before = outcome(page(post("<p>By Ann Lee, MD</p>")))
    override = Override(
        title="Another Title", author="Dr. Ruth Hale, DC and Tom Orr", add_topics=("Step Dancing",)
    )

    after = outcome(page(post("<p>By Ann Lee, MD</p>")), rules=SiteRules(overrides=((URL, override),)))

    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert ("Another Title", ["Ruth Hale", "Tom Orr"]) == (
        after.title,
        [person.name for person in after.authors],
    )
    assert Topic("Step Dancing", None, "owner") == after.topics[0]
    assert before.text == after.text


def test_topics_are_pinned_and_forbidden() -> None:
    head = '<meta property="article:section" content="Back Pain">'
    plain = outcome(page(post(), head=head))
    forbidden = outcome(
        page(post(), head=head), rules=SiteRules(overrides=((URL, Override(drop_topics=("back pain",))),))
    )
    pinned = outcome(
        page(post(), head=head), rules=SiteRules(overrides=((URL, Override(topics=("Sleep",))),))
    )

    assert isinstance(plain, Article)
    assert isinstance(forbidden, Article)
    assert isinstance(pinned, Article)
    assert "Back Pain" in [topic.label for topic in plain.topics]
    assert "Back Pain" not in [topic.label for topic in forbidden.topics]
    assert ["Sleep"] == [topic.label for topic in pinned.topics]


def test_an_override_can_say_that_a_page_is_no_article() -> None:
    result = outcome(page(post()), rules=SiteRules(overrides=((URL, Override(exclude=True)),)))

    assert isinstance(result, Rejection)
    assert result.reason is Reason.EXCLUDED


def test_pages_of_other_kinds_are_kept_when_the_owner_wants_them() -> None:
    contact = page(post(title="Opening Hours"), "https://clinic.example/contact/")

    assert isinstance(outcome(contact), Rejection)
    result = outcome(contact, rules=SiteRules(kinds=("article", "contact")))
    assert isinstance(result, Article)
    assert result.kind == "contact"


SITE = {
    "/": links("/a", "/b", "/contact"),
    "/a": article("Necks"),
    "/b": article("Knees"),
    "/contact": article("Find Us"),
}


def test_overrides_survive_every_reading_and_are_undone_when_they_go(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    plain = workspace.config
    workspace.config = replace(
        plain, override=(OverrideSettings(f"{site.origin}/a", title="Stiff Necks", date="2020-01-02"),)
    )

    for _ in range(2):
        workspace.catalogue.pages.mark_unread("faux")
        extraction.finish_extraction(workspace, profile_of(workspace, "faux"))
        by_title = {item.title: item for item in workspace.catalogue.articles.all()}
        assert {"Stiff Necks", "Knees"} == set(by_title)
        assert "2020-01-02" == str(by_title["Stiff Necks"].published)

    workspace.config = plain
    extraction.finish_extraction(workspace, profile_of(workspace, "faux"))
    assert {"Necks", "Knees"} == {item.title for item in workspace.catalogue.articles.all()}


def test_kinds_are_read_from_the_sites_table(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    workspace.config = replace(workspace.config, site={"faux": SiteSettings(kinds=("article", "contact"))})

    extraction.finish_extraction(workspace, profile_of(workspace, "faux"))

    assert {("Find Us", "contact"), ("Necks", "article"), ("Knees", "article")} == {
        (item.title, item.kind) for item in workspace.catalogue.articles.all()
    }
    workspace.config = replace(workspace.config, site={"faux": SiteSettings(kinds=("novel",))})
    with pytest.raises(ConfigError, match="novel is not a kind of page"):
        extraction.finish_extraction(workspace, profile_of(workspace, "faux"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[override]]\ntitle = 'x'\n", "needs the URL"),
        ("[[override]]\nurl = 'https://a.example/'\ndate = 'soon'\n", "date must be YYYY-MM-DD"),
        ("[override]\nurl = 'https://a.example/'\n", "two brackets"),
        ("[[override]]\nurl = 'https://a.example/'\ncolour = 'red'\n", "colour is not a setting"),
    ],
)
def test_an_override_that_does_not_fit_is_named(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "clinicdex.toml"
    file.write_text(text)

    with pytest.raises(ConfigError, match=problem):
        load(file, {}, {})


@pytest.mark.parametrize(("name", "text"), [("topics.csv", TABLE), ("topics.ttl", SKOS)])
def test_an_owners_vocabulary_comes_before_the_shipped_one(name: str, text: str) -> None:
    vocabulary = owner.extended(load_vocabulary(), owner.parse(name, text.encode()))

    concept = vocabulary.named("slipped discs")

    assert concept is not None
    assert "Bulging Disc" == concept.label
    assert vocabulary.named("lumbago") is not None
    if name.endswith(".csv"):
        back_pain = load_vocabulary().named("Back Pain")
        assert back_pain is not None
        assert (back_pain.id,) == concept.broader


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.csv",
            "id,language,label,synonyms\nd,en,Slipped Disc,bulging disc\n"
            "d,de-CH,Diskushernie,Bandscheibenvorfall\n",
        ),
        (
            "a.ttl",
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<http://c.example/d> a skos:Concept ; "
            'skos:prefLabel "Slipped Disc"@en, "Diskushernie"@de-CH ; '
            'skos:altLabel "Bandscheibenvorfall"@de .\n',
        ),
    ],
)
def test_an_owners_topic_has_a_name_in_each_language(name: str, text: str) -> None:
    vocabulary = owner.extended(load_vocabulary(), owner.parse(name, text.encode()))
    german = vocabulary.named("Bandscheibenvorfälle", "de")
    english = vocabulary.named("slipped discs", "en")

    assert german is not None
    assert english == german
    assert ["Diskushernie", "Slipped Disc"] == [
        names.label for language in ("de", "en") if (names := vocabulary.names(german.id, language))
    ]
    assert vocabulary.names(german.id, "fr") is None


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.csv", "name\nx\n", 'needs a column "label"'),
        ("a.csv", "label,synonyms\n,x\n", "row 2 has no label"),
        ("a.ttl", "this is no turtle", "is not a turtle file"),
        ("a.doc", "x", "neither a table"),
    ],
)
def test_a_vocabulary_that_does_not_fit_is_named(name: str, text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        owner.parse(name, text.encode())


def test_a_thesaurus_without_rdflib_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rdflib", None)
    (tmp_path / "topics.ttl").write_text(SKOS)

    with pytest.raises(ConfigError, match=r"pip install 'clinicdex\[skos\]'$"):
        checked_vocabulary([str(tmp_path / "topics.ttl")])


def test_topics_of_ones_own_are_found_in_a_crawl(tmp_path: Path) -> None:
    (tmp_path / "topics.csv").write_text(TABLE)
    text = (
        "<p>Step dancing is good for the knees, and step dancing is fun for all of us who "
        "like to move about in the evening.</p>" * 2
    )
    site_pages = {
        "/": links("/a"),
        "/a": html(post(text, title="Step Dancing for Knees"), "<title>Step Dancing for Knees</title>"),
    }
    config = Config(
        data_dir=tmp_path / "data",
        delay=0.0,
        vocabulary=(str(tmp_path / "topics.csv"),),
        only_own_vocabulary=True,
    )
    with Workspace(config) as workspace, faux_site(site_pages) as site:
        added = Site("faux", f"{site.origin}/", allow_hosts=(site.host_port,))
        workspace.catalogue.sites.add(added)
        crawling.collect(workspace, added, CrawlOptions(), lambda _: None, lambda: False)
        stored = next(iter(workspace.catalogue.articles.all()))

    assert [Topic("Step Dancing", "own:step dancing", "vocabulary")] == list(stored.topics)


def test_a_phrase_on_every_page_of_a_site_is_no_topic_of_its_articles(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    def told(title: str) -> str:
        return post(f"<p>Step dancing and chiropractic go together. {article_text(title)}</p>", title=title)

    titles = ["Chiropractic", *(f"Lesson {number}" for number in range(11))]
    pages = {f"/{n}": html(told(title), f"<title>{title}</title>") for n, title in enumerate(titles)}
    with faux_site({"/": links(*pages), **pages}) as site:
        crawled(site)

    shown = {found.title: found.topics for found in workspace.catalogue.articles.all()}

    assert ["Chiropractic"] == [topic.label for topic in shown["Chiropractic"]]
    assert [()] * 11 == [shown[title] for title in titles[1:]]


def test_show_says_where_each_field_comes_from(
    workspace: Workspace, crawled: CrawlFaux, tmp_path: Path
) -> None:
    from clinicdex.cli import main

    head = '<meta property="article:published_time" content="2024-05-06">'
    reviewed = "<p>Last reviewed: 1 March 2024</p><p>Next review due: 1 March 2025</p>"
    necks = article("Necks", head=head, extra=reviewed)
    with faux_site({"/": links("/a"), "/a": necks, "/contact": article("Us")}) as site:
        crawled(site)
    arguments = ["-d", str(workspace.config.data_dir), "show", f"{site.origin}/a"]

    record = json.loads(CliRunner().invoke(main, [*arguments, "--json"]).stdout)
    output = CliRunner().invoke(main, arguments).stdout

    assert ("heading", "meta", "scored") == tuple(
        record["origins"][name] for name in ("title", "published", "text")
    )
    assert "Necks" in output
    assert "published: 2024-05-06" in output
    assert "review due: 2025-03-01" in output
    assert "review: overdue" in output
    assert (True, "2024-03-01") == (record["overdue"], record["reviewed_on"])
    missing = CliRunner().invoke(main, ["-d", str(workspace.config.data_dir), "show", f"{site.origin}/"])
    assert missing.exit_code != 0


def test_status_of_a_site_shows_what_was_learned(workspace: Workspace, crawled: CrawlFaux) -> None:
    extra = "<div class=box><p>Call us on 555-0100 for a visit, we are there all day long for you</p></div>"
    head = "<meta name=author content=webteam>"
    site_pages = {"/": links(*(f"/{n}" for n in range(8)))}
    for n in range(8):
        body = f"<article><h1>Post {n}</h1><p>{article_text(f'post {n}', 14)}</p></article>{extra}"
        site_pages[f"/{n}"] = html(body, f"<title>Post {n} | Lake Clinic</title>{head}")
    with faux_site(site_pages) as site:
        crawled(site)

    learned = explain.facts_of_site(workspace, "faux")

    assert ("lake clinic",) == learned.title_affixes
    assert ("webteam",) == learned.accounts
    assert any("555-0100" in block.text for block in learned.repeated)


def test_after_an_upgrade_stored_pages_are_extracted_again_while_the_old_index_answers(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    asked_before = list(site.asked)
    answers: list[list[str]] = []
    plain = extraction.extract_some

    def some(opened: Workspace, profile: SiteProfile) -> int:
        with opened.engine.reader() as reader:
            answers.append(sorted(hit.article.title for hit in reader.search(parse("necks knees")).hits))
        return plain(opened, profile)

    assert [] == extraction.out_of_date(workspace)
    monkeypatch.setattr("clinicdex.flow.site_profile.VERSION", "the next one")
    monkeypatch.setattr(extraction, "extract_some", some)
    assert ["faux"] == extraction.out_of_date(workspace)
    extraction.refresh(workspace, "faux")

    assert [] == extraction.out_of_date(workspace)
    assert answers
    assert all(answer == ["Knees", "Necks"] for answer in answers)
    assert asked_before == site.asked


def test_extracting_again_after_an_upgrade_stops_when_asked_and_goes_on_later(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    before = [article.title for article in workspace.catalogue.articles.all()]
    monkeypatch.setattr("clinicdex.flow.site_profile.VERSION", "the next one")
    monkeypatch.setattr(extraction, "_BATCH", 1)
    asked = iter((False, True, True))

    extraction.refresh(workspace, "faux", lambda: next(asked))

    assert ["faux"] == extraction.out_of_date(workspace)
    assert before == [article.title for article in workspace.catalogue.articles.all()]
    extraction.refresh(workspace, "faux")
    assert [] == extraction.out_of_date(workspace)


def test_the_owners_vocabulary_is_parsed_once_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "topics.csv").write_text(TABLE)
    parsed: list[str] = []
    plain = owner.parse

    def counted(name: str, data: bytes) -> list[Concept]:
        parsed.append(name)
        return plain(name, data)

    monkeypatch.setattr(owner, "parse", counted)
    config = Config(data_dir=tmp_path / "data", delay=0.0, vocabulary=(str(tmp_path / "topics.csv"),))
    with Workspace(config) as workspace, faux_site(SITE) as site:
        added = Site("faux", f"{site.origin}/", allow_hosts=(site.host_port,))
        workspace.catalogue.sites.add(added)
        crawling.collect(workspace, added, CrawlOptions(), lambda _: None, lambda: False)

    assert 1 == len(parsed)  # in this process; the extraction process parses it again


def test_what_a_site_table_can_say_reaches_the_pipeline() -> None:
    settings = {field.name for field in dataclasses.fields(SiteSettings)}
    rules = {field.name for field in dataclasses.fields(SiteRules)}

    of_the_crawler = {"revisit_least", "revisit_most", "headers", "basic_auth"}
    assert settings - rules == of_the_crawler
    assert rules - settings == {"overrides"}
