"""What a step does besides its sums: formulas in one pass, arrays used again."""

import dataclasses
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

import sim
import sim.attention.divergence
from sim.arrays import dot, mean_of, scaled, unit
from sim.attention.layer_schedule import LAYERS_KEPT as LATEST
from sim.integrators.adaptive import weighted_sum
from sim.integrators.rk4 import simpson
from sim.jit.buffer_pool import MAX_ARRAYS as POOLED
from sim.jit.buffer_pool import MIN_BYTES, BufferPool
from sim.jit.llvm import missing
from sim.jit.row_norms import squared_norm_range
from sim.jit.rowwise import MIN_ROWS, ROWS_PER_TASK, Rowwise
from sim.measure.connected_components import connected
from sim.numerics.hermite import hermite
from sim.observables.divergence import Divergence
from sim.spaces import centred, moved_along, tangent_part, unit_along, unit_rows
from sim.sums.cache import RecentSums
from sim.sums.choose import named

compiled = pytest.mark.skipif(missing() is not None, reason="needs llvmlite")
BIG = 2 * ROWS_PER_TASK + 77  # rows: three tasks, the last of them not whole registers


@pytest.fixture(autouse=True)
def _nothing_beside(monkeypatch):
    """Compile before a step, not beside it: what that allocates is not the step's."""
    monkeypatch.setattr("sim.sums.choose.run_in_background", lambda task: task())


def arrays(n, d, kind, count):
    rng = np.random.default_rng(n + d)
    return [rng.standard_normal((n, d)).astype(kind) for _ in range(count)]


def cases(n, d, kind):
    a, b, c, e = arrays(n, d, kind, 4)
    return {
        unit_rows: (a,),
        tangent_part: (a, b),
        moved_along: (a, 0.3, b),
        centred.centred_unit: (a,),
        centred.tangent_part: (a, b),
        unit_along: (a, 0.1, b),
        simpson: (a, b, c, e),
        hermite: (a, b, c, e, 0.3, 0.7, 0.21, 0.1),
        weighted_sum: (a, 0.1, b, -2.5, c, 1 / 3),
    }


@pytest.mark.slow
@compiled
@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize(
    ("n", "d"), [(MIN_ROWS, 1), (MIN_ROWS + 3, 2), (BIG, 3), (1001, 7)]
)
def test_a_compiled_formula_has_the_bits_of_the_plain_one(n, d, kind):
    for formula, given in cases(n, d, kind).items():
        found = formula(*given)
        assert len(formula.write) > 0
        assert found.dtype == kind
        with np.errstate(invalid="ignore"):  # the mean is all that one number is
            wanted = formula.formula(*given)
        assert np.array_equal(found, wanted, equal_nan=d == 1)


@compiled
def test_the_number_of_threads_changes_no_bit(monkeypatch):
    x, v = arrays(BIG, 3, "float32", 2)
    many = unit_along(x, 0.1, v).copy()
    monkeypatch.setattr("sim.jit.rowwise.run_tasks", lambda tasks: [t() for t in tasks])
    assert np.array_equal(many, unit_along(x, 0.1, v))
    monkeypatch.setattr("sim.jit.rowwise.ROWS_PER_TASK", 1000)
    assert np.array_equal(many, unit_along(x, 0.1, v))


def test_what_no_kernel_can_do_is_done_as_it_is():
    formula = Rowwise(lambda x, v: v - scaled(x, dot(x, v)))
    x, v = arrays(MIN_ROWS, 3, "float64", 2)
    for a, b in (
        (x[:5], v[:5]),  # few
        (x[:, ::-1], v),  # not in one piece
        (x.astype("float32"), v),
        (x[None], np.stack([v, v])),  # as broadcasting has it
        (np.tile(x, 4), np.tile(v, 4)),  # long rows
        (x.astype(">f8"), v),
    ):
        assert np.array_equal(formula(a, b), formula.formula(a, b))
    assert len(formula.write) == 0
    strict = pytest.importorskip("array_api_strict")
    a, b = strict.asarray(x), strict.asarray(v)
    assert np.array_equal(np.asarray(formula(a, b)), formula.formula(x, v))


@compiled
def test_numbers_that_are_none_come_out_as_none():
    x = np.zeros((MIN_ROWS, 3))
    x[1:3], x[3] = np.nan, np.inf
    with np.errstate(invalid="ignore"):
        wanted = unit(x)
    assert np.array_equal(unit_rows(x), wanted, equal_nan=True)
    assert np.isnan(squared_norm_range(x)).all()
    x[1:3] = 0
    assert squared_norm_range(x) == (0, np.inf)


@compiled
@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize(
    ("n", "d"), [(5, 3), (MIN_ROWS, 1), (BIG, 3), (1001, 7), (500, 9)]
)
def test_extremes_are_those_of_all_rows(kind, n, d):
    (x,) = arrays(n, d, kind, 1)
    for last in (3.0, 0.0):
        x[-1] = last
        squares = dot(x, x)
        assert squared_norm_range(x) == (squares.min(), squares.max())


def test_the_buffer_pool_gives_only_buffers_that_are_free():
    pool, shape = BufferPool(), (MIN_BYTES // 8, 1)
    first = pool.empty(shape, "float64")
    second = pool.empty(shape, "float64")
    assert second is not first
    view, place = first[3:, 0], first.ctypes.data
    del first
    assert pool.empty(shape, "float64").ctypes.data != place  # the view is of it
    del view
    again = [pool.empty(shape, "float64") for _ in range(2)]
    assert place in [a.ctypes.data for a in again]
    assert pool.empty(shape, "float32").dtype == np.float32
    small = pool.empty((1,), "float64")
    assert small.shape == (1,)


def test_the_buffer_pool_keeps_few():
    pool = BufferPool()
    held = [pool.empty((MIN_BYTES + k,), "uint8") for k in range(2 * POOLED)]
    assert len({a.ctypes.data for a in held}) == 2 * POOLED
    assert len(pool._arrays) == POOLED
    pool.clear()
    assert not pool._arrays


def steady(run, steps):
    """Return the bytes that steps have in use beyond those before it, at most."""
    for _ in range(5):
        run.step()
    tracemalloc.start()
    try:
        run.step()  # tracing knows the arrays of this one
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        for _ in range(steps):
            run.step()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@compiled
@pytest.mark.parametrize(
    ("integrator", "states"),
    [("euler", 0.1), ("rk4", 0.1), ("adaptive", 3.1), ("midpoint", 1.1)],
)
def test_beside_its_sums_a_step_allocates_next_to_nothing(
    integrator, states, monkeypatch
):
    settings = {"tokens": 20_000, "precision": "float32", "integrator": integrator}
    run = sim.Simulation(sim.edit(sim.Scenario(step=0.01), settings), "numpy")
    x = run.x
    one = sim.sums.Sums(x[:, :1], x[:, :1], x[None] + 1)
    monkeypatch.setattr(RecentSums, "sums", lambda self, problem: one)
    assert steady(run, 3) < states * x.nbytes


RAMP = {"dynamics.heads.depth.ramp": "linear"}
LAYERS = {
    "dynamics.heads.depth.layers": 3,
    "dynamics.heads.depth.thickness": 0.1,
    "dynamics.heads.value": "gaussian",
}
DROPOUT = {"dynamics.heads.depth.dropout": 0.2, "dynamics.heads.depth.thickness": 0.1}


@pytest.mark.parametrize("depth", [RAMP, LAYERS, DROPOUT])
def test_what_changes_with_depth_is_known_while_it_is_in_force(depth):
    run = sim.Simulation(sim.edit(sim.Scenario(tokens=40), depth), "numpy")
    attention = run._bound.field.attention
    for _ in range(9):
        run.step()
        assert attention.at(run.t) is attention.at(run.t)
    assert len(attention.by_layer) == LATEST
    for now in attention.by_layer.values():
        assert now.schedule is None
        assert not len(now.by_layer)


@pytest.mark.parametrize("depth", [RAMP, LAYERS])
def test_velocity_and_energy_share_sums_at_every_depth(depth, monkeypatch):
    made, sums = [], RecentSums.sums

    def counted(self, problem):
        made.append(problem)
        return sums(self, problem)

    monkeypatch.setattr(RecentSums, "sums", counted)
    run = sim.Simulation(sim.edit(sim.Scenario(tokens=40), depth), "numpy")
    run.advance(0.3)
    made.clear()
    run.velocity()
    run.frame(
        request=sim.FrameRequest(
            frozenset({"f_hat", "energy", "entropy"}), clusters=False
        )
    )
    assert len(made) == 1


@pytest.mark.slow
@compiled
@pytest.mark.parametrize(
    ("n", "d", "kind"),
    [(60_000, 3, "float32"), (9000, 2, "float64")],
)
def test_a_step_with_its_sums_allocates_less_than_a_state(n, d, kind):
    settings = {"tokens": n, "dimension": d, "precision": kind}
    run = sim.Simulation(sim.edit(sim.Scenario(), settings), "numpy")
    assert steady(run, 2) < run.x.nbytes


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fused", "nufft"])
def test_sums_are_made_in_arrays_used_before(method):
    (x,) = arrays(5000, 3, "float32", 1)
    problem = sim.sums.Problem(x, x, x, 0.5)
    for _ in range(3):
        named(method, problem).sums(problem)
    tracemalloc.start()
    try:
        named(method, problem).sums(problem)
        assert tracemalloc.get_traced_memory()[1] < 4 * x.nbytes
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("nodes", "edges"), [(1, 0), (7, 3), (300, 200), (300, 2000)])
def test_components_are_those_of_scipy(nodes, edges):
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    a, b = np.random.default_rng(nodes).integers(0, nodes, (2, edges))
    graph = coo_array((np.ones(edges), (a, b)), shape=(nodes, nodes))
    count, labels = connected_components(graph, directed=False)
    found = connected(a, b, nodes)
    assert len({*zip(found.tolist(), labels.tolist(), strict=True)}) == count
    assert len({*found.tolist()}) == count
    assert (found <= np.arange(nodes)).all()


def test_a_path_in_any_order_is_one_component():
    nodes = np.random.default_rng(0).permutation(2000)
    assert not connected(nodes[1:], nodes[:-1], 2000).any()


@pytest.mark.slow
def test_the_first_picture_waits_for_no_scipy():
    code = (
        "import sys, sim; run = sim.Simulation(sim.Scenario(), 'numpy'); run.step();"
        "run.frame(); sys.exit('scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("law", ["softmax", "unnormalised"])
@pytest.mark.parametrize("space", ["sphere", "flat"])
@pytest.mark.parametrize(
    ("n", "d", "beta"), [(40, 3, 4), (900, 3, 4), (900, 2, -3), (40, 9, 4), (30, 16, 9)]
)
def test_the_divergence_is_the_trace_of_the_derivative(law, space, n, d, beta):
    settings = {"tokens": n, "dimension": d, "dynamics": law, "space": space}
    settings |= {"dynamics.beta": beta, "dynamics.heads.value.scale": -0.7}
    run = sim.Simulation(sim.edit(sim.Scenario(), settings), "numpy")
    run.step()
    probe = run.probe()
    general = dataclasses.replace(probe.field, divergence=None)
    known = Divergence().measure(probe)
    wanted = Divergence().measure(dataclasses.replace(probe, field=general))
    assert abs(wanted) > 1e-5
    assert abs(known - wanted) < 1e-10


@pytest.mark.parametrize("law", ["softmax", "unnormalised"])
def test_in_many_dimensions_the_divergence_is_summed_by_rows(monkeypatch, law):
    """Whole rows, in any tiles, give what d(d + 1)/2 columns do."""
    settings = {"tokens": 50, "dimension": 24, "dynamics": law, "dynamics.beta": 6}
    run = sim.Simulation(sim.edit(sim.Scenario(), settings), "numpy")
    run.step()
    found = [run.measures()["divergence"]]
    monkeypatch.setattr(sim.attention.divergence, "tile_entries", lambda _: 7 * 50)
    found.append(run.measures()["divergence"])
    monkeypatch.setattr(sim.attention.divergence, "MAX_COLUMN_DIMENSION", 24)
    by_columns = run.measures()["divergence"]
    assert np.isfinite(by_columns)
    assert found == pytest.approx([by_columns] * 2, rel=1e-12)


@pytest.mark.parametrize("n", [700, 20_000])
def test_where_tokens_are_alone_the_divergence_is_found_without_harmonics(n):
    x = unit(np.random.default_rng(0).standard_normal((n, 3)))
    x[1:] = unit(x[0] + 1e-3 * x[1:])
    x[0] *= -1  # alone: the others weigh e^-200 for it
    problem = sim.sums.Problem(x, x, x, 100.0)
    assert named("sphere", problem).laplacian_ratio(problem) is None
    near = x[1:]
    problem = sim.sums.Problem(near, near, near, 100.0)
    assert named("sphere", problem).laplacian_ratio(problem).shape == (n - 1, 1)


def test_the_mean_of_very_many_rows_loses_no_digits():
    x = np.full((1 << 20, 3), 0.1, "float32")
    assert (
        np.abs(mean_of(x) - np.float32(0.1)).max() < 3e-8
    )  # four units in the last place
    strict = pytest.importorskip("array_api_strict")
    few = x[:64].astype("float64")
    assert np.allclose(
        np.asarray(mean_of(strict.asarray(few))), mean_of(few), rtol=1e-15
    )
