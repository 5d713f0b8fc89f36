from __future__ import annotations

from clinicdex.crawler.run import settings
from clinicdex.crawler.spec import CrawlSpec

SPEC = CrawlSpec(
    start="https://clinic.example/",
    user_agent="clinicdex/1",
    delay=1.0,
    timeout=30.0,
    max_bytes=10_000_000,
    max_pages=100,
)


def test_what_scrapy_opens_by_default_is_closed() -> None:
    values = settings(SPEC)

    assert values["TELNETCONSOLE_ENABLED"] is False
    assert values["REMOTE_CONTROL_ENABLED"] is False
    assert values["HTTPPROXY_ENABLED"] is False
    assert values["COOKIES_ENABLED"] is False
    assert values["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert {"http", "https"} == {scheme for scheme, handler in values["DOWNLOAD_HANDLERS"].items() if handler}
    assert {"file", "data", "ftp", "s3"} == {
        scheme for scheme, handler in values["DOWNLOAD_HANDLERS"].items() if not handler
    }
    assert (30.0, 10_000_000, 1) == (
        values["DOWNLOAD_TIMEOUT"],
        values["DOWNLOAD_MAXSIZE"],
        values["CONCURRENT_REQUESTS_PER_DOMAIN"],
    )


def test_the_sink_stays_an_adapter() -> None:
    from pathlib import Path

    import clinicdex.crawler.sink as sink

    assert len(Path(sink.__file__).read_text().splitlines()) <= 40
