"""The CUDA source, compiled for two cards without one; and the benchmark for a card."""

import re
import sys
from importlib import import_module

import pytest
from helpers import cards, kernels
from helpers.kernels import CASES
from helpers.paths import BENCHMARKS

from sim.sums.methods.cuda import MAX_NARROW_COLUMNS, options, rows, source


@pytest.mark.slow
@pytest.mark.parametrize("card", ["sm_80", "sm_90"])
@pytest.mark.parametrize("p", CASES, ids=lambda p: str(p.shape))
def test_the_source_compiles_without_spills(card, p, record_property):
    flags = [*options(p), f"--gpu-architecture={card}", "--ptxas-options=-v"]
    code, _, log = kernels.translated(source(), flags)
    assert b"attention" in code and b"finish" in code
    used = [int(k) for k in re.findall(r"Used (\d+) registers", log)]
    spilled = re.findall(r"(\d+) bytes spill stores, (\d+) bytes spill loads", log)
    record_property("registers", max(used))
    print(card, p.shape, max(used), "registers", spilled)
    assert spilled == [("0", "0")] * 2
    most = 128 if sum(p.shape[2:]) <= MAX_NARROW_COLUMNS else 255
    assert max(used) <= most, "a processor must hold four blocks, or two of wide ones"


@pytest.mark.slow
@pytest.mark.parametrize("card", ["sm_80", "sm_90"])
@pytest.mark.parametrize("p", CASES, ids=lambda p: str(p.shape))
def test_no_pair_costs_more_arithmetic_than_its_formula(card, p):
    flags = [*options(p), f"--gpu-architecture={card}"]
    _, ptx, _ = kernels.translated(source(), flags)
    inside = ptx[ptx.index("entry attention") : ptx.index("entry finish")]
    pairs, products, single = (
        len(re.findall(rf"\s{what}", inside))
        for what in (r"ex2\.approx", r"fma\.rn\.f32", r"ld\.shared\.f32")
    )
    _, _, width, depth = p.shape
    lengths = width * rows(width, depth)  # of queries, once
    assert pairs > 0 and products == pairs * (width + depth) + lengths
    tails = (1 if p.full else 2) * (width + (0 if p.values is p.keys else depth))
    assert single <= tails, "all but the last keys of a tile are read by fours"


@pytest.fixture
def modules(monkeypatch):
    with kernels.card(monkeypatch) as made:
        yield made


def benchmark(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return import_module("bench_cuda")


def test_without_a_card_the_benchmark_says_so(monkeypatch, capsys):
    for name in ("cupy", "torch"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(sys, "argv", ["bench_cuda.py"])
    benchmark(monkeypatch).main()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("not measured: no card (")


@pytest.mark.slow
def test_the_benchmark_measures_what_it_says(modules, monkeypatch):
    cupy, bench = sys.modules["cupy"], benchmark(monkeypatch)
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr(bench, "STEPS", 2)
    monkeypatch.setattr(bench, "FEW", (150,))
    limit = 1e-3  # seconds of every task, by this card's clock
    cards.clock(monkeypatch, cupy, limit)
    table = bench.figures(cupy, 400, 3)
    powers = 16 * 2 * 256 * 4096 * 8  # on two processors
    assert f"| powers of 2 | {1e-12 * powers / limit:.2f} · 10¹² a second" in table
    assert f"one power of 2 a pair | {400**2 / powers:.0%} (1.00 ms)" in table
    assert "| cuda against PyTorch | not measured: PyTorch is not installed" in table
    assert "all kernels of a step are launched at once" in table


@pytest.mark.parametrize("card", ["sm_80", "sm_90"])
def test_the_limit_is_measured_by_powers_and_nothing_else(card):
    text = BENCHMARKS.joinpath("peak.cu").read_text("utf-8")
    _, ptx, log = kernels.translated(text, [f"--gpu-architecture={card}"])
    # Eight turns of eight chains, and the turns that are left over.
    assert len(re.findall(r"\sex2\.approx", ptx)) == 8 * 8 + 8
    assert len(re.findall(r"\sneg\.f32", ptx)) == 8 * 8 + 8
    assert "spill" not in log
