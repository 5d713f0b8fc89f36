from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from clinicdex import config
from clinicdex.errors import ConfigError


def load(
    tmp_path: Path, text: str, environment: dict[str, str] | None = None, **flags: object
) -> config.Config:
    file = tmp_path / "clinicdex.toml"
    file.write_text(text)
    return config.load(file, environment or {}, flags)


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        "delay = 2\ntimeout = 9\nmax_pages = 7",
        {"CLINICDEX_DELAY": "3", "CLINICDEX_TIMEOUT": "8", "OTHER": "x"},
        delay=4.0,
    )

    assert (4.0, 8.0, 7) == (config.delay, config.timeout, config.max_pages)


def test_data_lies_beside_the_file_and_urls_follow(tmp_path: Path) -> None:
    config = load(tmp_path, "")

    assert tmp_path / ".clinicdex" == config.data_dir
    assert config.catalogue_url.startswith("sqlite:///")
    assert config.index_url.startswith("whoosh+file:///")
    assert load(tmp_path, "", {"CLINICDEX_INDEX": "whoosh+file:///x"}).index_url == "whoosh+file:///x"


def test_data_lies_beside_a_file_that_is_named_by_a_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "clinicdex.toml").write_text("delay = 2")
    (tmp_path / "sub" / "named.toml").write_text('data_dir = "elsewhere"')
    monkeypatch.chdir(tmp_path)

    assert tmp_path / "sub" / ".clinicdex" == config.load(Path("sub/clinicdex.toml"), {}, {}).data_dir
    assert tmp_path / "sub" / "elsewhere" == config.load(Path("sub/named.toml"), {}, {}).data_dir
    assert tmp_path / "flag" == config.load(Path("sub/named.toml"), {}, {"data_dir": "flag"}).data_dir
    assert tmp_path / "env" == config.load(Path("sub/named.toml"), {"CLINICDEX_DATA_DIR": "env"}, {}).data_dir


def test_the_file_is_found_from_folders_below(tmp_path: Path) -> None:
    load(tmp_path, "")
    (tmp_path / "a/b").mkdir(parents=True)

    assert tmp_path / "clinicdex.toml" == config.find(tmp_path / "a/b")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dely = 1", "dely is not a setting"),
        ('delay = "fast"', "delay must be a number"),
        ("delay = -1", "from 0 up"),
        ('allow_hosts = "x"', "must be a list"),
        ("contact = 3", "must be a text"),
        ("[site.x]\ncolour = 1", "[site.x]: colour is not a setting"),
        ('[site."../x"]', "rename the table"),
        ("site = 3", "[site.NAME]"),
        ("delay =", "not valid TOML"),
    ],
)
def test_an_error_names_file_key_and_fix(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, text)

    assert says in str(raised.value)
    assert "clinicdex.toml" in str(raised.value)


def test_the_template_is_valid_and_names_every_setting(tmp_path: Path) -> None:
    text = config.template("me@clinic.example")

    load(tmp_path, text)
    named = {field.name for field in dataclasses.fields(config.Config)} - {
        "data_dir",
        "site",
        "override",
        "pin",
    }
    named |= {field.name for field in dataclasses.fields(config.Pin)}
    named |= {field.name for field in dataclasses.fields(config.SiteSettings)}
    assert set() == {name for name in named if f"{name} = " not in text}
    uncommented = "\n".join(
        line.removeprefix("# ").removeprefix("#")
        if " = " in line or line.startswith(("# [site", "# [["))
        else line
        for line in text.splitlines()
    )
    assert load(tmp_path, uncommented).delay == 1.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[pin]]\nquery = "x"', "needs a query and a URL"),
        ('[[pin]]\nurl = "https://a.example/"', "needs a query and a URL"),
        ('[[pin]]\nquery = " "\nurl = "https://a.example/"', "needs a query and a URL"),
        ('pin = "x"', "two brackets"),
        ('trusted_proxies = ["proxy"]', "not an address or a network"),
        ('no_results_link = "contact"', "must be a URL"),
        ("log_clicks = 1", "must be true or false"),
    ],
)
def test_settings_of_the_search_box_that_do_not_fit_are_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load(tmp_path, text)


def test_pins_are_read_in_order(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        '[[pin]]\nquery = "hours"\nurl = "https://a.example/x"\n[[pin]]\nquery = "b"\nurl = '
        '"https://a.example/"\ntitle = "B"',
    )

    assert [("hours", "https://a.example/x", None), ("b", "https://a.example/", "B")] == [
        (pin.query, pin.url, pin.title) for pin in config.pin
    ]
