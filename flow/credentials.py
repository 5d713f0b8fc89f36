"""The headers by which a site lets its own owner in: a staging site, a members' area.

Their values are in environment variables only, so that no settings file and no catalogue holds a password.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping

from ..config import SiteSettings
from ..errors import ConfigError

__all__ = ["credentials"]


def credentials(settings: SiteSettings, environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the headers to send to the site's own origin, as (name, value).

    ConfigError if a variable is not set, or its value cannot be sent.
    """
    return tuple(_headers(settings, environment))


def _headers(settings: SiteSettings, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for entry in settings.headers:
        name, colon, variable = (part.strip() for part in entry.partition(":"))
        if not colon or not name.replace("-", "").isalnum() or not name.isascii():
            raise ConfigError(
                f'clinicdex.toml: headers: {name!r} is not a header; write "Name: VARIABLE", where the '
                f"environment variable VARIABLE holds its value"
            )
        yield name, _value(f"headers: {name}", variable, environment)
    if settings.basic_auth:
        login = _value("basic_auth", settings.basic_auth, environment)
        if ":" not in login:
            raise ConfigError(f"the environment variable {settings.basic_auth} must hold user:password")
        yield "Authorization", f"Basic {b64encode(login.encode()).decode('ascii')}"


def _value(key: str, variable: str, environment: Mapping[str, str]) -> str:
    value = environment.get(variable)
    if not value:
        raise ConfigError(
            f"clinicdex.toml: {key} must name an environment variable that is set where clinicdex runs; what "
            f"is written there is not the name of one"
        )
    if not value.isprintable():
        raise ConfigError(f"the environment variable {variable} holds characters that no header may hold")
    return value
