"""Every shipped lesson keeps its word: its cues are run, and their claims checked.

Every second cue, and with ``--long`` all of them, as ``orrery lesson N --check`` does.
"""

import pytest
from helpers import sampling
from helpers.paths import ROOT

from sim.lessons import check_cue, read_lesson
from sim.lessons.files import lesson_paths

MAX_WORDS = 70  # of the text of a cue, which is read from the last row
README = (ROOT / "assets" / "lessons").glob("*.md")


def test_there_are_lessons():
    assert sorted(README) == sorted(lesson_paths().values())


@pytest.mark.parametrize("name", lesson_paths())
def test_every_cue_has_words_and_a_check(name):
    for cue in read_lesson(lesson_paths()[name]).cues:
        assert 0 < len(cue.text.split()) <= MAX_WORDS, cue.title
        assert cue.notes, cue.title
        assert cue.checks, cue.title
        assert bool(cue.answer) == bool(cue.question), cue.title


@pytest.mark.slow
@pytest.mark.parametrize("name", lesson_paths())
def test_every_cue_keeps_its_word(name):
    lesson = read_lesson(lesson_paths()[name])
    assert not lesson.faults
    assert lesson.number == int(name.partition("-")[0])
    assert lesson.subject
    assert lesson.summary
    assert 8 <= len(lesson.cues) <= 15
    step = 1 if sampling.long else 2
    for cue in lesson.cues[lesson.number % step :: step]:
        results, answer = check_cue(cue)
        assert results, f"{cue.title}: no check"
        assert all(r.holds for r in results), (cue.title, [str(r) for r in results])
        assert bool(answer) == bool(cue.question)
