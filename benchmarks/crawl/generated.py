"""Generate a site on disk: pages of about 36 KB with 76 links each, every page reachable.

The frame around the text is like WordPress's.

python benchmarks/crawl/generated.py FOLDER [--pages N]
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

LINKS = 76
_WORDS = (
    "stretch bend walk rest lift breathe sleep sit stand reach turn relax hold move ease "
    "strengthen balance support warm cool muscle spine joint nerve "
    "pain therapy patient exercise posture shoulder knee ankle neck hip week day morning "
    "evening pillow chair doctor visit slowly gently often never"
).split()


def page(number: int, pages: int) -> str:
    """Return the HTML of one page; the same number gives the same page."""
    dice = random.Random(number)
    targets = [0, *((number * LINKS + step) % pages for step in range(1, LINKS))]
    menu = "".join(
        f'<li class="menu-item menu-item-type-post_type"><a href="/{target}.html">Page '
        f"number {target}</a></li>\n"
        for target in targets
    )
    prose = "".join(f"<p>{_paragraph(dice)}</p>\n" for _ in range(57))
    frame = "".join(
        f'<link rel="stylesheet" id="block-{n}-css" '
        f'href="/wp-content/themes/x/block-{n}.css?ver=6.{n}" media="all">\n'
        for n in range(80)
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Article '
        f"{number}</title>\n{frame}</head><body><header><nav><ul>{menu}</ul></nav></header>"
        f'<main><article class="post-{number} hentry"><h1>Article '
        f"{number}</h1>{prose}</article></main><footer><p>Office hours: 9 to "
        f"5</p></footer></body></html>"
    )


def _paragraph(dice: random.Random) -> str:
    return " ".join(f"{' '.join(dice.choices(_WORDS, k=14)).capitalize()}." for _ in range(3))


def write(folder: Path, pages: int) -> None:
    """Write the site; index.html is page 0."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(pages):
        (folder / f"{number}.html").write_text(page(number, pages), encoding="utf-8")
    (folder / "index.html").write_text(page(0, pages), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=5_000)
    options = parser.parse_args()
    write(options.folder, options.pages)
    print(f"{options.pages} pages of {len(page(1, options.pages).encode()):,} bytes")


if __name__ == "__main__":
    main()
