"""Steps as graphs: by stand-ins for a card that record, and on a real card."""

import gc
import sys

import numpy as np
import pytest
from helpers import cards, kernels

from app.system import diagnostics
from sim.cuda_graph import MAX_PAIRS, why_not_recorded
from sim.integrators import Integrator
from sim.integrators.euler import Euler
from sim.scenario import Scenario, edit
from sim.simulation import Simulation
from sim.spaces import Space
from sim.spaces.ln_scaling import LNScaling

PLAIN = {"tokens": 150, "precision": "float32", "dynamics.beta": 4.0}
AT_ONCE = "all kernels of a step are launched at once"


@pytest.fixture
def card(monkeypatch):
    """Stand-ins for a card; the modules that are made of the kernels' source."""
    with kernels.card(monkeypatch) as made:
        yield made


def run(settings=(), backend="cupy"):
    there = sys.modules["cupy"] if backend == "cupy" else backend
    return Simulation(edit(edit(Scenario(), PLAIN), dict(settings)), there)


def stepped(simulation, steps=3):
    """Tokens after some steps by graph, and after as many by launches."""
    state = simulation._bound.state
    for _ in range(steps):
        simulation.step()
        state = simulation._stepper.integrated(state, simulation.scenario.step)
    return simulation.x, cards.plain(state.x)


CASES = [
    {},
    {"integrator": "euler"},
    {"integrator": "layer"},
    {"integrator": "leapfrog"},
    {"dynamics": "unnormalised"},
    {"space": "ngpt"},
    {"space": "centred"},
    {"dynamics.heads.mask": "causal"},
    {"dynamics.heads.value.scale": -1.0},
    {"dynamics.heads.value": "gaussian"},
    {"dynamics.heads.value": "gaussian", "dynamics.heads.count": 3},
]


@pytest.mark.slow
@pytest.mark.parametrize("settings", CASES, ids=str)
def test_a_graph_steps_as_launches_do_to_the_last_bit(settings, card):
    simulation = run(settings)
    assert simulation.launch_mode == AT_ONCE
    by_graph, by_launches = stepped(simulation)
    assert by_graph.tobytes() == by_launches.tobytes()
    here = run(settings, "numpy")
    here.advance(3 * here.scenario.step)
    assert np.abs(by_graph - here.x).max() < 1e-5
    assert np.abs(by_graph - run(settings).x).max() > 1e-3, "tokens have moved"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "stages"), [("rk4", 4), ("euler", 1)])
def test_a_graph_holds_the_sums_of_all_stages(kind, stages, card):
    simulation = run({"integrator": kind})
    before = len(card[0].launches)
    simulation.step()
    names = [name for name, _ in card[0].launches[before:]]
    assert names == ["attention", "finish"] * stages


HINDERED = [
    ({"integrator": "adaptive"}, "draws numbers or branches on them"),
    ({"integrator": "midpoint"}, "draws numbers or branches on them"),
    ({"integrator": "maruyama"}, "draws numbers or branches on them"),
    ({"space": "flat"}, "lengths of tokens are read back"),
    ({"space": "pre_ln"}, "lengths of tokens are read back"),
    ({"space": "ln_scaling"}, "the space changes with time"),
    ({"clock": "logarithmic"}, "steps of the clock differ in length"),
    ({"dynamics.heads.mlp": "additive"}, "need operations that CuPy cannot record"),
    ({"dynamics.heads.query": "gaussian"}, "need operations that CuPy cannot record"),
    ({"dynamics.heads.depth.dropout": 0.5}, "the law changes with depth"),
    ({"dynamics": "hardmax"}, "not softmax attention of tokens without momenta"),
    ({"precision": "float64"}, "sums are computed by direct"),
    ({"dynamics.beta": 60.0}, "sums are computed by"),
    ({"tokens": 40}, "sums are computed by direct"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("settings", "why"), HINDERED, ids=str)
def test_what_cannot_be_recorded_is_known_beforehand(settings, why, card, monkeypatch):
    def never(*_):
        raise AssertionError("is not even tried")

    monkeypatch.setattr("sim.cuda_graph.StepGraph", never)
    simulation = run(settings)
    assert why in simulation.launch_mode
    assert simulation.launch_mode.startswith("kernels are launched one by one: ")
    assert simulation.launch_mode in simulation.method[1]


@pytest.mark.slow
def test_very_many_pairs_are_left_to_launches(card, monkeypatch):
    monkeypatch.setattr("sim.cuda_graph.MAX_PAIRS", 149**2)
    assert "longer than launches" in run().launch_mode
    assert MAX_PAIRS == 16384**2


def test_without_a_card_nothing_is_said(monkeypatch):
    here = run(backend="numpy")
    assert here.launch_mode == ""
    assert "kernel" not in here.method[1]


@pytest.mark.slow
def test_the_doctor_says_how_kernels_are_launched(card, monkeypatch):
    monkeypatch.setattr(diagnostics, "FEW_TOKENS", 150)
    assert diagnostics._launches() == f"150 tokens: {AT_ONCE}"
    monkeypatch.setitem(sys.modules, "cupy", None)
    assert diagnostics._launches() == "no CUDA device"


def test_no_length_is_read_back_where_the_space_keeps_it(card):
    simulation = run({"integrator": "adaptive"})
    problem = simulation._bound.field.attention.problem(simulation._bound.state.x)
    assert problem.lengths == (1.0,) * 4
    free = run({"space": "flat"})
    problem = free._bound.field.attention.problem(free._bound.state.x)
    assert problem.lengths == pytest.approx((1.0,) * 4, abs=1e-6)
    assert "lengths" in vars(problem) and problem.lengths != (1.0,) * 4


@pytest.mark.parametrize("trouble", [float, bool])
def test_a_step_that_looks_at_numbers_is_not_recorded(trouble, card, monkeypatch):
    euler = Euler.step

    def looks(self, flow, space, s, h):
        trouble(sys.modules["cupy"].max(s.x))
        return euler(self, flow, space, s, h)

    monkeypatch.setattr(Euler, "step", looks)
    simulation = run({"integrator": "euler"})
    assert (
        "cannot be recorded here (RuntimeError: the current" in simulation.launch_mode
    )
    assert cards.Tape.running is None, "the stream is captured no more"
    simulation.step()


@pytest.mark.slow
def test_a_graph_that_goes_wrong_is_left_out(card, monkeypatch):
    launch = cards.Tape.launch

    def forgets(self, stream=None):
        launch(self)
        self.operations[-1:] = []

    monkeypatch.setattr(cards.Tape, "launch", forgets)
    simulation = run()
    assert "does not give the same numbers here" in simulation.launch_mode
    by_steps, by_launches = stepped(simulation)
    assert by_steps.tobytes() == by_launches.tobytes()


@pytest.mark.slow
def test_a_space_that_claims_to_be_autonomous_is_found_out(card, monkeypatch):
    monkeypatch.setattr(LNScaling, "autonomous", True)
    simulation = run({"space": "ln_scaling"})
    assert "does not give the same numbers here" in simulation.launch_mode


@pytest.mark.slow
def test_an_edit_makes_a_graph_of_its_own(card):
    simulation = run()
    simulation.step()
    simulation.retune(edit(simulation.scenario, {"dynamics.beta": 5.0}))
    assert simulation.launch_mode == AT_ONCE
    by_graph, by_launches = stepped(simulation)
    assert by_graph.tobytes() == by_launches.tobytes()
    simulation.retune(edit(simulation.scenario, {"integrator": "adaptive"}))
    assert simulation.launch_mode != AT_ONCE
    simulation.step()


@pytest.mark.slow
def test_steps_of_another_length_are_launched(card):
    simulation = run()
    before = len(card[0].launches)
    simulation.advance(1.5 * simulation.scenario.step)
    assert len(card[0].launches) == before + 2 * 2 * 4
    assert simulation.t == pytest.approx(1.5 * simulation.scenario.step)
    assert simulation.step_error() < 1e-4


@pytest.mark.slow
def test_memory_is_given_back_with_the_graph(card):
    simulation = run()
    gc.collect()
    before = cards.MemoryPool.freed
    simulation.retune(edit(simulation.scenario, {"space": "flat"}))
    assert cards.MemoryPool.freed == before + 1


def test_claims_are_made_by_those_that_can_keep_them():
    fixed = {k for k, c in Integrator.kinds().items() if c.fixed_operations}
    assert fixed == {"euler", "layer", "leapfrog", "rk4"}
    autonomous = {k for k, c in Space.kinds().items() if c.autonomous}
    assert autonomous == {"sphere", "centred", "ngpt"}
    assert not any(
        c().random for c in Integrator.kinds().values() if c.fixed_operations
    )


def test_a_hindrance_leaves_lengths_to_be_measured(card):
    simulation = run({"dynamics.beta": 60.0})
    attention = simulation._bound.field.attention
    assert attention.cache.length is None
    assert why_not_recorded(
        simulation.scenario, simulation._bound.field, simulation._bound.state
    )


@pytest.mark.gpu
@pytest.mark.parametrize("settings", CASES, ids=str)
def test_on_a_real_card_graphs_step_as_launches_do(settings):
    cards.real()
    simulation = run(settings | {"tokens": 3000})
    assert simulation.launch_mode == AT_ONCE
    state = simulation._bound.state
    for _ in range(20):
        simulation.step()
        state = simulation._stepper.integrated(state, simulation.scenario.step)
    assert simulation.x.tobytes() == simulation.backend.xp.asnumpy(state.x).tobytes()
