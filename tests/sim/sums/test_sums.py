"""Every way of summing agrees with the direct sum, within the bound that it states."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from helpers.sampling import drawn
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import sim
from sim.jit import builder, frame, thread_pool
from sim.jit.kernel import assembly
from sim.jit.llvm import missing
from sim.jit.machine import machine
from sim.masks.causal import Causal
from sim.masks.full import Full
from sim.sums import Problem, costs, nonuniform
from sim.sums.choose import MAX_ERROR, METHODS, attend, choose, named
from sim.sums.fused import blocking, driver, reduce_kernel, tile_kernel
from sim.sums.fused.blocking import TileSpec
from sim.sums.harmonic import blocking as harmonic_blocking
from sim.sums.harmonic import cell_passes, expansion, moment_kernels, passes
from sim.sums.harmonic.expansion import expansion_coefficients
from sim.sums.harmonic.passes import moments_of_keys
from sim.sums.methods import fused, nufft
from sim.sums.row_tiles import tiled_sums as direct

NAMES = [m.name for m in METHODS]
KINDS = ["float32", "float64"]
SHAPES = ["uniform", "clusters", "antipodes", "equal", "lone"]
SMALL_PARTS = {
    "MIN_ROWS_PER_PARTIAL": 24,
    "ROUNDS_PER_REDUCTION": 1,
    "BLOCKS_PER_CALL": 1,
    "GROUPS_PER_TASK": 3,
}
QUIET = drawn(40, suppress_health_check=list(HealthCheck))


def tokens(n, d, how, rng):
    """Unit vectors, laid out in the ways that break sums."""
    x = rng.standard_normal((n, d))
    if how == "clusters":
        x = np.eye(d)[rng.integers(0, d, n)] + 0.02 * x
    if how == "antipodes":
        x = np.where(rng.random((n, 1)) < 0.5, 1, -1) * np.eye(d)[0] + 0 * x
    if how in ("equal", "lone"):
        x = np.ones((n, d))
    if how == "lone":
        x[0] = -1
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def exact(problem):
    """The direct sum in float64, of the very numbers that the problem has."""
    wide = (a.astype(float) for a in (problem.queries, problem.keys, problem.values))
    q, k, y = wide
    return direct(problem.scale * q, k, y, problem.mask)


def agree(method, problem):
    """Hold the sums to the bound of the method."""
    found, wanted = method.sums(problem), exact(problem)
    longest = np.linalg.norm(problem.values, axis=-1).max()
    bound = method.error(problem)
    assert found.mean.dtype == problem.queries.dtype
    assert np.abs(found.mean - wanted.mean).max() <= bound * longest
    eps = float(np.finfo(problem.kind).eps)
    slack = 4 * bound + 8 * eps * (1 + problem.max_score)
    assert np.abs(found.log_z - wanted.log_z).max() <= slack


def able(name, problem):
    method = next(m for m in METHODS if m.name == name)
    return None if method.refusal(problem) else method


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@given(
    kind=st.sampled_from(KINDS),
    n=st.sampled_from([1, 2, 3, 17, 100, 257, 600]),
    d=st.sampled_from([2, 3, 8]),
    beta=st.sampled_from([-4.0, -1.0, 0.1, 1.0, 9.0, 81.0, 256.0]),
    how=st.sampled_from(SHAPES),
    seed=st.integers(0, 99),
)
@QUIET
def test_tokens_among_themselves(name, kind, n, d, beta, how, seed):
    x = tokens(n, d, how, np.random.default_rng(seed)).astype(kind)
    problem = Problem(x, x, x, beta)
    if method := able(name, problem):
        agree(method, problem)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@given(
    kind=st.sampled_from(KINDS),
    n=st.sampled_from([1, 5, 130]),
    m=st.sampled_from([1, 40, 300]),
    sizes=st.sampled_from([(1, 3), (2, 2), (3, 3), (3, 1), (5, 7)]),
    scale=st.floats(-3, 3),
    seed=st.integers(0, 99),
)
@QUIET
def test_any_queries_keys_and_values(name, kind, n, m, sizes, scale, seed):
    rng = np.random.default_rng(seed)
    width, depth = sizes
    q, k = rng.standard_normal((n, width)), rng.standard_normal((m, width))
    y = rng.standard_normal((m, depth))
    problem = Problem(*(a.astype(kind) for a in (q, k, y)), scale)
    if method := able(name, problem):
        agree(method, problem)


@pytest.mark.slow
@given(
    kind=st.sampled_from(KINDS),
    n=st.sampled_from([1, 2, 31, 32, 33, 256, 257, 511]),
    d=st.sampled_from([3, 16]),
    beta=st.sampled_from([-2.0, 9.0, 81.0]),
    own=st.booleans(),
)
@QUIET
def test_the_causal_mask(kind, n, d, beta, own):
    x = tokens(n, d, "uniform", np.random.default_rng(n)).astype(kind)
    problem = Problem(x, x if own else x.copy(), x, beta, Causal())
    if method := able("fused", problem):
        agree(method, problem)
    else:
        assert kind == "float32"
        assert beta == 81


@pytest.mark.slow
@pytest.mark.parametrize("d", [1, 4, 5, 17, 64, 128])
@pytest.mark.parametrize("kind", KINDS)
def test_every_dimension_up_to_the_widest(kind, d):
    x = tokens(300, d, "uniform", np.random.default_rng(d)).astype(kind)
    fused = able("fused", Problem(x, x, x, 4.0))
    agree(fused, Problem(x, x, x, 4.0))
    agree(fused, Problem(x, x[:200], x[:200], 4.0))
    assert fused.refusal(Problem(np.ones((4, 129)), x, x)) is not None


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 7, 23, 24, 25, 47, 192, 193, 217, 1100])
@pytest.mark.parametrize("d", [2, 3, 6, 8, 17])
@pytest.mark.parametrize("kind", KINDS)
def test_tiles_of_every_size(n, d, kind):
    x = tokens(n, d, "uniform", np.random.default_rng(n)).astype(kind)
    for problem in (
        Problem(x, x, x, 4.0),
        Problem(x, x, x, -1.0, Causal()),
        Problem(x[: n // 2 + 1], x, x.copy(), 4.0),
        Problem(x, x, x[:, :1].copy(), 4.0),
    ):
        agree(able("fused", problem), problem)


@pytest.mark.slow
def test_sums_are_those_of_many_small_parts(monkeypatch):
    for name, size in SMALL_PARTS.items():
        monkeypatch.setattr(driver, name, size)
    x = tokens(1900, 3, "clusters", np.random.default_rng(0)).astype(np.float32)
    for problem in (Problem(x, x, x, 9.0), Problem(x, x.copy(), x, 9.0)):
        agree(able("fused", problem), problem)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("beta", [-4.0, 9.0, 40.0, 81.0])
@pytest.mark.parametrize("how", SHAPES)
def test_square_tiles_serve_rows_and_columns(kind, beta, how, monkeypatch):
    monkeypatch.setattr("sim.sums.row_tiles.TILE_ENTRIES", 1 << 12)
    x = tokens(4 * 150, 3, how, np.random.default_rng(0)).astype(kind)
    agree(METHODS[0], Problem(x, x, x, beta))
    runs = x.reshape(2, 2, 150, 3)
    found = METHODS[0].sums(Problem(runs, runs, runs, beta))
    for k in np.ndindex(2, 2):
        wanted = exact(Problem(runs[k], runs[k], runs[k], beta))
        assert found.mean[k] == pytest.approx(
            wanted.mean, abs=5e-5 if kind == "float32" else 1e-13
        )


@pytest.fixture
def wide(monkeypatch):
    """Vectors of 64 bytes, which LLVM halves where the processor has none."""
    if why := missing():
        pytest.skip(why)
    known = machine()
    for module in (blocking, builder, frame, harmonic_blocking):
        monkeypatch.setattr(
            module, "machine", lambda: replace(known, vector_bytes=64, registers=32)
        )
    made = (
        tile_kernel.tile_kernel,
        reduce_kernel.reduce_kernel,
        moment_kernels.moment_kernel,
        moment_kernels.evaluation_kernel,
    )
    for kernels in made:
        kernels.clear()
    yield tile_kernel
    for kernels in made:
        kernels.clear()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [3, 20])
def test_vectors_of_another_width_give_the_same_sums(wide, kind, d):
    x = tokens(1300, d, "clusters", np.random.default_rng(0)).astype(kind)
    for problem in (
        Problem(x, x, x, 4.0),
        Problem(x, x, x, 4.0, Causal()),
        Problem(x, x[:77], x[:77, :2].copy(), 4.0),
    ):
        agree(able("fused", problem), problem)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["circle", "sphere"])
def test_series_by_vectors_of_another_width(wide, kind, name):
    d = 2 if name == "circle" else 3
    x = tokens(1300, d, "clusters", np.random.default_rng(0)).astype(kind)
    for problem in (Problem(x, x, x, 9.0), Problem(x, x[:77], x[:77, :1].copy(), 9.0)):
        agree(named(name, problem), problem)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_kernels_for_other_processors_use_their_vectors(wide, kind):
    for symmetric in (False, True):
        spec = TileSpec(kind, 3, 3, values_are_keys=True, symmetric=symmetric)
        text = assembly(wide.tile_text(spec), "x86_64", "skylake-avx512")
        assert "zmm" in text
        assert "vfmadd" in text


def test_float32_keeps_its_digits_when_there_are_many_tokens():
    x = tokens(20_000, 3, "clusters", np.random.default_rng(1)).astype(np.float32)
    problem = Problem(x, x, x, 9.0)
    found = able("fused", problem).sums(problem)
    some = exact(Problem(x[:50], x, x, 9.0))
    assert np.abs(found.mean[:50] - some.mean).max() < 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fused", "circle", "sphere", "nufft"])
def test_runs_of_a_batch_and_heads_are_summed_one_by_one(name):
    rng = np.random.default_rng(0)
    d = 2 if name == "circle" else 3
    x = tokens(5 * 70, d, "uniform", rng).reshape(5, 1, 70, d)
    turns = np.linalg.qr(rng.standard_normal((2, d, d)))[0]
    q = x @ turns
    method = named(name, Problem(q, x, x, 3.0))
    found = method.sums(Problem(q, x, x, 3.0))
    assert found.mean.shape == (5, 2, 70, d)
    assert found.mass.shape == (5, 2, 70, 1)
    for run in range(5):
        for head in range(2):
            one = method.sums(Problem(q[run, head], x[run, 0], x[run, 0], 3.0))
            assert np.abs(found.mean[run, head] - one.mean).max() < 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fused", "circle", "sphere", "cells", "nufft"])
def test_the_number_of_threads_changes_no_bit(name, monkeypatch):
    d = 2 if name == "circle" else 3
    x = tokens(3000, d, "clusters", np.random.default_rng(0)).astype(np.float32)
    problem = Problem(x, x, x, 9.0)
    method = named(name, problem)
    once, again = method.sums(problem), method.sums(problem)
    monkeypatch.setattr(thread_pool, "threads", int)
    monkeypatch.setattr(
        thread_pool, "run_tasks", lambda tasks: [task() for task in tasks]
    )
    for module in (driver, passes, cell_passes, nonuniform):
        monkeypatch.setattr(module, "run_tasks", thread_pool.run_tasks)
    alone = method.sums(problem)
    for other in (again, alone):
        assert np.array_equal(once.mean, other.mean)
        assert np.array_equal(once.mass, other.mass)


def test_work_is_shared_and_failures_are_raised():
    done = []

    def nest():
        thread_pool.run_tasks([lambda k=k: done.append(k) for k in range(5)])

    def fail():
        raise IndexError("mine")

    thread_pool.run_tasks([nest] * 7)
    assert sorted(done) == sorted(list(range(5)) * 7)
    with pytest.raises(IndexError, match="mine"):
        thread_pool.run_tasks([fail, nest])


def test_a_failure_is_raised_when_no_task_is_at_work(monkeypatch):
    count, slow, ended = 8, [], []
    together = threading.Barrier(count)

    def work():
        place = together.wait(9)
        if threading.current_thread() is threading.main_thread():
            return
        if place < count - 2:  # those who came first, and are asked first
            raise ArithmeticError("mine")
        slow.append(place)
        time.sleep(0.1)
        ended.append(place)

    with ThreadPoolExecutor(count) as threads:
        monkeypatch.setattr(thread_pool, "threads", lambda: count)
        monkeypatch.setattr(thread_pool, "_pool", lambda: threads)
        with pytest.raises(ArithmeticError, match="mine"):
            thread_pool.run_tasks([work] * count)
        assert sorted(ended) == sorted(slow) != []


def test_a_thing_made_once_is_waited_for_by_all():
    begun, going, made, found = threading.Event(), threading.Event(), [], []

    def make(k):
        begun.set()
        assert going.wait(9)
        made.append(k)
        if k < 0:
            raise ArithmeticError(f"not {k}")
        return object()

    once = thread_pool.Once(make)
    threads = [threading.Thread(target=lambda: found.append(once(1))) for _ in range(4)]
    for t in threads:
        t.start()
    assert begun.wait(9)
    going.set()
    for t in threads:
        t.join()
    assert made == [1]
    assert found == [found[0]] * 4
    assert once(2) is not found[0]
    for _ in range(2):
        with pytest.raises(ArithmeticError, match="not -1"):
            once(-1)
    assert made == [1, 2, -1]
    once.clear()
    assert once(1) is not found[0]


@pytest.mark.slow
def test_what_a_simulation_sums_first_is_compiled_beside_it(monkeypatch):
    if why := missing():
        pytest.skip(why)
    tile = tile_kernel.tile_kernel
    run, tasks = sim.Scenario(tokens=100, dimension=5), []
    monkeypatch.setattr("sim.sums.choose.run_in_background", tasks.append)
    known = sim.Simulation(run, "numpy")
    assert tasks
    tile.clear()
    for task in tasks:
        task()
    compiled = len(tile)
    assert compiled
    known.velocity()
    assert known.probe().attention.interaction(known.x) > 0
    assert len(tile) == compiled


def test_several_threads_may_sum_at_once():
    x = tokens(1500, 3, "uniform", np.random.default_rng(0))
    wanted = attend(x, x, x, scale=4.0, method="fused").mean
    found = [None] * 4

    def work(k):
        found[k] = attend(x, x, x, scale=4.0, method="fused").mean

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert all(np.array_equal(wanted, f) for f in found)


@pytest.mark.parametrize("z", [1e-3, 0.5, 9.0, 256.0, -4.0])
def test_degrees_have_bessel_functions(z):
    special = pytest.importorskip("scipy.special")
    circle, sphere = (expansion_coefficients(z, d, 1e-17) for d in (2, 3))
    wanted = special.ive(np.arange(len(circle)), z)
    wanted[1:] *= 2
    assert np.abs(circle - wanted).max() < 2e-15
    k = np.arange(len(sphere))
    wanted = (2 * k + 1) * special.ive(k + 0.5, abs(z)) * np.sqrt(np.pi / 2 / abs(z))
    wanted[1::2] *= np.sign(z)
    assert np.abs(sphere - wanted).max() < 4e-15


@pytest.mark.slow
@pytest.mark.parametrize("name", ["circle", "sphere"])
@given(
    kind=st.sampled_from(KINDS),
    n=st.sampled_from([1, 3, 63, 65, 700, 1300]),
    depth=st.sampled_from([1, 2, 5, 9]),
    beta=st.sampled_from([-30.0, 0.0, 1e-12, 2.0, 9.0, 300.0]),
    seed=st.integers(0, 99),
)
@QUIET
def test_series_for_any_values(name, kind, n, depth, beta, seed):
    rng, d = np.random.default_rng(seed), 2 if name == "circle" else 3
    x, k = (tokens(m, d, "uniform", rng).astype(kind) for m in (n, 500))
    y = rng.standard_normal((500, depth)).astype(kind)
    method = next(m for m in METHODS if m.name == name)
    for problem in (Problem(x, k, y, beta), Problem(x, k, k, beta)):
        assert method.refusal(problem) is None
        agree(method, problem)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["circle", "sphere"])
def test_series_hold_little_memory_however_many_degrees(name, monkeypatch):
    monkeypatch.setattr("sim.sums.harmonic.passes.MAX_PARTIAL_NUMBERS", 1)
    d = 2 if name == "circle" else 3
    x = tokens(3000, d, "clusters", np.random.default_rng(0))
    problem = Problem(x, x, x, 9.0)
    agree(named(name, problem), problem)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["circle", "sphere"])
def test_series_up_to_the_largest_scores(name):
    d = 2 if name == "circle" else 3
    x = tokens(300, d, "clusters", np.random.default_rng(0))
    method = next(m for m in METHODS if m.name == name)
    problem = Problem(x, x, x, 0.99 * method.max_score)
    assert method.refusal(problem) is None
    agree(method, problem)
    with pytest.raises(ValueError, match=rf"{name} would need too many terms for scor"):
        named(name, Problem(x, x, x, 1e9))


@pytest.mark.parametrize("name", ["circle", "sphere"])
@pytest.mark.parametrize("top", [1, 2, 3, 40])
def test_harmonics_of_one_degree_add_up_to_one(name, top):
    # Σ square · |q (x + iy)^m|² = 1 at every token: the addition theorem at angle 0.
    method = next(m for m in METHODS if m.name == name)
    table, d = method.table(top), method.width
    x = tokens(9, d, "uniform", np.random.default_rng(top))
    for one in x:
        moments = _moments(method, one[None], top)
        size = np.bincount(table.degree, table.square * np.abs(moments) ** 2)
        assert size == pytest.approx(np.ones(top), abs=1e-12)


@pytest.mark.parametrize("name", ["circle", "sphere"])
@pytest.mark.parametrize("top", [1, 2, 3, 40])
def test_moments_of_tokens_follow_from_those_of_one_degree_more(name, top):
    method = next(m for m in METHODS if m.name == name)
    x = tokens(30, method.width, "uniform", np.random.default_rng(top))
    parts = [_moments(method, one[None], top) for one in x]
    columns = np.column_stack([np.ones(30), x])
    wanted = sum(np.outer(p, row) for p, row in zip(parts, columns, strict=True))
    found = method.lifted(_moments(method, x, top + 1), top)
    assert np.abs(found - wanted).max() < 1e-12 * np.abs(wanted).max()


def _moments(method, x, top):
    return moments_of_keys(Problem(x, x, x), method.table(top))[:, 0]


@pytest.mark.parametrize("beta", [9.0, 81.0])
def test_near_a_pole_of_the_harmonics_nothing_is_lost(beta):
    rng = np.random.default_rng(0)
    x = np.array([0, 0, 1]) + 1e-3 * rng.standard_normal((400, 3))
    x[200:] *= -1
    x[0], x[200] = [0, 0, 1], [0, 0, -1]
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    agree(named("sphere", Problem(x, x, x, beta)), Problem(x, x, x, beta))


@pytest.mark.slow
def test_a_lone_token_on_the_circle_is_done_again_by_pairs():
    x = np.tile([[1.0, 0.0]], (5000, 1))
    x[0] = [-1.0, 1e-8]
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    problem = Problem(x, x, x, 9.0)
    agree(named("circle", problem), problem)


def test_the_choice_is_the_cheapest_that_is_exact_enough():
    rng = np.random.default_rng(0)
    few, many = tokens(20, 3, "uniform", rng), tokens(30_000, 3, "uniform", rng)
    ring = tokens(30_000, 2, "uniform", rng)
    assert choose(Problem(few, few, few, 4.0)).method.name in ("direct", "fused")
    assert choose(Problem(many, many, many, 4.0)).method.name == "sphere"
    off = many * rng.uniform(0.5, 1, (len(many), 1))
    assert choose(Problem(off, off, off, 4.0)).method.name == "fused"
    assert choose(Problem(ring, ring, ring, 4.0)).method.name == "circle"
    many = np.tile(off, (34, 1)).astype(np.float32)
    assert choose(Problem(many, many, many, 4.0)).method.name == "nufft"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [2, 3, 16, 200])
def test_what_is_chosen_promises_what_is_asked(kind, d):
    x = tokens(2000, d, "uniform", np.random.default_rng(0)).astype(kind)
    problem = Problem(x, x, x, 4.0)
    choice = choose(problem)
    assert choice.error <= max(MAX_ERROR[kind], METHODS[0].error(problem))
    assert choice.method.refusal(problem) is None
    for name in NAMES:
        assert name in choice.reason


def test_a_method_that_cannot_says_why():
    x = tokens(50, 4, "uniform", np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"circle is made for 2 dimensions, not 4"):
        attend(x, x, x, method="circle")
    with pytest.raises(ValueError, match=r"nufft is made for at most 3"):
        attend(x, x, x, method="nufft")
    with pytest.raises(ValueError, match=r"no method 'magic'; there are direct"):
        attend(x, x, x, method="magic")
    ring = x[:, :2] / np.linalg.norm(x[:, :2], axis=1, keepdims=True)
    with pytest.raises(ValueError, match=r"overflow at scores of ±500"):
        attend(ring, ring, ring, scale=500.0, method="nufft")


def test_other_array_libraries_are_summed_directly():
    xp = pytest.importorskip("array_api_strict")
    x = xp.asarray(tokens(100, 3, "uniform", np.random.default_rng(0)))
    assert choose(Problem(x, x, x, 4.0)).method.name == "direct"
    assert attend(x, x, x, scale=4.0).mean.shape == (100, 3)


def test_tokens_that_are_not_finite_are_left_to_the_direct_sum():
    x = tokens(100, 3, "uniform", np.random.default_rng(0))
    x[3, 1] = np.nan
    assert choose(Problem(x, x, x, 4.0)).method.name == "direct"


def test_without_compiler_or_transform_the_others_serve(monkeypatch):
    for module in (fused, expansion, nufft):
        monkeypatch.setattr(module, "missing", lambda *_: "needs a library")
    x = tokens(500, 3, "uniform", np.random.default_rng(0))
    choice = choose(Problem(x, x, x, 4.0, Full()))
    assert choice.method.name == "direct"
    assert "fused needs a library" in choice.reason


def test_costs_are_known_for_every_method_of_the_processor():
    for name in ("direct", "fused", "circle", "sphere", "cells", "nufft"):
        assert any(key.startswith(name) for key in costs.constants())


def blobs(n, d, k, wide, rng):
    x = tokens(k, d, "uniform", rng)[rng.integers(0, k, n)]
    x = x + wide * rng.standard_normal((n, d))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


@pytest.mark.slow
@pytest.mark.parametrize("d", [2, 3])
@pytest.mark.parametrize("wide", [0.02, 0.004, 1e-4])
@pytest.mark.parametrize("k", [40, 300, 900])
def test_clusters_by_cells_are_those_of_all_pairs(d, wide, k):
    from sim.measure.clusters import (
        SAME_CLUSTER_DISTANCE,
        _by_first_member,
        _component_labels,
    )
    from sim.measure.grid_clustering import grid_components

    x = blobs(2000, d, k, wide, np.random.default_rng(k))
    assert np.array_equal(
        _by_first_member(grid_components(x, SAME_CLUSTER_DISTANCE)),
        _by_first_member(_component_labels(x, SAME_CLUSTER_DISTANCE)),
    )


def test_clusters_of_many_tokens_take_little_time_and_memory():
    from sim.measure.clusters import components

    rng = np.random.default_rng(0)
    assert components(tokens(300_000, 3, "uniform", rng)).max() == 0
    assert components(tokens(300_000, 3, "equal", rng)).max() == 0
    far = np.concatenate([rng.standard_normal((5000, 3)), [[1e15, 0, 0]]])
    assert components(far)[-1] == components(far).max()
