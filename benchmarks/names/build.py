"""Build pipeline/given_names.txt.gz: given names of many languages, folded, one a line.

    pip install faker==40.54.0 && python benchmarks/names/build.py pipeline/given_names.txt.gz

Source: the first names of all locales of Faker (https://github.com/joke2k/faker, MIT licence). Words that
usually mean something else in English health texts are left out; the list was chosen by hand. A missing name
costs one weak candidate, a wrong one invents a person.
"""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import faker.providers.person as people

OTHER_WORDS = frozenset(
    "will faith may june april august hope summer joy sky autumn dawn page price king duke "
    "prince star art rich mark-up sunny winter angel patient "
    "baby honey rosemary ginger sage basil olive clay mercy grace-period royal young major "
    "general an so my do de la le the new news in on at is".split()
)
# Scripts with spaces between given name and surname
SCRIPTS = frozenset(
    "LATIN CYRILLIC GREEK HEBREW ARABIC ARMENIAN GEORGIAN DEVANAGARI TAMIL BENGALI THAI".split()
)
LOWEST = 3  # letters; chosen by hand


def folded(name: str) -> str:
    """Return a name in lower case and without accents."""
    return "".join(
        char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char)
    )


def given_names() -> Iterator[str]:
    """Yield every first name of every locale; the first spelling if there are several."""
    for module in pkgutil.iter_modules(people.__path__):
        provider = importlib.import_module(f"{people.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute) if attribute.startswith("first_name") else ()
            if isinstance(values, (list, tuple, dict)):
                for value in values:
                    yield from str(value[0] if isinstance(value, tuple) else value).split()


def main(target: str) -> None:
    """Write the list of names."""
    known = {
        folded(name)
        for name in given_names()
        if name[:1].isalpha() and unicodedata.name(name[0], "").split()[0] in SCRIPTS
    }
    kept = sorted(
        name for name in known if len(name) >= LOWEST and name.isalpha() and name not in OTHER_WORDS
    )
    with (
        Path(target).open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed,
    ):
        packed.write("\n".join(kept).encode())
    print(f"{len(kept)} names, {Path(target).stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main(sys.argv[1])
