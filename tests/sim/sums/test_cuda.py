"""The CUDA source: run on the processor, and emulated line by line."""

import sys

import numpy as np
import pytest
from helpers import cards, kernels
from helpers.kernels import CASES

from sim.masks.causal import Causal
from sim.sums import Problem
from sim.sums.choose import choose
from sim.sums.methods.cuda import (
    EPS,
    KEYS_PER_TILE,
    MAX_RUNS,
    TARGET_BLOCKS,
    THREADS_PER_BLOCK,
    Cuda,
    Grid,
    options,
    rows,
    source,
)
from sim.sums.methods.direct import Direct
from sim.sums.row_tiles import _tile_sums as tile
from sim.sums.row_tiles import tiled_sums as direct


def held(p, mass, mean, top):
    """Compare with the direct sum in double precision."""
    wide = (a.astype(float) for a in (p.scale * p.queries, p.keys, p.values))
    wanted = direct(*wide, p.mask)
    longest = np.linalg.norm(p.values, axis=1).max()
    assert np.abs(mean - wanted.mean).max() <= Cuda().error(p) * longest
    assert np.abs(np.log(mass) + top - wanted.log_z[:, 0]).max() < 1e-4


def emulated(p, threads=8, rows=2, keys=16, span=48):
    """The lines of both kernels, with a block's threads as an axis of arrays."""
    n, m, width, depth = p.shape
    f, q = np.float32, p.queries
    log2e = f(1.44269504)
    scale, reach = f(p.scale / np.log(2)), f(abs(p.scale) * p.lengths[3])
    tops = reach * np.sqrt((q * q).sum(axis=1, dtype=f))
    parts = np.empty((-(-m // span), 1 + depth, n), f)
    for z, block in np.ndindex(len(parts), -(-n // (threads * rows))):
        first = block * threads * rows
        i = first + np.arange(threads) + np.arange(rows)[:, None] * threads
        real = i < n
        at = np.minimum(i, n - 1)
        query = np.where(real[..., None], scale * q[at], f(0))
        base = np.where(real, -log2e * tops[at], f(0))
        total = np.zeros((rows, threads, 1 + depth), f)
        lost = np.zeros_like(total)
        begin = z * span
        end = min(m, begin + span)
        if not p.full:
            end = min(end, first + threads * rows)
        for start in range(begin, end, keys):
            count = min(end - start, keys)
            masked = not p.full and start + count > first + 1
            part = np.zeros_like(total)
            for j in range(count):
                score = base
                for c in range(width):
                    score = score + query[..., c] * p.keys[start + j, c]
                w = np.exp2(score)
                if masked:
                    w = np.where(start + j > i, f(0), w)
                part[..., 0] += w
                part[..., 1:] += w[..., None] * p.values[start + j]
            total, lost = added(total, lost, part)
        parts[z][:, i[real]] = total[real].T
    return *finished(parts), tops


def added(total, lost, x):
    """Kahan's sum, and what rounding left out of it."""
    y = x - lost
    t = total + y
    return t, (t - total) - y


def finished(parts):
    """The second kernel: masses and means from the sums of all parts."""
    total = lost = np.zeros_like(parts[0])
    for part in parts:
        total, lost = added(total, lost, part)
    return total[0], (total[1:] / total[0]).T


@pytest.mark.slow
@pytest.mark.parametrize("p", CASES, ids=lambda p: str(p.shape))
def test_the_tiling_emulated_line_by_line_is_the_direct_sum(p):
    with np.errstate(over="ignore"):
        held(p, *emulated(p))


@pytest.fixture
def modules(monkeypatch):
    """What `compiled` makes, with stand-ins for a card that run on the processor."""
    with kernels.card(monkeypatch) as made:
        yield made


WATCHED = [("thread", CASES[1]), ("thread", CASES[4]), ("address,undefined", CASES[4])]


@pytest.mark.slow
@pytest.mark.parametrize(("by", "p"), WATCHED, ids=["races", "masked", "bounds"])
def test_threads_share_memory_without_harm(by, p, tmp_path):
    flags = [f for f in options(p) if "THREADS" not in f]
    assert not kernels.watched(source(), tmp_path, by, *flags, "-DTHREADS=32")


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False])
def test_a_barrier_that_is_missing_is_found(first, tmp_path):
    a, b, c = source().split("__syncthreads();")
    broken = f"{a};{b}__syncthreads();{c}" if first else f"{a}__syncthreads();{b};{c}"
    flags = [f for f in options(CASES[1]) if "THREADS" not in f]
    said = kernels.watched(broken, tmp_path, "thread", *flags, "-DTHREADS=32")
    assert "data race" in said


def put(p):
    """Return `p` with arrays of a card; equal ones stay one."""
    cupy = sys.modules["cupy"]
    k = cupy.asarray(p.keys)
    y = k if p.values is p.keys else cupy.asarray(p.values)
    q = k if p.queries is p.keys else cupy.asarray(p.queries)
    return Problem(q, k, y, p.scale, p.mask)


def found_on_card(p):
    """Mass, mean and top of the sums `p` on a card, on the host."""
    found = Cuda().sums(put(p))
    host = sys.modules["cupy"].asnumpy
    return host(found.mass)[:, 0], host(found.mean), host(found.top)[:, 0]


@pytest.mark.slow
@pytest.mark.parametrize("p", CASES, ids=lambda p: str(p.shape))
def test_the_very_source_run_on_the_processor_is_the_direct_sum(p, modules):
    held(p, *found_on_card(p))
    assert [name for name, _ in modules[0].launches] == ["attention", "finish"]


@pytest.mark.slow
def test_the_source_and_its_emulation_agree_to_rounding(modules):
    p = CASES[4]
    mass, mean, _ = found_on_card(p)
    grid = Grid.of(p)
    again = emulated(p, THREADS_PER_BLOCK, rows(4, 4), KEYS_PER_TILE, grid.span)
    assert np.abs(mass / again[0] - 1).max() < 16 * EPS
    assert np.abs(mean - again[1]).max() < 16 * EPS * np.abs(p.values).max()


@pytest.mark.slow
def test_two_launches_serve_all_runs_and_heads(modules):
    cupy = sys.modules["cupy"]
    rng = np.random.default_rng(0)
    q, k = (rng.standard_normal((2, h, 600, 3)).astype("float32") for h in (4, 1))
    there = Problem(cupy.asarray(q), cupy.asarray(k), cupy.asarray(k), 0.7)
    found = Cuda().sums(there)
    assert modules[0].launches == [("attention", (2, 8, 5)), ("finish", (5, 8))]
    assert found.mean.shape == (2, 4, 600, 3)
    for run in range(2):
        for head in range(4):
            one = Problem(q[run, head], k[run, 0], k[run, 0], 0.7)
            some = (a[run, head, :, 0] for a in (found.mass, found.top))
            mass, top = (cupy.asnumpy(a) for a in some)
            held(one, mass, cupy.asnumpy(found.mean[run, head]), top)


@pytest.mark.slow
def test_a_card_is_tried_with_the_mask_that_is_asked_for(modules):
    for p in (CASES[1], CASES[4]):
        assert Cuda().refusal(put(p)) is None
    assert ["-DCAUSAL=1" in m.options for m in modules] == [False, True]


SIZES = [(1, 1), (300, 300), (1000, 1000), (16384, 16384), (100_000, 100_000)]


@pytest.mark.parametrize(("n", "m"), [*SIZES, (1, 10**6), (10**6, 1), (10**6, 10**6)])
@pytest.mark.parametrize("runs", [1, 7, MAX_RUNS])
def test_every_key_is_in_one_part_and_a_card_has_enough_to_do(n, m, runs):
    q, k = (np.broadcast_to(np.float32(1), (runs, c, 3)) for c in (n, m))
    grid = Grid.of(Problem(q, k, k))
    assert (grid.parts - 1) * grid.span < m <= grid.parts * grid.span
    assert (
        grid.span % KEYS_PER_TILE == 0 and grid.parts <= MAX_RUNS and grid.runs == runs
    )
    assert (
        (grid.blocks - 1) * THREADS_PER_BLOCK * 4
        < n
        <= grid.blocks * THREADS_PER_BLOCK * 4
    )
    enough = grid.blocks * runs * grid.parts
    # Whole tiles cannot be shared out evenly: half of what is wanted will do.
    assert enough >= TARGET_BLOCKS / 2 or grid.span == KEYS_PER_TILE
    assert grid.parts == 1 or enough <= 2 * TARGET_BLOCKS


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_wide_tokens_on_a_card_are_summed_in_few_great_products(
    kind, modules, monkeypatch
):
    x = np.random.default_rng(3).standard_normal((3000, 24)).astype(kind)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    cupy, tiles = sys.modules["cupy"], []
    there = cupy.asarray(x)
    masked = Problem(there, there, there, 2.0, Causal())
    assert choose(masked).method.name == "direct"

    def counted(*given):
        tiles.append(given)
        return tile(*given)

    monkeypatch.setattr("sim.sums.row_tiles._tile_sums", counted)
    found = Direct().sums(masked)
    assert len(tiles) == 1
    wanted = direct(2.0 * x, x, x, Causal())
    assert len(tiles) == 1 + 9
    eps = np.finfo(kind).eps
    assert np.abs(cupy.asnumpy(found.mean) - wanted.mean).max() < 64 * eps


def test_on_the_processor_it_says_what_it_needs():
    p = CASES[1]
    assert "graphics card" in Cuda().refusal(p)
    assert choose(Problem(p.queries, p.keys, p.values)).method.name != "cuda"


@pytest.mark.gpu
@pytest.mark.parametrize("p", CASES, ids=lambda p: str(p.shape))
def test_on_a_card_it_is_the_direct_sum(p):
    cards.real()
    assert Cuda().refusal(put(p)) is None
    held(p, *found_on_card(p))
