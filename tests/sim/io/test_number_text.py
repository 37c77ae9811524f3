"""Numbers written at once are those that Python writes one by one."""

import csv
import io
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from sim.io.number_text import number_rows
from sim.recorders.trajectory import Trajectory
from sim.scenario import Scenario
from sim.simulation import Simulation

SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=5)
ALL = st.floats(width=64)  # with nan, infinities, −0 and subnormal numbers
EDGES = [1e-4, np.nextafter(1e-4, 0), 1e16, np.nextafter(1e16, 0), -0.0, 5e-324, 1e-5]


@settings(deadline=None, max_examples=200)
@given(arrays(np.float64, SHAPES, elements=ALL | st.sampled_from(EDGES)))
def test_every_number_is_as_python_writes_it(x):
    assert number_rows(x) == [",".join(map(repr, row)) for row in x.tolist()]


def test_numbers_of_half_the_digits_and_of_other_orders_in_memory():
    x = (
        np.random.default_rng(3).normal(size=(7, 4))
        * 10.0 ** np.arange(-6, 22, 4)[:, None]
    )
    for given_x in (x.astype(np.float32), np.asfortranarray(x), x[::2, ::-1], x[:0]):
        rows = [",".join(map(repr, row)) for row in given_x.tolist()]
        assert number_rows(given_x) == rows


def test_lines_of_a_trajectory_are_its_rows():
    names = ('a "quoted", name', "two\nlines", "Ünï")
    x = np.eye(3) + 1e-9
    groups = ("x,y", "", "z")
    for named in ({"names": names, "groups": groups}, {"names": names}, {}):
        run = Simulation(Scenario.from_arrays(x, **named))
        frame = replace(run.frame(request=Trajectory().request()), t=1e-7)
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows(Trajectory().rows(frame))
        lines = [f"{line}\n" for line in Trajectory().lines(frame)]
        assert "".join(lines) == written.getvalue()
        assert ('"a ""quoted"", name"' in written.getvalue()) == bool(named)
