from __future__ import annotations

import pytest
from clinicdex.robots_tags import rules_for_us


@pytest.mark.parametrize(
    ("header", "rules"),
    [
        ("noindex, nofollow", {"noindex", "nofollow"}),
        ("otherbot: noindex, clinicdex: nofollow", {"nofollow"}),
        ("otherbot: noindex, nofollow", set()),
        ("clinicdex: noindex", {"noindex"}),
        ("max-snippet: 20, noindex", {"max-snippet: 20", "noindex"}),
        ("otherbot: max-snippet: 20", set()),
        ("NOARCHIVE, foo: bar, noindex", {"noarchive", "foo: bar", "noindex"}),
    ],
)
def test_rules_of_a_header_apply_to_those_they_name(header: str, rules: set[str]) -> None:
    assert rules == rules_for_us([header])


def test_rules_of_headers_and_meta_tags_add_up() -> None:
    assert {"noindex", "nofollow", "nosnippet"} == rules_for_us(["noindex"], ["nofollow, NOSNIPPET", ""])
