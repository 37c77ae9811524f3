"""A model as a start, a law and weights of a run."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from helpers import trained
from helpers.checkpoints import TINY, safetensors, tiny_arrays, tiny_copy

import sim
from sim.dynamics.trained import Trained, mean_cosine
from sim.models.interventions import Intervention, moved
from sim.models.language_model import open_model
from sim.models.model_settings import checked_model
from sim.placement import place
from sim.seed import Seed
from sim.state import State
from sim.weights.head import Head

TEXT = "she opened an account at the bank"
scenario = partial(trained.scenario, initial__text=TEXT)


def played(scenario, end):
    run = sim.Simulation(scenario, "numpy")
    run.advance(end)
    return run


def test_tokens_are_those_of_the_sentence():
    s, encoding = scenario(), open_model(TINY).encode(TEXT)
    assert (s.tokens, s.dimension) == (len(encoding.ids), 64)
    assert place(s).names == encoding.names
    bare = scenario(initial__special=False)
    assert place(bare).names == encoding.names[1:]
    assert np.array_equal(place(bare).x, place(s).x[1:])


@pytest.mark.parametrize("integrator", ["euler", "layer"])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_steps_of_one_are_the_half_layers_bit_for_bit(precision, integrator):
    run = sim.Simulation(scenario(precision=precision, integrator=integrator), "numpy")
    halves = open_model(TINY).transformer.cast(precision).halves
    for half in halves:
        want = half.apply(run.x)
        run.step()
        assert np.array_equal(run.x, want)
    run.step()
    assert np.array_equal(run.x, want)  # after the last layer tokens rest


def test_in_float64_it_is_the_forward_pass_bit_for_bit():
    run, want = (
        sim.Simulation(scenario(), "numpy"),
        open_model(TINY).states(TEXT, float),
    )
    for state in want:
        assert np.array_equal(run.x, state)
        run.step()


def test_small_steps_read_the_model_as_a_differential_equation():
    """ẋ = F(x) − x by Euler's method, as written here; of order one in h."""
    half = open_model(TINY).transformer.cast(float).halves[0]
    found = {}
    for h in (0.5, 0.25, 0.125, 1 / 64):
        x = want = played(scenario(), 0).x
        for _ in range(round(1 / h)):
            want = want + h * (half.apply(want) - want)
        found[h] = played(scenario(step=h), 1.0).x
        assert np.abs(found[h] - want).max() < 1e-12
    errors = [np.abs(found[h] - found[1 / 64]).max() for h in (0.5, 0.25, 0.125)]
    assert errors[0] > 1.6 * errors[1] > 1.6 * 1.6 * errors[2] > 0
    assert not np.array_equal(x, found[0.5])


def test_a_run_may_begin_at_any_half_layer():
    states = open_model(TINY).states(TEXT, float)
    run = sim.Simulation(scenario(initial__half=3, dynamics__start=3), "numpy")
    assert np.array_equal(run.x, states[3])
    run.advance(5.0)
    assert np.array_equal(run.x, states[8])


def test_attention_that_frames_show_is_that_of_the_pass():
    run = sim.Simulation(scenario(), "numpy")
    want = open_model(TINY).forward(TEXT, float).attention
    n = run.x.shape[0]
    for attention in want:
        request = sim.FrameRequest(frozenset({"entropy"}), matrix=n, rows=(2,))
        frame = run.frame(request=request)
        assert np.abs(frame.matrix - attention).max() < 1e-12
        rows = -(attention * np.log(np.where(attention > 0, attention, 1))).sum(-1)
        assert abs(frame.measures["entropy"] - rows.mean()) < 1e-12
        run.advance(2.0)


CAUGHT = {
    "another digest": ({"dynamics__sha256": "0" * 64}, "weights have changed since"),
    "a half layer too far": ({"dynamics__start": 8}, "must be below the 8 half layers"),
    "a start too far": ({"initial__half": 9}, "must be at most 8"),
    "no folder": ({"dynamics__path": "/nowhere"}, "no such folder"),
    "an empty sentence": ({"initial__text": " "}, "the sentence is empty"),
    "too many words": ({"initial__text": "a " * 200}, "this model takes 1 to 128"),
}


@pytest.mark.parametrize("changes, part", CAUGHT.values(), ids=CAUGHT)
def test_what_does_not_fit_is_said(changes, part):
    with pytest.raises((ValueError, OSError), match=part):
        sim.Simulation(scenario(**changes), "numpy")


def test_a_model_of_another_dimension_is_refused():
    with pytest.raises(ValueError, match=r"numbers, got 5 of 3\. Choose another"):
        Trained(path=str(TINY)).bind(np.zeros((5, 3)), Seed(0))


def test_weights_that_changed_are_noticed(tmp_path):
    folder = tiny_copy(tmp_path / "model")
    digest = checked_model(str(folder), "").files.sha256
    assert checked_model(str(folder), digest.upper()).files.sha256 == digest
    changed = tiny_arrays()
    changed["wte.weight"] = changed["wte.weight"] * 2
    (folder / "model.safetensors").write_bytes(safetensors(changed))
    with pytest.raises(ValueError, match="weights have changed since this run"):
        checked_model(str(folder), digest)


def test_a_scenario_holds_the_model_s_name_and_never_its_weights(tmp_path):
    folder = tiny_copy(tmp_path / "model")
    digest = open_model(folder).files.sha256
    s = scenario(
        dynamics__path=str(folder),
        dynamics__sha256=digest,
        initial__path=str(folder),
        initial__sha256=digest,
    )
    s.save(tmp_path / "run.json")
    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    assert digest in text and len(text) < 5000
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    again = sim.Scenario.load(tmp_path / "run.json", allow_files=True)
    assert np.array_equal(place(again).x, place(s).x)


def test_head_has_the_matrices_of_the_model():
    half = open_model(TINY).transformer.attention(2)
    q, k, through = half.head(1)
    rng = np.random.default_rng(0)
    for name, want in (("query", q), ("key", k), ("value", through)):
        drawn = Head(str(TINY), layer=3, head=2, matrix=name).draw(2, 64, rng)
        assert drawn.dtype == np.float64
        assert np.allclose(drawn[0], want.T, atol=1e-7)
        assert len(drawn) == 2 and not np.allclose(drawn[0], drawn[1])


def test_a_head_that_there_is_not():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"4 layers of 4 heads, got head 5\.1"):
        Head(str(TINY), layer=5).draw(1, 64, rng)
    with pytest.raises(ValueError, match=r"got head 1\.5"):
        Head(str(TINY), head=4).draw(2, 64, rng)
    with pytest.raises(ValueError, match="are of d = 64, got 3"):
        Head(str(TINY)).draw(1, 3, rng)


def head_of(layer, head):
    heads = "dynamics.heads"
    out = {"dynamics": "softmax", "dynamics.beta": 1.0}
    for name in ("query", "key", "value"):
        out |= {
            f"{heads}.{name}": "head",
            f"{heads}.{name}.path": str(TINY),
            f"{heads}.{name}.layer": layer,
            f"{heads}.{name}.head": head,
            f"{heads}.{name}.matrix": name,
        }
    return out


LAWS = {
    "Q = K = V = I": {"dynamics": "softmax", "dynamics.beta": 3.0},
    "head 2.3": head_of(2, 3),
}


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("half", [0, 3])
def test_the_law_takes_over_as_from_a_table_of_states(law, half, tmp_path):
    """A run that changes its law at a half layer, and one that starts there."""
    onto = {"space": "sphere", "integrator": "rk4", "step": 0.1}
    change = sim.Change(float(half), law | onto)
    run = sim.Simulation(sim.Run(scenario(), (change,)), "numpy")
    run.advance(half + 1.0)
    table = tmp_path / "states.npy"
    np.save(table, open_model(TINY).states(TEXT, float)[half])
    start = {"initial": "file", "initial.path": str(table), "initial.centre": False}
    other = played(sim.edit(sim.Scenario(), start | law | onto), 1.0)
    assert np.abs(run.x - other.x).max() < 1e-12
    assert np.abs(np.linalg.norm(run.x, axis=-1) - 1).max() < 1e-12


def test_mean_cosine_of_directions():
    x = np.array([[2.0, 0, 0], [0, 3.0, 0], [0, 0, 0]])
    s = State(0.0, x, np.zeros((0, 3)))
    assert mean_cosine(s) == pytest.approx(2 / 9)
    assert mean_cosine(State(0.0, 5 * x, s.p)) == pytest.approx(2 / 9)


INTERVENED = {
    "a head off": ("off", "attention", 2, 3, 1.0),
    "a layer at another β": ("beta", "attention", 1, 0, 3.0),
    "all heads attend to themselves": ("identity", "attention", 0, 0, 1.0),
    "an MLP left out": ("identity", "mlp", 3, 0, 1.0),
    "no skip": ("off", "skip", 4, 0, 1.0),
}


@pytest.mark.filterwarnings("ignore::sim.settings.effect.UnusedSettingWarning")
@pytest.mark.parametrize("what", INTERVENED.values(), ids=INTERVENED)
def test_an_intervention_is_that_of_the_pass_and_is_measured(what):
    action, part, layer, head, beta = what
    settings = {"action": action, "part": part, "layer": layer, "head": head}
    settings |= {"beta": beta}
    changes = {f"dynamics__intervention__{k}": v for k, v in settings.items()}
    run = played(scenario(**changes), 8.0)
    edit = Intervention(action, layer - 1 if layer else None, None, part, beta)
    edit = replace(edit, head=head - 1 if head else None)
    model = open_model(TINY)
    want = model.forward(TEXT, float, [edit])
    assert np.array_equal(run.x, want.states[-1])
    how_far = moved(model.forward(TEXT, float), want)
    [note] = run.frame().notes
    assert how_far.mean > 1e-3
    assert note.endswith(
        f": the final states moved by {how_far.mean:.3g} of their length on average"
    )


def test_a_frozen_head_in_the_intact_model_is_said_to_be_a_no_op():
    changes = {"action": "frozen", "layer": 2, "head": 1}
    s = scenario(**{f"dynamics__intervention__{k}": v for k, v in changes.items()})
    run = played(s, 8.0)
    assert np.array_equal(run.x, open_model(TINY).states(TEXT, float)[-1])
    assert run.frame().notes == (
        "layer 2, head 1: frozen: no effect: the final states are the same",
    )


def test_an_intervention_on_what_there_is_not():
    off = {"dynamics__intervention__action": "off"}
    for name, value, part in (
        ("layer", 5, "layer must be from 1 to 4"),
        ("head", 9, r"head must be from 1 to 4 \(counted from 1\), got 9"),
    ):
        s = scenario(**off, **{f"dynamics__intervention__{name}": value})
        with pytest.raises(ValueError, match=part):
            sim.Simulation(s, "numpy")
