"""What an owner decides about the search box, as the application needs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..config import Config, Pin

__all__ = ["Settings", "of"]

_RATE, _BURST = 10.0, 20  # requests a second and at once of one client, when strangers may ask


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it."""

    version: str
    origins: tuple[str, ...] = ()  # of pages that may ask from elsewhere: "https://clinic.example"
    hosts: tuple[str, ...] = ()  # names it answers for beside this machine's own; "*" for any
    rate: float | None = None  # requests a second of one client; None: no limit
    burst: int = _BURST
    pins: tuple[Pin, ...] = ()
    no_results_link: str | None = None
    notice: str | None = None  # None: the built-in one, translated; "off": none
    searches: Path | None = None  # the file that what is searched for is appended to; None: nowhere
    clicks: bool = False  # whether what is chosen is as well

    @property
    def noted(self) -> str | None:
        """What is kept of searches: "searches", "clicks" for both, None for nothing."""
        return None if self.searches is None else "clicks" if self.clicks else "searches"


def of(config: Config, version: str, *, origins: tuple[str, ...], host: str, local: bool) -> Settings:
    """Read them from clinicdex.toml; `local` says that only this machine can ask."""
    return Settings(
        version,
        origins=origins,
        hosts=(*config.hosts, *([] if host in ("0.0.0.0", "::") else [host])),
        rate=None if local and not config.trusted_proxies else _RATE,
        pins=config.pin,
        no_results_link=config.no_results_link,
        notice=config.notice,
        searches=config.data_dir / "searches.jsonl" if config.log_searches else None,
        clicks=config.log_clicks,
    )
