"""Features of every block of a page: one row per block, one column per feature.

FEATURES names the columns. `benchmarks/extraction/train.py` learns from them and `content.py` judges by them,
so a change here requires a training run.

The columns were taken from what a site's other pages show and from the literature on boilerplate detection:
Kohlschütter et al., WSDM 2010 (text and link density of a block and its neighbours); Peters and Lecocq, WWW
2013 (words of class and id attributes); Readability (the top candidate).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .block_columns import INSIDE_BITS, NEIGHBOURS, TAGS, Columns
from .blocks import GROUPS, Segments
from .lexicon import Lexicon
from .page_features import PAGE_FEATURES, measure_page
from .parsed_page import ParsedPage

__all__ = ["FEATURES", "TAGS", "measure", "page_of"]

Floats = NDArray[np.float32]


FEATURES: tuple[str, ...] = (
    "words", "chars", "linked", "links", "chars_a_word", "marks", "commas", "ends_sentence",
    "digits", "upper", "starts_lower", "broken",
    "starts_item", "tag", "parent_tag", "depth", "place", "words_before",
    "parent_words", "parent_linked", "parent_blocks", "parent_good",
    "grand_words", "grand_linked", "grand_blocks", "grand_good", "grand_share",
    "shape_words", "shape_linked", "shape_blocks", "shape_good", "shape_share",
    "from_top", "good_before", "good_after", "window_before", "window_after",
    "good_words_before", "after_first_good", "before_last_good",
    "seen_again", "is_title", "in_title", "holds_title",
    "after_title", "from_title", "heading_text", "from_heading", "after_boilerplate",
    "parent_dates", "grand_dates",
    "articles", "article_share", "with_top_article", "in_region", "in_narrow_region", "region_share",
    "says_date", "says_price", "says_by", "says_copyright",
    "text_mean", "text_least", "text_most", "class_mean", "class_least", "class_most",
    "around_least", "around_most", "around_sum",
    *(f"inside_{bit}" for bit in range(INSIDE_BITS)), *(f"in_{name}" for name in GROUPS),
    *(f"{what}{step:+d}" for step in NEIGHBOURS for what in ("words", "linked", "tag", "together", "text")),
    "site_known", "site_share", "site_share_before", "site_share_after", "site_new_words",
    *PAGE_FEATURES,
)  # fmt: skip


def measure(
    segments: Segments, parsed_page: ParsedPage, shares: Sequence[float] | None, lexicon: Lexicon
) -> Floats:
    """Return the features of every block of a page: float32 of shape (blocks, len(FEATURES)).

    `shares` holds for each block the share of the site's pages that show it, 0 to 1; None if the site is not
    known.
    """
    blocks = segments.blocks
    if not blocks:
        return np.zeros((0, len(FEATURES)), np.float32)
    columns = Columns(segments, parsed_page, lexicon)
    rows = np.column_stack(
        [
            columns.own(), columns.containers(), columns.surroundings(), columns.titles(), columns.sections(),
            columns.phrases(), columns.classes(), columns.bits(), columns.neighbours(), columns.site(shares),
        ]
    )  # fmt: skip
    page = np.asarray(measure_page(segments, parsed_page), np.float32)
    return np.hstack([rows.astype(np.float32), np.broadcast_to(page, (len(blocks), len(page)))])


def page_of(rows: Floats) -> tuple[float, ...]:
    """Return the features of the whole page from the rows of `measure`; () for a page without blocks."""
    return tuple(rows[0, -len(PAGE_FEATURES) :].tolist()) if len(rows) else ()
