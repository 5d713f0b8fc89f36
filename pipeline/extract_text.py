"""Extract an article from a plain-text dump of a page: the stages of `extract.py` that need no markup."""

from __future__ import annotations

from ..records import Article, Reason, Rejection
from . import byline, content, duplicates, kind, language, near, plaintext, render, topics
from .canonical import article_id
from .extract import Context, Extraction, headings_of, summary_of, without_byline

__all__ = ["examine_text"]


def examine_text(text: str, context: Context, url: str = "") -> Extraction:
    """Extract an article from a plain-text dump of a page; a Rejection if it has too few words."""
    blocks = plaintext.segment(text)
    title_index = plaintext.title_place(blocks)
    heading = blocks[title_index].text if title_index is not None else ""
    judgement = content.judge_text(blocks).without(dict.fromkeys(range(title_index or 0), "before the title"))
    signed = byline.find_in_text(judgement.kept, context.persons)
    judgement = without_byline(judgement, signed.blocks, heading)
    kept = judgement.kept
    words = sum(block.words for block in kept)
    if words < kind.FEWEST_WORDS:
        return Extraction(Rejection(url, Reason.THIN, f"{words} words of main content"), judgement=judgement)
    body, headings = render.text(kept), headings_of(kept)
    written_in = language.detect(body)
    article = Article(
        id=article_id(url or duplicates.digest(body)),
        url=url,
        site=context.site,
        title=heading,
        text=body,
        headings=headings,
        authors=signed.authors,
        reviewed_by=signed.reviewed_by,
        source=signed.source,
        language=written_in,
        topics=tuple(
            topics.from_vocabulary(topics.Wording(heading, headings, body), context.vocabulary, written_in)
        ),
        summary=summary_of("", body),
        word_count=words,
        fingerprint=near.simhash(body),
    )
    return Extraction(
        article,
        None,
        url,
        duplicates.digest(body),
        judgement,
        origins=(("title", "first heading"), ("authors", signed.origin)),
    )
