from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clinicdex import flow
from clinicdex.catalogue.sites import Site
from clinicdex.config import Config


@pytest.fixture
def house(tmp_path: Path) -> Iterator[flow.House]:
    """A house in an empty folder."""
    with flow.House(Config(data_dir=tmp_path / "data", delay=0.0)) as opened:
        yield opened


@pytest.fixture
def crawled(house: flow.House) -> Any:
    """Crawl a faux site into the house; gives the summary."""

    def crawl(site: Any, **changes: Any) -> flow.Summary:
        order = {name: changes.pop(name) for name in ("max_pages", "delay", "asks", "force", "index") if name in changes}
        added = Site(changes.pop("name", "faux"), f"{site.origin}/", allow_hosts=(site.host_port,), **changes)
        house.catalogue.sites.add(added)
        return flow.collect(house, added, flow.Crawl(**order), lambda _: None, lambda: False)

    return crawl


@pytest.fixture(scope="session")
def gold() -> Path:
    """The folder with the evaluation data."""
    named = os.environ.get("CLINICDEX_GOLD")
    if not named:
        pytest.skip("CLINICDEX_GOLD is not set: this test needs the evaluation data, which is not part of the repository")
    return Path(named)
