"""The owner's settings of the search box, in the form that the application needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..config import Config, Pin

__all__ = ["Settings", "of"]

# requests per second and at once of one client, if other machines can connect (chosen by hand)
_RATE, _BURST = 10.0, 20


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the search box."""

    version: str
    origins: tuple[str, ...] = ()  # other origins whose pages may query: "https://clinic.example"
    hosts: tuple[str, ...] = ()  # host names it answers for, in addition to loopback names; "*" for any
    rate: float | None = None  # requests per second of one client; None: no limit
    burst: int = _BURST  # requests at once of one client
    pins: tuple[Pin, ...] = ()
    no_results_link: str | None = None
    notice: str | None = None  # None: the built-in notice, translated; "off": no notice
    searches: Path | None = None  # file that searches are logged to; None: not logged
    clicks: bool = False  # whether chosen results are logged too

    @property
    def noted(self) -> str | None:
        """What is logged: "searches", "clicks" for searches and chosen results, None for nothing."""
        return None if self.searches is None else "clicks" if self.clicks else "searches"


def of(config: Config, version: str, *, origins: tuple[str, ...], host: str, local: bool) -> Settings:
    """Read the settings from clinicdex.toml; `local` means that only this machine can connect."""
    return Settings(
        version,
        origins=origins,
        hosts=(*config.hosts, *([] if host in ("0.0.0.0", "::") else [host])),
        rate=None if local and not config.trusted_proxies else _RATE,
        pins=config.pin,
        no_results_link=config.no_results_link,
        notice=config.notice,
        searches=config.folder.searches if config.log_searches else None,
        clicks=config.log_clicks,
    )
