"""What is typed is found as words, as parts of words, or letter by letter."""

import pytest

from app.command_palette.matching import fit


@pytest.mark.parametrize(
    ("typed", "text", "letters"),
    [
        ("play", "Play backwards", "Play"),
        ("back", "Play backwards", "back"),
        ("plbk", "Play backwards", "Plbk"),
        ("wards play", "Play backwards", "Playwards"),
        ("", "Play backwards", ""),
    ],
)
def test_letters_that_were_typed_are_known(typed, text, letters):
    found = fit(typed, text)
    assert "".join(text[k] for k in sorted(found.letters)) == letters


@pytest.mark.parametrize("typed", ["kb", "playz", "play forwards", "zz"])
def test_what_does_not_fit_is_left_out(typed):
    assert fit(typed, "Play backwards") is None


def test_better_fits_have_higher_scores():
    texts = ["Play", "Play backwards", "Display", "Pull a yak"]
    scores = [fit("play", text).score for text in texts]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_other_words_are_found_as_they_are_and_come_last():
    beside = fit("beta", "β", "Attention dynamics.beta")
    assert beside.letters == frozenset()
    assert beside.score < fit("beta", "Mean beta").score
    assert fit("bta", "β", "dynamics.beta") is None


def test_places_hold_where_small_letters_are_longer():
    found = fit("tanbul", "İstanbul")
    assert "".join("İstanbul"[k] for k in sorted(found.letters)) == "tanbul"
