"""What is proposed for a word that is not known."""

import time

import pytest

from sim.settings.near_misses import did_you_mean, nearest

KNOWN = ("softmax", "mean-field", "V")


@pytest.mark.parametrize(
    ("word", "found"),
    [("sofmax", "softmax"), ("sfotmax", "softmax"), ("meanfield", "mean-field")],
)
def test_a_letter_or_two_may_be_wrong(word, found):
    assert nearest(word, KNOWN) == found


def test_a_word_of_any_length_is_looked_at_quickly():
    before = time.process_time()
    for word in ("x" * 1_000_000, "softmax" * 20_000):
        assert did_you_mean(word, KNOWN) == nearest(word, ()) == ""
    assert time.process_time() - before < 1.0
