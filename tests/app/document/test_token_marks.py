"""Edits of tokens as marks on the time axis: their text, deleted, and dragged."""

from dataclasses import replace

import numpy as np
import pytest

from app.document.document import Document
from app.document.marks import edits_text, marks_of, moved, without
from app.document.token_names import TokenNames
from app.export.frame_times import frames
from sim import AddedToken, Change, Run, Scenario, Simulation, TokenEdits

POINT = (0.0, 0.0, 1.0)
BANK = AddedToken((1.0, 0.0, 0.0), "bank")
RUN = Run(
    Scenario(tokens=5, duration=10),
    (
        Change(1, {}, TokenEdits(add=(BANK,))),
        Change(2, {"step": 0.1}, TokenEdits(add=(AddedToken(POINT),))),
        Change(3, {}, TokenEdits({5: POINT, 6: (0.0, 1.0, 0.0)})),
        Change(3.01, {}, TokenEdits({5: POINT, 6: (1.0, 0.0, 0.0)})),
        Change(4, {}, TokenEdits(remove=(6,))),
    ),
)


def test_marks_say_what_was_done_to_tokens():
    texts = [mark.text for mark in marks_of(RUN)]
    assert texts[0] == "bank added"
    assert texts[1].endswith(", a token added")
    assert texts[2:] == ["2 tokens moved", "token 7 removed"]
    assert edits_text(TokenEdits()) == ""


def test_marks_call_tokens_by_their_names():
    moves = (Change(k, {}, TokenEdits({token: POINT})) for k, token in ((2, 0), (3, 5)))
    gone = Change(4, {}, TokenEdits(remove=(0,)))
    run = Run(RUN.start, (RUN.changes[0], *moves, gone))
    texts = [mark.text for mark in marks_of(run, {0: "river", 5: "another's"})]
    assert texts == ["bank added", "river moved", "bank moved", "river removed"]
    assert [m.text for m in marks_of(run)][1] == "token 1 moved"


def test_the_name_of_a_removed_token_is_remembered():
    frame, names = Simulation(RUN.start, "numpy").frame(), TokenNames()
    named = replace(frame, names=("river", *"abcd"))
    names.take(named)
    left = replace(named, ids=named.ids[1:], x=named.x[1:], names=named.names[1:])
    names.take(left)
    assert names.by_id == {0: "river", 1: "a", 2: "b", 3: "c", 4: "d"}
    names.take(frame)  # of another run
    assert names.by_id == {}


def test_a_deleted_mark_leaves_the_other_edits_to_their_tokens():
    run = without(RUN, marks_of(RUN)[0])
    assert run.id_count == 6
    assert run.changes[1].tokens == TokenEdits({5: (0.0, 1.0, 0.0)})
    assert run.changes[-1].tokens == TokenEdits(remove=(5,))
    gone = without(RUN, marks_of(RUN)[1])
    assert gone.changes[1].tokens == TokenEdits({5: POINT})
    assert len(gone.changes) == 3  # that of token 6 is left out


def test_a_mark_dragged_past_another_keeps_its_tokens():
    run = moved(RUN, marks_of(RUN)[0], 2.5)
    assert [c.t for c in run.changes] == [2, 2.5, 3, 3.01, 4]
    assert run.changes[2].tokens == TokenEdits({6: POINT, 5: (0.0, 1.0, 0.0)})
    assert run.changes[-1].tokens == TokenEdits(remove=(5,))


def test_a_mark_dragged_before_its_token_is_there_is_refused():
    with pytest.raises(ValueError, match="no token 6"):
        moved(RUN, marks_of(RUN)[-1], 0.5)


def test_a_document_keeps_edits_of_tokens(tmp_path):
    document = Document.of_run(RUN)
    document.save(tmp_path / "a.json")
    assert Document.load(tmp_path / "a.json").run == RUN


def test_a_film_shows_the_tokens_that_are_there():
    start = Scenario(tokens=6, duration=2)
    run = Run(start, (Change(0.97, {}, TokenEdits(add=(BANK,), remove=(2, 4))),))
    again = Simulation(run, "numpy")
    for frame, _ in frames(Document.of_run(run), 10, 2.0, "numpy"):
        again.reach(frame.t)
        assert frame.ids.tolist() == (
            [0, 1, 3, 5, 6] if frame.t >= 0.97 else [*range(6)]
        )
        assert np.array_equal(again.frame(frame.t).x, frame.x)
    assert frame.t > 1
