"""The plugin in a real WordPress with its database, on loopback."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clinicdex.index.synonyms import Synonyms
from clinicdex.searchbox.embed import plugin
from clinicdex.searchbox.settings import Settings
from clinicdex.searchbox.static_export import files, write
from support.door import CLINIC, holding, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SOURCE = Path("/usr/share/wordpress")
THEMES = ("twentytwentyone", "twentytwentythree")
CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); \
define('DB_HOST', 'localhost:%s');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', ''); $table_prefix = 'wp_';
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true); \
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', true); define('WP_DEBUG_DISPLAY', true); \
define('WP_HOME', '%s'); define('WP_SITEURL', '%s');
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """
define('WP_INSTALLING', true); $_SERVER['HTTP_HOST'] = 'localhost'; \
require 'wp-load.php'; require 'wp-admin/includes/upgrade.php';
wp_install('Clinic', 'admin', 'admin@clinic.example', true, '', 'secret'); echo 'installed';
"""
PREPARE = """
$_SERVER['HTTP_HOST'] = 'localhost'; require 'wp-load.php'; require 'wp-admin/includes/plugin.php';
switch_theme('twentytwentyone'); $error = activate_plugin('clinicdex-search/clinicdex-search.php'); \
if (is_wp_error($error)) die($error->get_error_message());
wp_insert_post(array('post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Shortcode', \
'post_content' => '[clinicdex_search]'));
wp_insert_post(array('post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Blocks', \
'post_content' => '<!-- wp:clinicdex/search /-->'));
echo 'prepared';
"""


class WordPress:
    """A separate WordPress in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "site"
        self._data, self._socket = folder / "data", folder / "db.sock"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._running: list[subprocess.Popen[Any]] = []

    def start(self) -> None:
        user = f"--user={os.environ.get('USER', 'root') if os.geteuid() else 'root'}"
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(
            [
                "mariadb-install-db",
                "--no-defaults",
                f"--datadir={self._data}",
                user,
                "--auth-root-authentication-method=normal",
            ],
            check=True,
            **quiet,
        )
        database = [
            "mariadbd",
            "--no-defaults",
            f"--datadir={self._data}",
            f"--socket={self._socket}",
            "--skip-networking",
            user,
        ]
        self._running.append(subprocess.Popen(database, **quiet))
        self._wait(
            lambda: (
                subprocess.run(
                    [
                        "mariadb",
                        "--no-defaults",
                        f"--socket={self._socket}",
                        "-uroot",
                        "-e",
                        "create database wordpress",
                    ],
                    check=False,
                    **quiet,
                ).returncode
                == 0
            )
        )
        self._unpack()
        assert "installed" in self.php(INSTALL)
        assert "prepared" in self.php(PREPARE)
        server = ["php", "-d", "display_errors=1", "-S", f"127.0.0.1:{self._port}", "-t", str(self.folder)]
        self._running.append(subprocess.Popen(server, **quiet))
        self._wait(self._answers)

    def _unpack(self) -> None:
        shutil.copytree(SOURCE, self.folder, symlinks=False, ignore_dangling_symlinks=True)
        (self.folder / "wp-config.php").unlink()
        (self.folder / "wp-config.php").write_text(CONFIG % (self._socket, self.address, self.address))
        (self.folder / "wp-content/uploads").mkdir(exist_ok=True)
        with zipfile.ZipFile(io.BytesIO(plugin())) as packed:
            packed.extractall(self.folder / "wp-content/plugins")

    def php(self, code: str) -> str:
        ran = subprocess.run(
            ["php", "-d", "display_errors=1", "-r", code],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
        return ran.stdout

    def set(self, **settings: str) -> None:
        pairs = ", ".join(f"'{name}' => '{value}'" for name, value in settings.items())
        self.php(
            f"$_SERVER['HTTP_HOST'] = 'localhost'; require 'wp-load.php'; "
            f"update_option('clinicdex_search', array({pairs}));"
        )

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    def _answers(self) -> bool:
        try:
            self.get("/")
        except urllib.error.URLError:
            return False
        return True

    def _wait(self, condition: object) -> None:
        until = time.monotonic() + 60
        while not condition():  # type: ignore[operator]
            assert time.monotonic() < until, "WordPress or its database did not start"
            time.sleep(0.3)

    def stop(self) -> None:
        for process in reversed(self._running):
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture(scope="module")
def wordpress() -> Iterator[WordPress]:
    missing = [name for name in ("php", "mariadbd", "mariadb-install-db") if not shutil.which(name)]
    if (
        missing
        or not SOURCE.is_dir()
        or not all((SOURCE / "wp-content/themes" / theme).is_dir() for theme in THEMES)
    ):
        pytest.skip(
            "there is no WordPress: this test needs one with its database; on Debian: sudo "
            "apt-get install wordpress php-cli php-mysql "
            "mariadb-server wordpress-theme-twentytwentyone wordpress-theme-twentytwentythree"
        )
    with tempfile.TemporaryDirectory() as folder:  # a short path: a socket's path has at most 107 bytes
        site = WordPress(Path(folder))
        try:
            site.start()
            yield site
        finally:
            site.stop()


def titles(page: Page) -> set[str]:
    page.wait_for_selector("clinicdex-search [part=title]")
    return set(page.locator("clinicdex-search [part=title]").all_inner_texts())


@pytest.mark.parametrize("theme", THEMES)
def test_the_themes_own_form_becomes_the_search_box_and_stays_its_fallback(
    wordpress: WordPress, browser: Browser, theme: str
) -> None:
    wordpress.php(f"$_SERVER['HTTP_HOST'] = 'localhost'; require 'wp-load.php'; switch_theme('{theme}');")
    with served(holding(CLINIC), origins=(wordpress.address,)) as server, browser.new_page() as page:
        wordpress.set(server=server, replace="1")
        page.goto(f"{wordpress.address}/?s=nothing-has-this")
        field = page.locator("clinicdex-search input[role=combobox]").first
        field.fill("sciatic")
        assert {"Sciatica", "Piriformis syndrome"} == titles(page)
        if picture := os.environ.get("CLINICDEX_PICTURES"):
            page.screenshot(path=f"{picture}/wordpress-{theme}.png")
        field.press("Enter")
        page.wait_for_url("**/?s=sciatic")

        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto(f"{wordpress.address}/?s=nothing-has-this")
        plain.locator("input[name=s]").first.fill("knee")
        plain.locator("input[name=s]").first.press("Enter")
        plain.wait_for_url("**/?s=knee")
        plain.context.close()


@pytest.mark.parametrize("path", ["/?pagename=shortcode", "/?pagename=blocks"])
def test_shortcode_and_block_show_the_search_box(wordpress: WordPress, browser: Browser, path: str) -> None:
    with served(holding(CLINIC), origins=(wordpress.address,)) as server, browser.new_page() as page:
        wordpress.set(server=server, replace="")
        page.goto(wordpress.address + path)
        page.locator("clinicdex-search input[role=combobox]").first.fill("piriformis")
        assert {"Piriformis syndrome"} == titles(page)


def test_an_exported_search_box_needs_no_server(wordpress: WordPress, browser: Browser) -> None:
    write(files(CLINIC, Settings("1"), Synonyms()), wordpress.folder / "search")
    wordpress.set(index=f"{wordpress.address}/search/", replace="1")
    with browser.new_page() as page:
        page.goto(f"{wordpress.address}/?pagename=shortcode")
        page.locator("clinicdex-search input[role=combobox]").first.fill("sciatica")
        assert "Sciatica" in titles(page)


def test_no_script_stands_in_the_page_and_without_settings_nothing_changes(wordpress: WordPress) -> None:
    wordpress.set(server="https://search.clinic.example", replace="1")
    page = wordpress.get("/?pagename=shortcode")
    ours = [line for line in page.splitlines() if "clinicdex" in line and "<script" in line]

    assert ["https://search.clinic.example/clinicdex-search.js"] == [
        line.split("src='")[-1].split('src="')[-1].split("'")[0].split('"')[0] for line in ours
    ]
    assert all("defer" in line for line in ours)
    wordpress.set()
    assert "clinicdex-search" not in wordpress.get("/?s=nothing-has-this")


def test_only_web_addresses_are_kept(wordpress: WordPress) -> None:
    code = (
        "$_SERVER['HTTP_HOST'] = 'localhost'; require 'wp-load.php'; require "
        "'wp-admin/includes/template.php';"
    )
    code += (
        "echo json_encode(clinicdex_checked(array('server' => 'javascript:alert(1)', "
        "'index' => '/search/', 'replace' => '1', 'more' => 'x')));"
    )

    assert '{"replace":"1","server":"","index":"\\/search\\/"}' in wordpress.php(code)
    assert "Warning" not in wordpress.get("/")
    assert "Notice" not in wordpress.get("/")


def test_the_plugin_is_the_same_zip_each_time() -> None:
    assert plugin() == plugin()
    with zipfile.ZipFile(io.BytesIO(plugin())) as packed:
        assert {"block.js", "block.json", "clinicdex-search.php", "readme.txt", "uninstall.php"} == {
            name.partition("/")[2] for name in packed.namelist()
        }
