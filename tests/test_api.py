"""The Python API: what it returns, what it reports, and whether its documentation is right."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import clinicdex
import pytest
from support.faux import article, faux_site, links

ROOT = Path(__file__).parent.parent
SITE = {"/": links("/backs", "/necks"), "/backs": article("Low Back Pain"), "/necks": article("Stiff Necks")}


@pytest.fixture
def crawled(tmp_path: Path) -> tuple[Path, clinicdex.Summary]:
    """A data folder into which a faux site was crawled."""
    with faux_site(SITE) as site:
        summary = clinicdex.crawl(site.origin, data=tmp_path, delay=0.0, allow_hosts=(site.host_port,))
    return tmp_path, summary


def test_every_public_name_is_there_and_listed() -> None:
    assert set(clinicdex.__all__) == set(dir(clinicdex))
    assert [] == [name for name in clinicdex.__all__ if getattr(clinicdex, name, None) is None]
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        clinicdex.nothing  # noqa: B018


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, clinicdex; "
        "print(sorted({'lxml', 'numpy', 'scrapy', 'sqlalchemy', 'whoosh'} & set(sys.modules)))"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == process.stdout.strip()


def test_a_page_is_extracted_or_rejected() -> None:
    page = article("Low Back Pain").body

    extracted = clinicdex.extract(page, "https://clinic.example/backs")
    refused = clinicdex.extract("<p>Hello", "https://clinic.example/hello")

    assert isinstance(extracted, clinicdex.Article)
    assert "Low Back Pain" == extracted.title
    assert isinstance(refused, clinicdex.Rejection)
    assert clinicdex.Reason.THIN is refused.reason
    with pytest.raises(clinicdex.ConfigError, match="is not a URL"):
        clinicdex.extract(page, "::::")


def test_a_crawl_says_how_it_ended_and_its_folder_can_be_searched(
    crawled: tuple[Path, clinicdex.Summary],
) -> None:
    folder, summary = crawled

    with clinicdex.open_index(folder) as index:
        hits = index.search("necks").hits
        necks = hits[0].article
        listed = {item.title for item in index.articles()}
        again = index.get(necks.id), index.at(f"{necks.url}#top")

    assert ("done", 2) == (summary.outcome, summary.articles)
    assert ["Stiff Necks"] == [hit.article.title for hit in hits]
    assert {"Low Back Pain", "Stiff Necks"} == listed
    assert [necks.id, necks.id] == [item.id for item in again if item]


def test_an_index_opens_by_its_own_folder_and_by_its_address(crawled: tuple[Path, clinicdex.Summary]) -> None:
    folder, _ = crawled
    for location in (str(folder), folder / "index", f"whoosh+file://{folder / 'index'}"):
        with clinicdex.open_index(location) as index:
            assert 2 == index.search("").total
            assert ["Low Back Pain"] == index.suggest("low")
            assert None is index.get("unknown") is index.at("https://clinic.example/none")


def test_filters_narrow_and_pages_follow(crawled: tuple[Path, clinicdex.Summary]) -> None:
    with clinicdex.open_index(crawled[0]) as index:
        first, second = (index.search("", size=1, offset=offset).hits[0].id for offset in (0, 1))

        assert first != second
        assert 0 == index.search("", author="Nobody").total
        assert [second] == [hit.id for hit in index.more_like(first)]


def test_what_goes_wrong_has_one_root_and_one_line(tmp_path: Path) -> None:
    with pytest.raises(clinicdex.Error, match="there is no index") as missing:
        clinicdex.open_index(tmp_path)
    assert "\n" not in str(missing.value)
    with pytest.raises(clinicdex.ConfigError, match="contact"):
        clinicdex.crawl("https://clinic.example/", data=tmp_path)


def test_the_examples_of_the_page_run(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(), re.DOTALL)
    page = article("Low Back Pain", head='<meta property="article:published_time" content="2024-03-05">')
    with faux_site(
        {"/": links("/low-back-pain/", "/b"), "/low-back-pain/": page, "/b": article("Necks")}
    ) as site:
        port = site.host_port
        for number, block in enumerate(blocks):
            code = block.replace("https://clinic.example", site.origin)
            code = code.replace('contact="you@clinic.example"', f'delay=0.0, allow_hosts=("{port}",)')
            script = tmp_path / f"example{number}.py"
            script.write_text(code)
            run = [sys.executable, script.name]
            done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
            assert 0 == done.returncode, f"{code}\n{done.stderr}"

    assert 4 == len(blocks)
