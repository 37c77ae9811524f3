"""Where tokens were is projected once while the map stays the same."""

import numpy as np
import pytest

import sim
from app.document.look import Look
from app.scene.projector import PastPoints, Projector
from sim.projections import LinearProjector
from sim.projections.axes import Axes

D = 6


@pytest.fixture
def frame():
    start = sim.edit(sim.Scenario(), {"dimension": D, "tokens": 9, "seed": 4})
    return sim.Simulation(start, "numpy").frame()


def arrays(count, seed=0):
    return [*np.random.default_rng(seed).normal(size=(count, 9, D)).astype(np.float32)]


@pytest.mark.parametrize("space", ["sphere", "flat"])
@pytest.mark.parametrize("on_globe", [True, False])
def test_many_arrays_are_projected_as_each_alone(space, on_globe):
    start = sim.edit(sim.Scenario(), {"dimension": D, "tokens": 9, "space": space})
    frame = sim.Simulation(start, "numpy").frame()
    projector = LinearProjector(frame, arrays(1)[0][:3].T.copy(), on_globe)
    x = arrays(4)
    found = PastPoints().of(x, projector)
    for one, seen in zip(x, found, strict=True):
        assert seen == pytest.approx(projector.points(one, 0.0), rel=1e-5, abs=1e-6)


def test_only_new_arrays_are_projected(frame, monkeypatch):
    map_, x = np.eye(D, 3, dtype=np.float32), arrays(5)
    done = []
    real = LinearProjector.points_of_each

    def counted(self, new):
        done.append(len(new))
        return real(self, new)

    monkeypatch.setattr(LinearProjector, "points_of_each", counted)
    past, projector = PastPoints(), LinearProjector(frame, map_, True)
    first = past.of(x[:4], projector)
    second = past.of(x[1:], LinearProjector(frame, map_, True))
    assert done == [4, 1]
    assert all(a is b for a, b in zip(first[1:], second[:3], strict=True))
    past.of(x[1:], LinearProjector(frame, map_.copy(), True))  # another map
    past.of(x[1:], LinearProjector(frame, map_, False))
    past.of(x[:1], LinearProjector(frame, map_, False))  # forgotten since
    assert done == [4, 1, 4, 4, 1]


def test_other_projections_are_made_each_time(frame):
    x = [frame.x, frame.x[::-1].copy()]
    look = Look(projection=Axes(first=2))
    seen = Projector(frame, look).past(x, [0.0, 0.1])
    assert np.array_equal(seen, np.float32([one[:, 1:4] for one in x]))
