"""What is said of two sentences in films: the cosines of words that both have."""

from __future__ import annotations

from helpers.trained import scenario

import sim
from app.annotations.word_cosines import words_text
from app.export.lane_words import lane_lines, whole_parts


def frame(text):
    return sim.Simulation(scenario(initial__text=text), "numpy").frame()


def test_lanes_of_two_sentences_give_cosines_and_no_angles():
    first, second = frame("she sat at the bank"), frame("a bank of the river")
    assert lane_lines(1, second, first)[-1].startswith("Cosine in both:  bank ")
    assert "from the first" in lane_lines(1, first, first)[-1]
    assert len(lane_lines(0, first, first)) == 1


def test_a_line_lists_four_words_at_most():
    assert words_text({}) == "The sentences have no word in common"
    assert words_text({"apple": 0.6249, "the": -0.3}) == (
        "Cosine in both:  apple 0.62   the −0.30"
    )
    many = words_text({f"w{k}": 0.5 for k in range(5)})
    assert many.endswith("w3 0.50   …") and "w4" not in many


def test_what_has_no_room_is_left_out_whole():
    text = "from the first: mean angle 34.8°, largest 125.3° (2 left out)"
    assert whole_parts(text, len, len(text)) == text
    assert whole_parts(text, len, 40) == "from the first: mean angle 34.8°"
    assert whole_parts(text, len, 5) == "from the first: mean angle 34.8°"
