"""Old and new values side by side."""

import pytest

from selfcare.crud.difference import difference


@pytest.mark.parametrize(
    ("old", "new", "drawn"),
    [
        ("Anna", "Hanna", '<span class="was">Anna</span> → <span>Hanna</span>'),
        ("", "Hanna", '<span class="was">–</span> → <span>Hanna</span>'),
        ("<b>", "", '<span class="was">&lt;b&gt;</span> → <span>–</span>'),
        ("201 Anna, 202 Bert", "202 Bert", '<del>201 Anna</del>, <span class="was">202 Bert</span>'),
        (
            "201 (after 5 sec, primary), 202",
            "201 (primary), 202, 203",
            "<del>201 (after 5 sec, primary)</del>, <ins>201 (primary)</ins>, "
            '<span class="was">202</span>, <ins>203</ins>',
        ),
        ("201, 202", "202, 201", '<ins>202</ins>, <span class="was">201</span>, <del>202</del>'),
        ("Berlin, Mitte", "Oslo", '<span class="was">Berlin, Mitte</span> → <span>Oslo</span>'),
    ],
)
def test_what_differs_is_seen_at_once(old, new, drawn):
    assert difference(old, new) == drawn


def test_a_long_value_is_folded_and_escaped():
    drawn = difference("", "<i>word</i> " * 60)
    assert "<details><summary>&lt;i&gt;word" in drawn
    assert "<i>" not in drawn
