"""What is refused for a moment is not gone: the article stays, is counted and told, and comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from clinicdex.catalogue import refused
from clinicdex.catalogue import visits as visits_of_catalogue
from clinicdex.flow import extraction
from clinicdex.flow.workspace import Workspace
from support.faux import (
    GONE,
    CrawlFaux,
    Reply,
    article,
    article_text,
    faux_site,
    html,
    links,
    redirect,
    ten,
    text,
)
from support.seen import titles

CLOUDFLARE = html("<h1>www.clinic.example</h1>", "<title>Just a moment...</title>")
WALL = html('<div id="px-captcha"></div><p>Please wait</p>', "<title>Access to this page</title>")
LOGIN = html('<form action="/login"><input type="password"></form><p>Members, please log in.</p>')
# the length of an answer of which only the beginning is sent
CUT = {"Content-Type": "text/html", "Content-Length": "90000", "Connection": "close"}
LONG_NOTICE = article("Closed for repairs")  # long enough to be taken for an article itself


def many(count: int = 50) -> dict[str, Any]:
    articles = {f"/{n}": article(f"Article {n}") for n in range(count)}
    return {"/": links(*articles), **articles}


REFUSALS: dict[str, tuple[Reply, str]] = {
    **{f"/{n}": (text("no", status=n), str(n)) for n in (400, 401, 403, 406, 408, 418, 425)},
    "/cloudflare": (CLOUDFLARE, "challenge page"),
    "/forbidden": (Reply(CLOUDFLARE.body, 403, CLOUDFLARE.headers), "challenge page"),
    "/wall": (WALL, "challenge page"),
    "/mitigated": (html("<p>Hold on</p>", **{"cf-mitigated": "challenge"}), "challenge page"),
    "/captcha": (html("<p>Hold on</p>", **{"x-amzn-waf-action": "captcha"}), "challenge page"),
    "/empty": (Reply(b"", 200, {"Content-Type": "text/html"}), "empty answer"),
    "/cut": (Reply(b"<html><h1>Ankles</h1><p>The ank", 200, CUT), "cut answer"),
}


def test_an_answer_that_refuses_or_is_another_ones_keeps_the_article(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    articles: dict[str, Any] = {path: article(f"About {path}") for path in REFUSALS}
    pages: dict[str, Any] = many() | articles | {"/": links(*(f"/{n}" for n in range(50)), *articles)}
    with faux_site(pages) as site:
        count = crawled(site).articles
        before = workspace.catalogue.articles.newest_change()
        pages |= {path: reply for path, (reply, _) in REFUSALS.items()}
        summary = crawled(site)
        during = workspace.catalogue.articles.newest_change()
        pages |= articles
        back = crawled(site)

    assert (50 + len(REFUSALS), "partial") == (summary.articles, summary.outcome)
    assert count == summary.articles == back.articles
    assert Counter(told for _, told in REFUSALS.values()) == summary.refused
    assert before == during == workspace.catalogue.articles.newest_change()
    assert ({}, "done") == (back.refused, back.outcome)


def test_an_article_about_bot_walls_is_none() -> None:
    from clinicdex.crawler.challenge import is_challenge

    page = f"<title>Just a moment: pausing in the day</title><p>{article_text('pausing', 30)}</p>"

    assert not is_challenge(page.encode(), lambda _: "")


ENDS: dict[str, tuple[Reply, bool]] = {  # what a redirect leads to, and whether the article stays
    "/503": (text("soon", status=503), True),
    "/403": (text("no", status=403), True),
    "/challenge": (CLOUDFLARE, True),
    "/other-host": (redirect("http://127.0.0.2:9/login"), True),
    "/members": (redirect("/wp-login.php"), True),
    "/circles": (redirect("/end/circles"), True),
    "/404": (text("lost", status=404), True),
    "/410": (GONE, False),
    "/leaflet": (html("<p>Our new leaflet</p>"), False),
}


def test_a_redirect_is_believed_if_it_ends_in_an_answer(workspace: Workspace, crawled: CrawlFaux) -> None:
    articles: dict[str, Any] = {path: article(f"About {path}") for path in ENDS}
    pages: dict[str, Any] = many() | articles | {"/": links(*(f"/{n}" for n in range(50)), *articles)}
    with faux_site(pages) as site:
        crawled(site)
        pages |= {path: redirect(f"/end{path}") for path in ENDS}
        pages |= {f"/end{path}": reply for path, (reply, _) in ENDS.items()}
        crawled(site)
        kept = {item.url.removeprefix(site.origin) for item in workspace.catalogue.articles.all()}
        pages |= articles
        back = crawled(site)

    assert {path for path, (_, stays) in ENDS.items() if stays} == kept & ENDS.keys()
    assert (50 + len(ENDS), {}) == (back.articles, back.refused)


@pytest.mark.parametrize(("notice", "count"), [(LOGIN, 3), (LONG_NOTICE, 10)])
def test_a_page_that_a_third_of_the_site_suddenly_shows_takes_nothing_away(
    workspace: Workspace, crawled: CrawlFaux, notice: Reply, count: int
) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        before = {item.url: item.text for item in workspace.catalogue.articles.all()}
        kept = {f"/{n}": pages[f"/{n}"] for n in range(count)}
        pages |= dict.fromkeys(kept, notice)
        held, again = crawled(site), crawled(site)
        extraction.reread(workspace, "faux")
        during = {item.url: item.text for item in workspace.catalogue.articles.all()}
        pages |= kept
        back = crawled(site)

    assert ("held", 10, "held", 10) == (held.outcome, held.articles, again.outcome, again.articles)
    assert before == during == {item.url: item.text for item in workspace.catalogue.articles.all()}
    assert ("done", 10, {}) == (back.outcome, back.articles, back.refused)


@pytest.mark.both_stores
def test_a_redirect_that_a_third_of_the_site_suddenly_has_takes_nothing_away(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages |= dict.fromkeys(("/1", "/2", "/3", "/4"), redirect("/sign"))
        pages["/sign"] = LOGIN
        held = crawled(site)
        forced = crawled(site, force=True)

    assert ("held", 10) == (held.outcome, held.articles)
    assert ("done", 6) == (forced.outcome, forced.articles)


def test_what_robots_txt_newly_forbids_is_no_longer_asked_for_and_stays(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/robots.txt"] = text("User-agent: *\nDisallow: /3")
        site.asked.clear()
        summary = crawled(site)

    assert "/3" not in site.asked
    assert (10, "done", {"robots": 1}) == (summary.articles, summary.outcome, summary.refused)


def test_a_whole_site_that_robots_txt_forbids_is_held_and_let_go_by_force(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/robots.txt"] = text("User-agent: *\nDisallow: /")
        held, forced = crawled(site), crawled(site, force=True)

    assert ("held", 10) == (held.outcome, held.articles)
    assert 0 == forced.articles


@pytest.mark.both_stores
def test_after_a_month_without_a_good_answer_it_leaves_the_results_until_it_answers(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/3"] = text("no", status=403)
        crawled(site)
        month = refused.AWAY_AFTER + 60
        for module in (refused, visits_of_catalogue):
            monkeypatch.setattr(module, "now", _later(module.now, month))
        away = crawled(site)
        listed = workspace.catalogue.refused("faux").articles()
        shown = titles(workspace)
        pages["/3"] = article("Article 3")
        back = crawled(site)

    assert (9, {}, 1) == (away.articles, away.refused, away.away)
    assert [False] == [kept.is_shown for kept in listed]
    assert "Article 3" not in shown
    assert (10, 0) == (back.articles, back.away)
    assert "Article 3" in titles(workspace)


def _later(clock: Callable[[], float], seconds: float) -> Callable[[], float]:
    return lambda: clock() + seconds


def test_a_page_that_is_refused_is_asked_for_at_growing_intervals() -> None:
    hour = 3600.0
    pauses = []
    at = since = 0.0
    while at < 60 * 24 * hour:
        following = refused.next_try(since, at)
        pauses.append(following - at)
        at = following

    assert pauses == sorted(pauses)
    assert (hour, 7 * 24 * hour) == (pauses[0], pauses[-1])
    assert len(pauses) < 20


def test_what_the_owner_denies_goes_at_once_and_is_told(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(ten()) as site:
        crawled(site)
        site.asked.clear()
        summary = crawled(site, deny=("/3", "/4", "/5", "/6"))

    assert (6, {"denied": 4}, "done") == (summary.articles, summary.denied, summary.outcome)
    assert not {"/3", "/4"} & set(site.asked)


def test_a_page_that_names_its_last_day_goes_after_it(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clinicdex.catalogue import lost

    soon = '<meta name="robots" content="unavailable_after: Wed, 25 Jun 2098 15:00:00 GMT">'
    over = '<meta name="robots" content="unavailable_after: 25-Jun-2018 15:00:00 EST, noarchive">'
    pages: dict[str, Any] = {"/": links("/a", "/b"), "/a": article("Ankles", head=soon)}
    with faux_site(pages | {"/b": article("Backs", head=over)}) as site:
        crawled(site)
        first = titles(workspace)
        monkeypatch.setattr(lost, "now", lambda: 4_100_000_000.0)
        crawled(site)

    assert ["Ankles"] == first
    assert [] == titles(workspace)


def test_half_an_answer_with_its_last_tag_is_used_and_told(workspace: Workspace, crawled: CrawlFaux) -> None:
    whole = article("Ankles")
    short = Reply(whole.body, 200, whole.headers | CUT)
    with faux_site({"/": links("/a"), "/a": lambda _: short}) as site:
        summary = crawled(site)

    assert ["Ankles"] == titles(workspace)
    assert (1, "done") == (summary.cut, summary.outcome)


def test_a_login_page_does_not_wear_a_site_away_slice_by_slice(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(pages := many(20)) as site:
        crawled(site)
        pages |= {f"/{n}": LOGIN for n in range(20)}
        slices = [crawled(site, max_pages=5) for _ in range(5)]
        shown = [found.text for found in workspace.catalogue.articles.all()]

    assert [20] * 5 == [summary.articles for summary in slices]
    assert "held" == slices[-1].outcome
    assert not any("log in" in text for text in shown)


def test_a_run_that_asks_for_a_few_pages_is_judged_by_these(workspace: Workspace, crawled: CrawlFaux) -> None:
    import sqlite3

    with faux_site(pages := many(30)) as site:
        crawled(site)
        with sqlite3.connect(workspace.config.data_dir / "catalogue.sqlite") as raw:
            raw.execute("update frontier set due = 9e12 where cast(substr(url, -2) as text) not like '/_'")
        raw.close()
        pages |= {f"/{n}": LOGIN for n in range(10)}
        held = crawled(site, asks="due")

    assert ("held", 30) == (held.outcome, held.articles)


def test_a_redirect_that_still_ends_in_404_a_day_later_is_believed(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clinicdex.catalogue import earlier
    from clinicdex.catalogue.database import now

    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/3"] = redirect("/nowhere")
        first = crawled(site)
        monkeypatch.setattr(earlier, "now", _later(now, 90_000))
        second = crawled(site)

    assert (10, 9) == (first.articles, second.articles)


def test_what_was_let_go_by_force_is_not_brought_back_by_reading_again(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/3"] = text("no", status=403)
        forced = crawled(site, force=True)
        extraction.reread(workspace, "faux")

    assert 9 == forced.articles == workspace.catalogue.articles.count("faux")


def test_the_copy_of_a_denied_address_stands_for_the_article(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    pages: dict[str, Any] = {
        "/": links("/a", "/z-copy"),
        "/a": article("Ankles"),
        "/z-copy": article("Ankles"),
    }
    with faux_site(pages) as site:
        crawled(site)
        crawled(site, deny=("/a",))
        articles = list(workspace.catalogue.articles.all())

    assert [(f"{site.origin}/z-copy", ())] == [(found.url, found.also_at) for found in articles]
    assert [] == workspace.catalogue.problems()


def test_a_move_that_is_seen_in_two_runs_keeps_the_id(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        id_ = next(item.id for item in workspace.catalogue.articles.all() if item.url.endswith("/3"))
        pages |= {"/3": redirect("/new/3", 301), "/new/3": article("Article 3")}
        for _ in range(4):
            crawled(site, max_pages=5)
        found = [item for item in workspace.catalogue.articles.all() if item.title == "Article 3"]

    assert [(f"{site.origin}/new/3", id_)] == [(item.url, item.id) for item in found]
