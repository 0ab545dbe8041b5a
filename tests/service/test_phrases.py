"""What members read in a chat: every sentence in every language, with its values, short and plain."""

from __future__ import annotations

import re

import pytest

from reelgate.chat import LANGUAGES
from reelgate.contract import Context
from reelgate.errors import by_code
from reelgate.words import Decision
from reelgate_integrations.generators.storyboard.parse import parse
from reelgate_integrations.generators.storyboard.rigs.cast import CAST
from reelgate_moderation.policy.loader import load
from reelgate_moderation.prompt.screen import PolicyPromptScreen
from reelgate_service.chat.phrases import Phrase, for_code, placeholders, say, show_settings, suggestions
from reelgate_service.db.installations import PlaceSettings

FRAGMENTS = {Phrase.ALL_CHANNELS, Phrase.NO_LIMIT, Phrase.OWN_LANGUAGE}
LABELS = {key for key in Phrase if key.value.startswith(("button_", "edit_"))} - {
    Phrase.BUTTON_EXPIRED,
    Phrase.BUTTON_UNKNOWN,
}
MARKUP = re.compile(r"[*_~`|<>\[\]#@\\^]")


def template(key: Phrase, language: str) -> str:
    """The sentence with the names of its values still in it."""
    return say(key, language, **{name: f"{{{name}}}" for name in needed(key)})


def needed(key: Phrase) -> set[str]:
    """The values of a sentence, learnt from its own complaint."""
    try:
        return placeholders(say(key, "en"))
    except ValueError as error:
        return set(re.findall(r"'(\w+)'", str(error)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_can_be_said_shortly_and_without_markup(language: str) -> None:
    for key in Phrase:
        text = template(key, language)
        assert text == text.strip() and "\n" not in text, key
        assert 0 < len(text) < (30 if key in LABELS else 300), key
        assert not MARKUP.search(text), key
        assert not re.search(r"https?:|www\.", text), key


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_each_language_has_its_own_words_and_the_same_values(language: str) -> None:
    for key in Phrase:
        ours = template(key, language)
        assert placeholders(ours) == needed(key), key
        if key not in {Phrase.CAPTION}:
            assert ours != template(key, "en"), key


def test_no_two_sentences_of_a_language_are_alike() -> None:
    for language in LANGUAGES:
        said = [template(key, language) for key in Phrase if key not in FRAGMENTS]
        assert len(set(said)) == len(said)


def test_a_language_we_do_not_speak_gets_english() -> None:
    assert say(Phrase.CANCELLED, "it") == say(Phrase.CANCELLED, "en") == say(Phrase.CANCELLED, "../../x")
    assert suggestions("") == suggestions("en")


def test_values_are_those_that_the_sentence_has_a_place_for() -> None:
    for values in ({}, {"percent": 3, "more": 4}, {"per_cent": 3}):
        with pytest.raises(ValueError, match="filming_percent needs"):
            say(Phrase.FILMING_PERCENT, "en", **values)
    with pytest.raises(ValueError):
        say(Phrase.CANCELLED, "en", words="x")


def test_a_value_is_one_short_line_and_never_a_template() -> None:
    said = say(Phrase.CAPTION, "en", words=" {label}\n\n{0.__class__}  x ", label="AI")
    assert said == "“{label} {0.__class__} x” · AI"
    long = say(Phrase.CAPTION, "en", words="word " * 400, label="AI")
    assert len(long) < 520 and "…” · AI" in long


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_sentence_in_the_members_language(language: str) -> None:
    for code in [*by_code(), "failed", "expired", "cancelled", "of another version"]:
        sentence = for_code(code, "", language)
        assert sentence in {say(key, language) for key in Phrase if not needed(key)}
        if code != "refused":
            assert for_code(code, "in English, with an id 123", language) == sentence
    assert for_code("refused", "Das können wir nicht filmen.", language) == "Das können wir nicht filmen."
    assert for_code("refused", "", language) == say(Phrase.REFUSED_BY_PERSON, language)
    assert for_code("generator_fault", "", language) == say(Phrase.FAILED_RETRY, language)
    assert for_code("mark_failed", "", language) == say(Phrase.FAILED, language)


def test_settings_are_shown_in_words() -> None:
    nothing = show_settings(PlaceSettings(), "en")
    assert nothing == "Channels: all. A day, for each member: no limit. Language: each member's own."
    many = PlaceSettings(tuple(str(number) for number in range(100, 150)), 5, "ja")
    shown = show_settings(many, "de", lambda channel: f"<#{channel}>")
    assert shown.startswith("Kanäle: <#100>, <#101>,") and "<#111>, +38. Pro Tag und Mitglied: 5." in shown
    assert shown.endswith("Sprache: 日本語.")
    assert show_settings(PlaceSettings(("1", "2")), "fr").startswith("Salons : 1, 2.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_suggestions_are_allowed_and_drawn_as_themselves(language: str) -> None:
    screen = PolicyPromptScreen(load(None))
    ideas = suggestions(language)
    assert len(set(ideas)) == 8
    assert len({parse(idea, 7, CAST).subject for idea in ideas}) == 8
    for idea in ideas:
        assert len(idea) <= 60
        assert screen.screen(idea, Context(language=language)).decision is Decision.ALLOW
        plan = parse(idea, 7, CAST)
        assert any(f"subject: {plan.subject}" == one for one in plan.understood), idea
        assert not [one for one in plan.approximated if one.startswith("subject")], idea
