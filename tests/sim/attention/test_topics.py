"""Real tokens: 240 words in eight topics find eight clusters."""

import numpy as np
import pytest
from helpers.paths import SCENARIOS

from sim import Scenario, Simulation, edit

SCENARIO = SCENARIOS / "words.json"
EIGHT = 0.1256, 5e-4  # F̂ of the plateau, and how flat it is
PURITY = 230 / 240

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def frames():
    """Return frames of the scenario; steps twice as long change F̂ by 1e-8."""
    run = Simulation(edit(Scenario.load(SCENARIO), {"step": 0.2}), "numpy")
    found = []
    for t in (0.0, 30.0, 40.0, 50.0):
        run.reach(t)
        found.append(run.frame())
    return found


def test_words_begin_apart(frames):
    first = frames[0]
    assert first.x.shape == (240, 384)
    assert first.measures["clusters"] == 240
    assert np.abs(np.linalg.norm(first.x, axis=1) - 1).max() < 1e-14


def test_there_are_eight_clusters_for_a_long_time(frames):
    for frame in frames[1:]:
        assert frame.measures["clusters"] == 8
        assert frame.measures["f_hat"] == pytest.approx(EIGHT[0], abs=EIGHT[1])
        assert frame.measures["effective"] == pytest.approx(7.96, abs=0.03)


def test_the_clusters_are_the_topics(frames):
    for frame in frames[1:]:
        groups = np.array(frame.groups)
        right = sum(
            np.unique(groups[frame.labels == k], return_counts=True)[1].max()
            for k in range(8)
        )
        assert right / len(groups) == pytest.approx(PURITY)
