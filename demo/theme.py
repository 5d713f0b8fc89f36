"""A theme: the template files of one demo site, filled for one origin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template

__all__ = ["MISSING", "Theme"]

MISSING = "/404.html"  # path of the page that both sites serve for unknown URLs


@dataclass(frozen=True, slots=True)
class Theme:
    site: str
    origin: str  # scheme, host and port, no slash at the end

    def fill(self, template: str, **values: str) -> str:
        """Fill the named template; values must be markup already. KeyError if one is missing."""
        return _template(self.site, template).substitute(values, origin=self.origin)

    def static(self, folder: str) -> dict[str, str]:
        """Map the paths below `folder` (given with both slashes) to the theme's static files."""
        files = (resources.files(__package__) / self.site / "static").iterdir()
        return {folder + file.name: file.read_text("utf-8") for file in files if file.is_file()}


@cache
def _template(site: str, name: str) -> Template:
    return Template((resources.files(__package__) / site / name).read_text("utf-8"))
