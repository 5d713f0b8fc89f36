"""Check the values of a settings table against the fields of a dataclass; errors name file, key and fix."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .errors import ConfigError

__all__ = ["checked"]


def checked(
    where: str,
    table: Mapping[str, Any],
    shape: type,
    *,
    leaving_out: Iterable[str] = (),
    prefix: str = "",
    parse: bool = False,
) -> dict[str, Any]:
    """Return the values of a table, converted to the types of a dataclass's fields.

    `where` names the table in messages, `leaving_out` names fields that are not settings, and `prefix` is put
    before keys in messages. With `parse` the values are texts, as in environment variables. ConfigError,
    which names the key, if a value does not fit.
    """
    kinds = {name: kind for name, kind in typing.get_type_hints(shape).items() if name not in leaving_out}
    values = {}
    for key, value in table.items():
        label = f"{where}: {prefix}{key.upper() if prefix else key}"
        if key not in kinds:
            raise ConfigError(f"{label} is not a setting; the settings are {', '.join(sorted(kinds))}")
        values[key] = _fit(label, _parsed(label, value, kinds[key]) if parse else value, kinds[key])
    return values


def _parsed(shown: str, text: str, kind: Any) -> Any:
    if typing.get_origin(kind) is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is bool and text.lower() in ("true", "false", "1", "0"):
        return text.lower() in ("true", "1")
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            raise ConfigError(f"{shown} must be a number, not {text!r}") from None
    return text


def _fit(shown: str, value: Any, kind: Any) -> Any:
    if isinstance(kind, types.UnionType):
        kind = next(option for option in typing.get_args(kind) if option is not types.NoneType)
    if typing.get_origin(kind) is tuple:
        return _texts(shown, value)
    if kind in (int, float):
        return kind(_number(shown, value))
    if isinstance(value, date) and shown.endswith("date"):
        return value.isoformat()
    if kind is bool and not isinstance(value, bool):
        raise ConfigError(f"{shown} must be true or false, not {value!r}")
    if kind is not bool and not isinstance(value, str | Path):
        raise ConfigError(f"{shown} must be a text, not {value!r}")
    return value


def _texts(shown: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise ConfigError(f'{shown} must be a list of texts; write ["…", "…"]')
    return tuple(value)


def _number(shown: str, value: Any) -> float:
    least = 0 if shown.lower().endswith("delay") else 1  # only a delay may be 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < float("inf"):
        raise ConfigError(f"{shown} must be a number from {least} up, not {value!r}")
    return value
