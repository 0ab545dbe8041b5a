"""Folding never fails, keeps its map inside the text, and undoes what characters can hide."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelgate_moderation.prompt.inflect import forms
from reelgate_moderation.prompt.language import readable
from reelgate_moderation.prompt.lexicon import build, shipped
from reelgate_moderation.prompt.normalise import fold
from reelgate_moderation.prompt.tokens import tokens

ANY_TEXT = st.text(st.characters(), max_size=120)
TRICKY = st.text(
    st.sampled_from("aко0@$!1\u200b\u202e\u0301\u3099かﾊﾞ🇰🅰𝓀ⓚｋ.-_ \U000e006b漢—'’*\ufe0f\u20e3\u00ad"), max_size=60
)


@given(ANY_TEXT | TRICKY)
def test_every_folded_letter_points_into_the_text(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.origin)
    assert all(0 <= at < len(text) for at in folded.origin)
    assert list(folded.origin) == sorted(folded.origin)
    for start, end in ((0, len(folded.text)), (1, 2), (5, 99)):
        first, last = folded.span(start, end)
        assert 0 <= first <= last <= len(text)


@given(ANY_TEXT | TRICKY)
def test_folding_twice_changes_nothing_more(text):
    once = fold(text).text
    assert fold(once).text == once


@given(ANY_TEXT | TRICKY)
def test_tokens_stand_in_order_inside_the_text(text):
    folded = fold(text)
    found = tokens(folded, shipped())
    for token in found:
        assert 0 <= token.start < token.end <= len(folded.text)
    assert [t.start for t in found] == sorted(t.start for t in found)


def test_a_lone_surrogate_does_no_harm():
    assert fold("a\ud800b").text == "ab"
    assert readable("a\ud800b", ["ab"])


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("KITTEN", "kitten"),
        ("ｋｉｔｔｅｎ", "kitten"),
        ("𝐤𝒊𝓽𝔱𝕖𝚗", "kitten"),
        ("ⓚⓘⓣⓣⓔⓝ", "kitten"),
        ("🅺🅸🆃🆃🅴🅽", "kitten"),
        ("🇰🇮🇹🇹🇪🇳", "kitten"),
        ("кіттеп", "kitten"),
        ("kítţéñ", "kitten"),
        ("k\u0336i\u0336t\u0336t\u0336e\u0336n\u0336", "kitten"),
        ("ki\u200bt\u2060t\u00aden", "kitten"),
        ("\u202ekitten\u202c", "kitten"),
        ("k\ufe0f\u20e3itten", "kitten"),
        ("straße", "strasse"),
        ("ﬁne", "fine"),
        ("が", "が"),
        ("ﾊﾞﾅﾅ", "バナナ"),
        ("it’s", "it's"),
    ],
)
def test_what_one_character_can_hide(seen, read):
    assert fold(seen).text == read


def test_spans_lead_back_through_changes_of_length():
    text = "a ﬁne \u200bk\u0301itten"
    folded = fold(text)
    start = folded.text.index("kitten")
    first, last = folded.span(start, start + 6)
    assert text[first:last].startswith("k")
    assert text[first:last].endswith("n")


def test_voiced_kana_stay_apart_from_unvoiced():
    assert fold("か\u3099").text == unicodedata.normalize("NFC", "か\u3099")
    assert fold("か").text != fold("が").text


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("stab+v", {"stab", "stabs", "stabbed", "stabbing"}),
        ("slice+v", {"slice", "slices", "sliced", "slicing"}),
        ("bury+v", {"bury", "buries", "buried", "burying"}),
        ("knife+n", {"knife", "knives"}),
        ("woman+n", {"woman", "women"}),
        ("berry+n", {"berry", "berries"}),
        ("torch+n", {"torch", "torches"}),
        ("plain", {"plain"}),
    ],
)
def test_word_forms(entry, found):
    assert found <= set(forms(entry))


LEXICON = build([("own", '[fruit]\nfuzzy = true\nen = "tangerine+n, kiwano, dragonfruit"\n')])


@pytest.mark.parametrize(
    "text",
    [
        "a t@ng3r1n3 here",
        "t a n g e r i n e",
        "t.a.n.g.e.r.i.n.e",
        "t-a-n-g-e-r-i-n-e",
        "t_a_n_g_e_r_i_n_e",
        "tan.ger.ine",
        "taaaangeriiine",
        "tangerien",
        "tangerne",
        "tanggerine",
        "t*ng*rine",
        "kiw ano",
        "gnatsew eht ni eniregnat eht fo eno",
        "gnatrevar",
        "tanger\u200bine",
        "t4ng3r1n35",
    ],
)
def test_what_several_characters_can_hide(text):
    read = {word for token in tokens(fold(text), LEXICON) for word in token.words}
    assert read & {"tangerine", "tangerines", "kiwano"}


@pytest.mark.parametrize("text", ["tanager in eden", "a tang", "100 kiwis", "t a n", "tang erin", "U.S.A. 2026 4k"])
def test_harmless_neighbours_gain_no_reading(text):
    assert all(not token.hidden for token in tokens(fold(text), LEXICON))


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("a dog runs along the beach", True),
        ("ein Hund rennt am Strand", True),
        ("夕焼けの海辺を走る犬", True),
        ("夜桜", True),
        ("", True),
        ("12345 !!!", True),
        ("🐶🏖️", True),
        ("Golden retriever, beach, sunset, bokeh", True),
        ("Собака бежит по пляжу", False),
        ("کلب یجری علی الشاطئ", False),
        ("개가 해변을 달린다", False),
        ("一只狗在海滩上奔跑，太阳正在落山", False),
        ("een hond en het kind zijn op het strand niet ver van huis", False),
        ("il cane della ragazza corre sulla spiaggia che sono", False),
    ],
)
def test_which_languages_can_be_judged(text, can):
    assert readable(text, fold(text).text.split()) is can
