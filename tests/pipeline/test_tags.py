"""The topics that a publisher gives: rows of tags in the markup of many builders, and what is none."""

from __future__ import annotations

import pytest
from clinicdex.records import Article
from support.pages import PARAGRAPHS, outcome, page


def tags(body: str, head: str = "<title>Moving the shoulder</title>") -> list[str]:
    found = outcome(page(f"<html><head>{head}</head><body>{body}</body></html>"))
    assert isinstance(found, Article), found
    return [topic.label for topic in found.topics if topic.origin == "publisher"]


def around(above: str = "", below: str = "") -> str:
    return f"<main><h1>Moving the shoulder</h1>{above}<div class='text'>{PARAGRAPHS}</div>{below}</main>"


@pytest.mark.parametrize(
    "row",
    [
        # Hugo, Hexo, MkDocs, Jekyll, Blogger, Drupal
        '<ul class="post-tags"><li><a href="/tags/physio/">Physio</a></li>'
        '<li><a href="/tags/knee/">Knee</a></li></ul>',
        '<div class="article-tags"><a class="tag-link" href="/tags/physio/" rel="tag">#Physio</a> '
        '<a href="/tags/knee/" rel="tag">#Knee</a></div>',
        '<nav class="md-tags"><span class="md-tag">Physio</span><span class="md-tag">Knee</span></nav>',
        '<p class="tags">Tags: <a href="/blog/physio">Physio</a>, <a href="/blog/knee">Knee</a></p>',
        '<span class="post-labels">Labels: <a href="/search/label/Physio">Physio</a> '
        '<a href="/search/label/Knee">Knee</a></span>',
        "<p>Filed under: Physio, Knee</p>",
        "<p>Schlagwörter: Physio | Knee</p>",
        '<p>2024-05-18 | 分类于 <a href="/categories/Physio/">Physio</a> '
        '<a href="/categories/Knee/">Knee</a></p>',
        '<div class="chips"><span class="tag">Physio</span> <span class="tag">Knee</span> '
        '<span class="tag">Reading time: 4 min</span></div>',
    ],
)
def test_a_row_of_tags_is_read_above_the_text_and_below_it(row: str) -> None:
    assert ["Physio", "Knee"] == tags(around(below=row))
    assert ["Physio", "Knee"] == tags(around(above=row))


def test_the_default_category_adverts_and_menus_are_no_topics_in_any_language() -> None:
    labels = "Uncategorized|Genel|Allgemein|Ads|Anuncios|Blog|Новости|未分類|Non classé|Sin categoría".split(
        "|"
    )
    row = " ".join(f'<a rel="category tag" href="/c/{n}/">{label}</a>' for n, label in enumerate(labels))

    assert ["Knee"] == tags(around(f'<p>{row} <a rel="tag" href="/c/k/">Knee</a></p>'))


def test_a_list_of_all_tags_and_tags_of_other_posts_are_not_the_articles() -> None:
    cloud = "".join(f'<a href="/tag/t{n}/">Topic {n} ({n})</a> ' for n in range(3))
    others = (
        '<h2>More articles</h2><div class="card"><h3><a href="/other/">Other</a></h3>'
        '<span class="tag">Hips</span></div>'
    )

    assert [] == tags(around(below=f"<div>{cloud}</div>{others}"))


def test_a_slug_beside_its_label_and_joined_labels_become_one_and_several() -> None:
    body = (
        '<article class="post-7 post type-post hentry category-nutricion"><h1>Moving the shoulder</h1>'
        f'{PARAGRAPHS}<p><a rel="category tag" href="/c/nutricion/">Nutrición</a></p></article>'
    )
    head = '<title>x</title><meta property="article:section" content="Shoulder / Rehab, Sport">'

    assert ["Nutrición"] == tags(body)
    assert ["Shoulder", "Rehab", "Sport"] == tags(around(), head)


def test_the_author_and_the_site_are_no_topics() -> None:
    head = '<title>x</title><meta property="og:site_name" content="Hillside Physio">'
    row = '<p class="tags"><a rel="tag" href="/t/1">Hillside Physio</a> <a rel="tag" href="/t/2">Knee</a></p>'

    assert ["Knee"] == tags(around(below=row), head)
