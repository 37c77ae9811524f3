"""Documents with changes in time: kept in files, drawn as they are, refused in turn."""

import numpy as np

from app.document.document import Document
from app.document.loading import open_document
from app.export.frame_times import frame_at, frames
from sim import Change, Run, Scenario, Simulation

START = Scenario(tokens=12, duration=3)
CHANGES = (Change(0.33, {"dynamics.beta": 9.0}), Change(1.0, {"dynamics": "hardmax"}))
DOCUMENT = Document.of_run(Run(START, CHANGES))


def test_a_file_keeps_the_changes(tmp_path):
    DOCUMENT.save(tmp_path / "a.json")
    assert open_document(tmp_path / "a.json") == DOCUMENT
    assert "schedule" not in Document(START).to_json()


def test_an_edit_of_the_start_keeps_the_changes():
    edited = DOCUMENT.edit_start({"dynamics.beta": 2})
    assert edited.changes == CHANGES
    assert edited.run.start.dynamics.beta == 2
    assert edited.scenario == edited.run.start


def test_settings_in_force_at_the_start_include_changes_there():
    run = Run(START, (Change(0, {"dynamics.beta": 2.0}), *CHANGES))
    document = Document.of_run(run)
    assert document.scenario.dynamics.beta == 2.0
    assert document.run == run


def test_a_film_shows_the_run_with_its_changes():
    shown = [frame for frame, _ in frames(DOCUMENT, 10, 2.0, "numpy")]
    run = Simulation(Run(START, CHANGES), "numpy")
    for frame in shown:
        run.reach(frame.t)
        assert np.array_equal(run.frame(frame.t).x, frame.x)
    kinds = [frame.scenario.dynamics.kind for frame in shown]
    assert kinds == ["softmax"] * 10 + ["hardmax"] * 10


def test_a_still_shows_the_settings_of_its_time():
    assert frame_at(DOCUMENT, 0.5, "numpy").scenario.dynamics.beta == 9.0
