"""What is saved while the newest edits still wait for a long step."""

from types import SimpleNamespace

import pytest

from app.document.document import Document
from app.document.recorded import _recorded_lane
from sim.scenario import Scenario, edit
from sim.schedule import Run

LARGE = Scenario(tokens=60)


def waiting(run):
    """Return an engine that has yet to carry out the last of two edits."""
    record = SimpleNamespace(run=run, edits=1, end=2.0)
    return SimpleNamespace(record=lambda: record, edits=2)


@pytest.mark.parametrize("changes", [{"tokens": 6}, {"seed": 4}])
def test_a_run_that_has_yet_to_begin_is_no_change_of_the_one_before(changes):
    lane = Document(edit(LARGE, changes)).lanes[0]
    assert _recorded_lane(lane, waiting(Run(LARGE)), 3.0).run == Run(lane.scenario)


def test_a_setting_that_has_yet_to_change_is_a_change():
    lane = Document(edit(LARGE, {"dynamics.beta": 2.0})).lanes[0]
    run = _recorded_lane(lane, waiting(Run(LARGE)), 3.0).run
    assert (run.start, [change.t for change in run.changes]) == (LARGE, [3.0])
