"""The command line as people and programs use it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from clinicdex.cli import main
from clinicdex.commands.search import _shielded
from support.faux import article, as_added, faux_site, links, text

COMMANDS = (
    "init", "site add", "site set", "site show", "site list", "site remove", "site test",
    "crawl", "extract", "import", "export",
    "search", "show", "suggest", "more-like", "serve", "embed", "report", "schedule run", "schedule list",
    "schedule next", "schedule history", "schedule export", "status", "reread", "reindex", "verify", "forget",
    "catalogue copy",
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


def run(folder: Path, *arguments: str, stdin: str | None = None, **environment: str) -> Done:
    """Run a command in this process, as it would run in a folder."""
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []  # each command sets up its own, on the stderr of that moment
    try:
        with contextlib.chdir(folder):
            outcome = CliRunner().invoke(
                main, arguments, input=stdin, env={"HOME": str(folder)} | environment, prog_name="clinicdex"
            )
    finally:
        root.handlers = handlers
    return Done(outcome.exit_code, outcome.stdout, outcome.stderr)


def process(folder: Path, *arguments: str) -> Done:
    """Run a command in a process of its own, for its real exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "clinicdex", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def leaves(group: click.Group, before: str = "") -> dict[str, click.Command]:
    commands: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        commands |= (
            leaves(command, f"{before}{name} ")
            if isinstance(command, click.Group)
            else {f"{before}{name}": command}
        )
    return commands


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings, a crawled site and an index."""
    folder = tmp_path_factory.mktemp("filled")
    names = ("Back pain", "Back surgery", "Knee pain")
    pages: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(3)))} | {
        f"/{n}": article(name) for n, name in enumerate(names)
    }
    with faux_site(pages) as site:
        assert run(folder, "init", "--site", site.origin).returncode == 0
        assert run(folder, *as_added(site)).returncode == 0
        done = run(folder, "crawl", "faux", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["articles"] == 3
    return folder


def test_these_are_the_commands_and_every_one_has_help() -> None:
    commands = leaves(main)

    assert set(COMMANDS) == set(commands)
    assert [] == [name for name, command in commands.items() if not command.help]
    assert [] == [
        f"{name} {param.name}"
        for name, command in commands.items()
        for param in command.params
        if isinstance(param, click.Option) and not param.help
    ]


def test_the_exit_codes_are_in_the_help() -> None:
    assert re.search(r"3 done but some\s+pages failed", run(Path.cwd(), "--help").stdout)


HEAVY = "scrapy twisted lxml bs4 numpy babel whoosh rdflib"


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (("search", "x"), "scrapy sqlalchemy lxml bs4 twisted ada_url"),
        (("suggest", "x"), "scrapy sqlalchemy lxml bs4 twisted ada_url"),
        (("--help",), f"{HEAVY} sqlalchemy ada_url"),
        (("site", "list"), HEAVY),
        (("status",), HEAVY),
        (("schedule", "list"), HEAVY),
        (("schedule", "next"), HEAVY),
        (("schedule", "history"), HEAVY),
        (("forget", "--list"), HEAVY),
    ],
)
def test_a_command_loads_only_what_it_needs(filled: Path, arguments: tuple[str, ...], unwanted: str) -> None:
    code = f"""
import sys
from clinicdex.cli import main
try: main({list(arguments)!r})
except SystemExit: pass
print(sorted(set({unwanted.split()!r}) & set(sys.modules)), file=sys.stderr)"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=filled, capture_output=True, text=True, check=False
    )

    assert done.stderr.rstrip().endswith("[]"), done.stderr


def test_a_word_with_a_dash_is_excluded_and_options_stay_options(filled: Path) -> None:
    assert "Back surgery" in run(filled, "search", "back").stdout
    without = run(filled, "search", "back", "-surgery", "-n", "5")

    assert without.returncode == 0, without.stderr
    assert "Back pain" in without.stdout
    assert "Back surgery" not in without.stdout
    assert "Usage" in run(filled, "search", "-h").stdout


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["back", "-nausea"], ["back", "\x00-nausea"]),
        (["vitamin", "-d", "-2023"], ["vitamin", "\x00-d", "\x00-2023"]),
        (["-n", "5", "x"], ["-n", "5", "x"]),
        (["-n5", "x"], ["-n5", "x"]),
        (["--json", "-h"], ["--json", "-h"]),
        (["--", "-n"], ["--", "-n"]),
    ],
)
def test_which_arguments_are_words(args: list[str], expected: list[str]) -> None:
    assert expected == _shielded(args, leaves(main)["search"].params)


def test_results_as_data(filled: Path) -> None:
    results = json.loads(run(filled, "search", "knee", "pain", "--json", "--facets").stdout)
    urls = run(filled, "search", "knee", "pain", "--urls").stdout.splitlines()
    batch = json.loads(run(filled, "search", "--batch", "-", stdin='{"id": "q1", "query": "knee"}\n').stdout)

    assert results["hits"][0]["title"] == "Knee pain"
    assert results["facets"]["site"] == {"faux": results["total"]}
    assert urls[0].endswith("/2")
    assert len(urls) == results["total"]
    assert ("q1", urls[0]) == (batch["id"], batch["hits"][0]["url"])


def test_a_search_that_misses_says_what_may_have_been_meant(filled: Path) -> None:
    mistyped = run(filled, "search", "sugrery")
    data = json.loads(run(filled, "search", "sugrery", "--json").stdout)
    nothing = run(filled, "search", "+backhand")
    beyond = run(filled, "search", "surgery", "--page", "99")

    assert "did you mean: surgery" in mistyped.stderr
    assert "surgery" == data["did_you_mean"]
    assert "nothing found" in nothing.stderr
    assert "past the last of" in beyond.stderr
    assert "nothing found" not in beyond.stderr


def test_pages_of_results_go_on_by_cursor(filled: Path) -> None:
    first = json.loads(run(filled, "search", "pain", "surgery", "-n", "2", "--json").stdout)
    rest = json.loads(
        run(filled, "search", "pain", "surgery", "-n", "2", "--json", "--after", first["cursor"]).stdout
    )

    assert (2, 1, None) == (len(first["hits"]), len(rest["hits"]), rest["cursor"])


def test_articles_about_the_same_and_the_index_before(filled: Path) -> None:
    urls = run(filled, "search", "back", "--urls").stdout.splitlines()
    alike = json.loads(run(filled, "more-like", urls[0], "--json").stdout)
    again = [run(filled, "reindex"), run(filled, "reindex", "--undo"), run(filled, "search", "back")]

    assert urls[0] not in [hit["url"] for hit in alike]
    assert [0, 0, 0] == [done.returncode for done in again]


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    """A folder with two imported articles, to take things away from."""
    records = [{"url": f"https://clinic.example/{n}", "title": f"Title {n}"} for n in range(2)]
    run(tmp_path, "init")
    done = run(tmp_path, "import", "-", stdin="".join(f"{json.dumps(record)}\n" for record in records))
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_forgetting_is_listed_and_undone(imported: Path) -> None:
    url = "https://clinic.example/1"
    done = run(imported, "forget", f"{url}?utm_source=mail")

    assert (0, True) == (done.returncode, url in done.stderr)
    assert run(imported, "forget", "--list").stdout.startswith(url)
    assert run(imported, "forget", "--undo", f"{url}#top").returncode == 0
    assert "" == run(imported, "forget", "--list").stdout
    assert 4 == run(imported, "forget", "--undo", url).returncode
    assert 2 == run(imported, "forget").returncode


def test_forgetting_what_is_not_there_says_so_and_keeps_nothing_out(imported: Path) -> None:
    done = run(imported, "forget", "https://clinic.example/11")

    assert 1 == done.returncode
    assert "nothing found" in done.stderr
    assert "https://clinic.example/1" in done.stderr
    assert "" == run(imported, "forget", "--list").stdout


def test_a_password_in_an_address_is_never_kept(imported: Path) -> None:
    done = run(imported, "forget", "https://user:secret@clinic.example/1")

    assert 0 == done.returncode
    assert "secret" not in done.stderr + run(imported, "forget", "--list").stdout


def test_data_goes_to_stdout_and_everything_else_to_stderr(filled: Path) -> None:
    done = run(filled, "export")

    assert 3 == len([json.loads(line) for line in done.stdout.splitlines()])
    assert "1-3 of 3" in run(filled, "search", "pain", "surgery").stderr


def test_no_colour_for_pipes_and_colour_when_asked(filled: Path) -> None:
    assert "\x1b[" not in run(filled, "search", "pain").stdout
    assert "\x1b[" in run(filled, "--color", "always", "search", "pain").stdout


ERRORS = [
    (("search", "x"), 4, "clinicdex init"),
    (("-c", "missing.toml", "search", "x"), 4, "missing.toml"),
    (("-d", "empty", "search", "x"), 1, "clinicdex reindex"),
    (("-d", "empty", "crawl"), 4, "clinicdex site add"),
    (("-d", "empty", "crawl", "nobody"), 4, "nobody"),
    (("-d", "empty", "crawl", "https://clinic.example/"), 4, "contact"),
    (("-d", "empty", "site", "add", "::::"), 4, "not a URL"),
    (("-d", "empty", "site", "add", "https://x.example", "--name", "../x"), 4, "--name"),
    (("-d", "empty", "site", "add", "https://x.example", "--every", "often"), 4, "interval"),
    (("-d", "empty", "site", "add", "https://x.example", "--cron", "x"), 4, "cron"),
    (("extract", "missing.html"), 4, "missing.html"),
    (("extract",), 2, "Name a FILE"),
    (("search",), 2, "clinicdex search low back pain"),
    (("-d", "empty", "import", "missing.jsonl"), 4, "missing.jsonl"),
    (("nonsense",), 2, "No such command"),
    (("-d", "empty", "crawl", "http://127.0.0.1:9/"), 4, "--allow-host"),
    (
        ("-d", "empty", "crawl", "http://127.0.0.1:9/", "--allow-host", "127.0.0.1:9"),
        4,
        "nothing could be fetched",
    ),
]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    ERRORS,
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_gets_one_clear_line_and_its_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = process(tmp_path, *arguments)

    assert (code, "") == (done.returncode, done.stdout), done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    if code != 2:
        assert 1 == len([line for line in done.stderr.splitlines() if not line.startswith("added")]), (
            done.stderr
        )


def test_crawling_an_address_of_a_known_site_keeps_its_settings(tmp_path: Path) -> None:
    run(tmp_path, "-d", "d", "site", "add", "http://127.0.0.1:9/", "--every", "1d")

    done = run(tmp_path, "-d", "d", "crawl", "http://127.0.0.1:9/page")

    assert done.returncode == 4
    assert "its host belongs to" in done.stderr
    assert "\t1d" in run(tmp_path, "-d", "d", "site", "list").stdout


def test_import_names_the_line_at_fault_and_keeps_what_came_before(tmp_path: Path) -> None:
    lines = '{"url": "https://a.example/1", "title": "One"}\n{"url": "nowhere", "title": "Two"}\n'

    done = run(tmp_path, "-d", "d", "import", "-", stdin=lines)

    assert done.returncode == 4
    assert "line 2" in done.stderr
    assert '"One"' in run(tmp_path, "-d", "d", "export").stdout


def test_imported_articles_are_taken_as_they_are(tmp_path: Path) -> None:
    record = {
        "url": "https://a.example/1",
        "title": "Short",
        "text": "Tiny.",
        "authors": ["Ann Lee, MD", "The Team"],
        "topics": ["Backs"],
        "published": "2024-05-01",
    }
    twin = record | {"url": "https://a.example/2"}

    assert (
        run(
            tmp_path, "-d", "d", "import", "-", stdin=json.dumps(record) + "\n\n" + json.dumps(twin)
        ).returncode
        == 0
    )

    records = [json.loads(line) for line in run(tmp_path, "-d", "d", "export").stdout.splitlines()]
    assert ["https://a.example/1", "https://a.example/2"] == [exported["url"] for exported in records]
    assert ["Ann Lee", "The Team"] == [person["name"] for person in records[0]["authors"]]
    assert ("Backs", "2024-05-01", "a.example") == (
        records[0]["topics"][0]["label"],
        records[0]["published"],
        records[0]["site"],
    )
    assert 2 == json.loads(run(tmp_path, "-d", "d", "search", "tiny", "--json").stdout)["total"]


def test_extract_reads_html_and_text_from_file_and_stdin(tmp_path: Path) -> None:
    body = article("Ankles").body
    (tmp_path / "page.html").write_bytes(body)

    assert "Ankles" == json.loads(run(tmp_path, "extract", "page.html").stdout)["title"]
    assert run(tmp_path, "extract", "-", "--format", "markdown", stdin=body.decode()).stdout.startswith(
        "# Ankles\n\nIn Ankles"
    )
    assert run(tmp_path, "extract", "page.html", "--format", "html").stdout.startswith("<p>In Ankles")
    assert run(tmp_path, "extract", "page.html", "--format", "text").stdout.startswith("Ankles\n\nIn Ankles")
    assert "keep  main content" in run(tmp_path, "extract", "page.html", "--explain").stdout
    thin = run(tmp_path, "extract", "-", stdin="<p>Hello</p>")
    assert thin.returncode == 1
    assert json.loads(thin.stdout)["rejected"] == "thin"


def test_extract_in_batches_keeps_the_order(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(article("Ankles").body)
    lines = "\n".join(
        json.dumps(line)
        for line in (
            {"path": "page.html", "url": "https://a.example/1"},
            {"html": "<p>Hello there</p>", "url": "https://a.example/2"},
        )
    )

    plain = [
        json.loads(line) for line in run(tmp_path, "extract", "--batch", "-", stdin=lines).stdout.splitlines()
    ]
    forced = [
        json.loads(line)
        for line in run(
            tmp_path, "extract", "--batch", "-", "--force", "--same-site", stdin=lines
        ).stdout.splitlines()
    ]

    assert ["https://a.example/1", "https://a.example/2"] == [record["url"] for record in plain]
    assert (plain[0]["title"], plain[1]["rejected"]) == ("Ankles", "thin")
    assert forced[1]["text"] == "Hello there"


def test_a_wrong_line_of_a_batch_says_so_in_its_place(tmp_path: Path) -> None:
    good = json.dumps({"html": "<p>Hello there</p>", "url": "https://a.example/1"})
    lines = f'{good}\nno json\n{{"url": "https://a.example/2"}}\n{{"path": "none.html"}}\n{good}\n'

    done = run(tmp_path, "extract", "--batch", "-", "--force", stdin=lines)

    assert 3 == done.returncode
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [None, 2, 3, 4, None] == [record.get("line") for record in records]
    assert "cannot read 'none.html'" in records[3]["error"]
    assert "Hello there" == records[4]["text"]
    assert "3 lines were wrong" in done.stderr


def test_force_answers_every_page_that_has_text(tmp_path: Path) -> None:
    bodies = (
        "<footer>© 2020 Hillside. All rights reserved.</footer>",
        '<nav><a href="/a">Alpha</a> <a href="/b">Beta</a></nav>',
        "words without any markup",
    )
    lines = "\n".join(json.dumps({"html": body}) for body in bodies)

    done = run(tmp_path, "extract", "--batch", "-", "--force", stdin=lines)

    assert all(json.loads(line)["text"] for line in done.stdout.splitlines())


def test_extract_fetches_an_address_through_the_guard(tmp_path: Path) -> None:
    with faux_site({"/a": article("Ankles")}) as site:
        refused = run(tmp_path, "-d", "d", "extract", f"{site.origin}/a")
        allowed = run(
            tmp_path,
            "-d",
            "d",
            "extract",
            f"{site.origin}/a",
            CLINICDEX_ALLOW_HOSTS=site.host_port,
            CLINICDEX_DELAY="0",
        )

    assert refused.returncode == 4
    assert "Traceback" not in refused.stderr
    assert allowed.returncode == 0, allowed.stderr
    assert json.loads(allowed.stdout)["title"] == "Ankles"


def test_csv_for_a_spreadsheet_holds_no_formulas(tmp_path: Path) -> None:
    run(
        tmp_path,
        "-d",
        "d",
        "import",
        "-",
        stdin=json.dumps({"url": "https://a.example/1", "title": "=HYPERLINK(1)", "text": "x"}),
    )

    assert "'=HYPERLINK(1)" in run(tmp_path, "-d", "d", "export", "--format", "csv").stdout


def test_a_title_cannot_steer_the_terminal(tmp_path: Path) -> None:
    run(
        tmp_path,
        "-d",
        "d",
        "import",
        "-",
        stdin=json.dumps(
            {"url": "https://a.example/1", "title": "evil \x1b]0;x\x07\x1b[2J \u202e title", "text": "evil"}
        ),
    )
    output = run(tmp_path, "-d", "d", "search", "evil").stdout

    assert not {"\x1b", "\x07", "\u202e"} & set(output)


def test_status_verify_and_upkeep(filled: Path) -> None:
    status = [json.loads(line) for line in run(filled, "status", "--json").stdout.splitlines()]
    assert 3 == next(entry for entry in status if entry["site"] == "faux")["articles"]
    assert "all is well" in run(filled, "verify").stderr
    assert "3 articles" in run(filled, "reread", "faux").stderr
    assert "indexed 3 articles" in run(filled, "reindex").stderr
    assert "faux" in run(filled, "site", "list").stdout
    assert "faux" in run(filled, "schedule", "list").stdout


def test_schedule_once_crawls_what_is_due(tmp_path: Path) -> None:
    with faux_site({"/": links("/a"), "/a": article("Ankles")}) as site:
        run(tmp_path, "-d", "d", *as_added(site), "--every", "1d")
        first = run(tmp_path, "-d", "d", "schedule", "run", "--once")
        second = run(tmp_path, "-d", "d", "schedule", "run", "--once")

    assert "faux: 1 article from" in first.stderr, first.stderr
    assert (0, 0, "") == (first.returncode, second.returncode, second.stderr)


def test_a_broken_pipe_is_no_error(filled: Path) -> None:
    command = f"{sys.executable} -m clinicdex export | head -c 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=filled, capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)


def test_init_writes_a_file_once(tmp_path: Path) -> None:
    assert run(tmp_path, "init", "--contact", "me@clinic.example").returncode == 0
    assert 'contact = "me@clinic.example"' in (tmp_path / "clinicdex.toml").read_text()
    again = run(tmp_path, "init")
    assert again.returncode == 4
    assert "is there already" in again.stderr


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    """A site of ten articles, added to an empty folder; yields its pages, the folder and the site."""
    pages: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(10)))} | {
        f"/{n}": article(f"Article {n}") for n in range(10)
    }
    with faux_site(pages) as site:
        assert run(tmp_path, "init").returncode == 0
        assert run(tmp_path, *as_added(site)).returncode == 0
        yield pages, tmp_path, site


def test_a_crawl_that_would_take_too_much_exits_5_until_it_is_forced(shop: Any) -> None:
    pages, folder, _ = shop
    assert run(folder, "crawl").returncode == 0
    pages |= {f"/{n}": text("gone", status=410) for n in range(5)}

    crawl = run(folder, "crawl")
    assert (5, True, True) == (crawl.returncode, "held back" in crawl.stderr, "--force" in crawl.stderr)
    assert 10 == len(run(folder, "export").stdout.splitlines())
    assert 0 == run(folder, "crawl", "--force").returncode
    assert 5 == len(run(folder, "export").stdout.splitlines())


def test_a_dry_run_shows_what_would_be_asked_for_and_keeps_nothing(shop: Any) -> None:
    _, folder, site = shop

    dry_run = run(folder, "crawl", "--dry-run")

    assert {f"{site.origin}/"} | {f"{site.origin}/{n}" for n in range(10)} == set(dry_run.stdout.split())
    assert "nothing was kept" in dry_run.stderr
    assert not {f"/{n}" for n in range(10)} & set(site.asked)
    assert "" == run(folder, "export").stdout
    assert 11 == len(json.loads(run(folder, "crawl", "--dry-run", "--json").stdout)["pages"])


@pytest.mark.parametrize("arguments", [("forget", "faux"), ("crawl",), ("reread",), ("site", "list")])
def test_a_wrong_index_address_is_told_before_anything_is_changed(
    shop: Any, arguments: tuple[str, ...]
) -> None:
    _, folder, site = shop
    requests = len(site.asked)

    refused = run(folder, *arguments, CLINICDEX_INDEX="foo://x")

    assert (4, "") == (refused.returncode, refused.stdout)
    assert "is not an index address" in refused.stderr
    assert requests == len(site.asked)
    assert "faux" in run(folder, "site", "list").stdout


def test_a_page_that_names_no_canonical_url_says_so(shop: Any) -> None:
    _, folder, site = shop

    missing = json.loads(run(folder, "site", "test", f"{site.origin}/nowhere", "--json").stdout)

    assert {"status": 404, "canonical": None} == {name: missing[name] for name in ("status", "canonical")}


def test_a_data_folder_below_a_question_mark_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a?b").mkdir()

    refused = run(tmp_path / "a?b", "-d", "data", "site", "list")

    assert refused.returncode == 4
    assert "question mark" in refused.stderr
    assert ["a?b"] == [path.name for path in tmp_path.iterdir()]


def test_what_was_forgotten_is_neither_tested_nor_listed_in_a_dry_run(shop: Any) -> None:
    _, folder, site = shop
    assert run(folder, "crawl").returncode == 0
    run(folder, "forget", f"{site.origin}/3")
    requests = len(site.asked)

    tested = json.loads(run(folder, "site", "test", f"{site.origin}/3", "--json").stdout)
    listed = run(folder, "crawl", "--dry-run").stdout.split()

    assert ("refused", "forgotten") == (tested["fate"], tested["why"])
    assert f"{site.origin}/3" not in listed
    assert f"{site.origin}/4" in listed
    assert "/3" not in site.asked[requests:]


def test_what_would_happen_to_an_address_is_told(shop: Any) -> None:
    pages, folder, site = shop
    pages["/robots.txt"] = text("User-agent: *\nDisallow: /private")

    def told(address: str) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(run(folder, "site", "test", address, "--json").stdout)
        return {name: shown.get(name) for name in ("site", "fate", "why")}

    assert {"site": "faux", "fate": "article", "why": None} == told(f"{site.origin}/3")
    assert {"site": "faux", "fate": "refused", "why": "robots"} == told(f"{site.origin}/private/x")
    assert {"site": "faux", "fate": "refused", "why": "facet"} == told(f"{site.origin}/list?orderby=price")
    assert {"site": "faux", "fate": "no article", "why": "error page: status 404"} == told(
        f"{site.origin}/nowhere"
    )
    assert told("https://other.example/") == {
        "site": None,
        "fate": "refused",
        "why": "it belongs to no site; `clinicdex site add` adds one",
    }
    assert "fate: article" in run(folder, "site", "test", f"{site.origin}/3").stdout


def test_the_schedule_is_shown_forwards_and_backwards(shop: Any) -> None:
    _, folder, site = shop
    assert run(folder, *as_added(site), "--every", "1d").returncode == 0
    assert run(folder, "schedule", "run", "--once", "--jobs", "2").returncode == 0

    history = [
        json.loads(line) for line in run(folder, "schedule", "history", "faux", "--json").stdout.splitlines()
    ]
    assert [("done", 10)] == [(entry["outcome"], entry["articles"]) for entry in history]
    assert "done" in run(folder, "schedule", "history").stdout
    assert 3 == len(run(folder, "schedule", "next", "-n", "3").stdout.splitlines())
    assert "ExecStart=" in run(folder, "schedule", "export", "--systemd").stdout
    assert run(folder, "schedule", "export", "--cron").stdout.startswith("*/5 * * * * ")
    assert 2 == run(folder, "schedule", "export").returncode


def test_what_is_pasted_into_a_page_names_the_server(tmp_path: Path) -> None:
    snippet = run(tmp_path, "-d", str(tmp_path), "embed", "--server", "https://search.clinic.example/")
    wordpress = run(
        tmp_path, "-d", str(tmp_path), "embed", "--wordpress", CLINICDEX_HOSTS="search.clinic.example"
    )

    assert '<script src="https://search.clinic.example/clinicdex-search.js" defer></script>' in snippet.stdout
    assert 'action="https://search.clinic.example/search"' in snippet.stdout
    assert 'name="q"' in snippet.stdout
    assert 'src="https://search.clinic.example/' in wordpress.stdout
    assert 'action="/"' in wordpress.stdout
    assert 'name="s"' in wordpress.stdout
    # Settings are not needed.
    assert snippet.stdout == run(tmp_path, "embed", "--server", "https://search.clinic.example/").stdout
    assert "this machine only" in run(tmp_path, "-d", str(tmp_path), "embed").stderr
    assert 4 == run(tmp_path, "-d", str(tmp_path), "embed", "--server", "javascript:alert(1)").returncode


def test_what_was_searched_for_is_reported(tmp_path: Path) -> None:
    lines = [
        ("2024-05-01", "back pain", 3),
        ("2024-05-02", "back pain", 4),
        ("2024-05-02", "acupuncture", 0),
        ("2024-05-01", "knee", 0),
        ("2024-05-03", "knee", 1),
    ]
    written = [json.dumps({"day": day, "q": q, "total": total}) for day, q, total in lines]
    written += [
        json.dumps({"day": "2024-05-03", "q": "knee", "total": 1, "url": "https://one.example/2"}),
        '{"day": "2024-',
        "7",
    ]
    (tmp_path / "searches.jsonl").write_text("\n".join(written))

    report = json.loads(run(tmp_path, "-d", str(tmp_path), "report", "--searches", "--json").stdout)
    assert (5, "2024-05-01", "2024-05-03") == (report["searches"], report["since"], report["until"])
    assert [
        {"q": "back pain", "count": 2},
        {"q": "knee", "count": 2},
        {"q": "acupuncture", "count": 1},
    ] == report["popular"]
    assert ["acupuncture"] == [entry["q"] for entry in report["without_result"]]
    assert ["https://one.example/2"] == [entry["url"] for entry in report["chosen"]]
    assert (
        "found nothing\n       1  acupuncture"
        in run(tmp_path, "-d", str(tmp_path), "report", "--searches").stdout
    )
    assert 2 == run(tmp_path, "-d", str(tmp_path), "report").returncode


def test_the_units_of_schedule_and_search_box_are_written(tmp_path: Path) -> None:
    done = run(
        tmp_path, "-d", str(tmp_path), "schedule", "export", "--systemd", "--into", str(tmp_path / "units")
    )

    assert "systemctl --user enable --now clinicdex clinicdex-serve" in done.stderr
    assert "schedule run" in (tmp_path / "units/clinicdex.service").read_text()
    assert f"-d {tmp_path} serve" in (tmp_path / "units/clinicdex-serve.service").read_text()
    (tmp_path / "clinicdex.toml").write_text('hosts = ["search.clinic.example"]\n', encoding="utf-8")
    for form in ("--systemd", "--cron"):  # if started in another folder, it still finds its settings
        assert (
            f"-c {tmp_path}/clinicdex.toml -d {tmp_path}/.clinicdex schedule run"
            in run(tmp_path, "schedule", "export", form).stdout
        )
    assert (
        2
        == run(
            tmp_path, "-d", str(tmp_path), "schedule", "export", "--cron", "--into", str(tmp_path)
        ).returncode
    )
