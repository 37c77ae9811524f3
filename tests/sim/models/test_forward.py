"""The forward pass: that of another program, and edits of it as done by hand."""

import numpy as np
import pytest
from helpers.checkpoints import TINY, minilm
from helpers.oracles import apart, held
from helpers.paths import DATA

from sim.models.interventions import Intervention, forward, moved
from sim.models.language_model import open_model

CASES = ("bank_river", "bank_money", "one_token", "unicode")
MODELS = {"tinywn": TINY, "minilm": minilm()}
HERE = [m for m, folder in MODELS.items() if folder is not None]
NAMES = {"hidden": 0, "residual": 0, "post_attn": 1, "mid": 1}  # first state, every 2nd
TOLERANCE = {
    np.float32: 1e-5,
    np.float64: 5e-7,
}  # the references are rounded to float32


def reference(model, case):
    return np.load(DATA / f"transformer_{model}_{case}.npz")


def size_of(x):
    """The largest number of each state, or 1: errors are relative to it."""
    return np.maximum(1, np.abs(x).max(-1, keepdims=True))


@pytest.fixture(scope="module")
def tiny():
    return open_model(TINY)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", HERE)
def test_states_and_attention_are_those_of_torch(name, case, dtype):
    """All reference files; those of MiniLM where its float32 weights are installed."""
    model, z = open_model(MODELS[name]), reference(name, case)
    encoding = model.encode(str(z["sentence"]))
    assert list(encoding.ids) == z["ids"].tolist()
    found = forward(model.transformer, encoding.ids, dtype)
    oracle, kind = f"transformer_{name}_{case}", dtype.__name__
    errors = [
        apart(found.states[first::2] / size_of(z[key]), z[key] / size_of(z[key]))
        for key, first in NAMES.items()
        if key in z
    ]
    if "final" in z:
        errors.append(apart(found.final, z["final"]))
    held(oracle, f"states in {kind}", max(errors), TOLERANCE[dtype])
    error = apart(found.attention, z["attention"])
    held(oracle, f"attention in {kind}", error, TOLERANCE[dtype])


def test_small_model_in_float64(tiny):
    z = reference("tinywn", "bank_money")
    found = tiny.forward(str(z["sentence"]), np.float64)
    assert np.abs(found.states[::2] - z["residual"]).max() <= 5e-7
    assert np.abs(found.attention - z["attention"]).max() <= 1e-7


def test_mean_cosine_is_that_of_the_reference(tiny):
    z = reference("tinywn", "bank_river")
    x = tiny.states(str(z["sentence"]), np.float64)[::2]
    u = x / np.linalg.norm(x, axis=-1, keepdims=True)
    above = np.triu_indices(x.shape[1], 1)
    found = [(row @ row.T)[above].mean() for row in u]
    assert np.abs(found - z["mean_cosine"]).max() < 1e-6


def test_heads_and_bias_add_up_to_the_update(tiny):
    run = tiny.forward("the bank of the river", np.float64)
    for layer in range(tiny.transformer.layers):
        bias = tiny.transformer.attention(layer).out.bias
        whole = run.parts[layer].sum(0) + bias
        assert np.allclose(whole, run.updates[2 * layer], atol=1e-12)


def test_later_words_change_nothing_before(tiny):
    """Causal: to the last bits of sums of other lengths."""
    short = tiny.forward("the bank of the river", np.float64)
    long = tiny.forward("the bank of the river where boats are", np.float64)
    n = short.states.shape[1]
    assert np.abs(long.states[:, :n] - short.states).max() < 1e-12
    assert not np.triu(long.attention, 1).any()


def test_head_matrices_give_scores_and_parts(tiny):
    """D = Wq Wkᵀ/√e and V·O, with the biases that the model has besides."""
    run = tiny.forward("a boat on the river", np.float64)
    half = tiny.transformer.cast(np.float64).attention(1)
    z = half.input(run.states[2])
    for h in range(half.heads):
        q, k, through = half.head(h)
        e = half.width
        here = slice(h * e, (h + 1) * e)
        qs = z @ q + half.query.bias[here] / np.sqrt(e)
        ks = z @ k + half.key.bias[here]
        assert np.allclose(qs @ ks.T, half.scores(z)[h], atol=1e-12)
        values = half.value.bias[here] @ half.out.weight[here]
        part = run.attention[1, h] @ (z @ through) + values
        assert np.allclose(part, run.parts[1, h], atol=1e-12)


def by_hand(tiny, text, change):
    """A forward pass in plain sums, in which `change` may alter each head's weights."""
    t = tiny.transformer.cast(np.float64)
    x = t.embed(tiny.encode(text).ids, np.float64)
    for layer in range(t.layers):
        half, mlp = t.halves[2 * layer], t.halves[2 * layer + 1]
        z, total, e = half.input(x), 0.0, half.width
        for h in range(half.heads):
            c = slice(h * e, (h + 1) * e)
            q = z @ half.query.weight[:, c] + half.query.bias[c]
            k = z @ half.key.weight[:, c] + half.key.bias[c]
            v = z @ half.value.weight[:, c] + half.value.bias[c]
            p = change(layer, h, q @ k.T / np.sqrt(e))
            total = total + p @ v @ half.out.weight[c]
        x = half.with_update(x, total + half.out.bias)
        x = mlp.apply(x)
    return x


def plain_rows(s):
    s = np.where(np.tri(len(s), dtype=bool), s, -np.inf)
    p = np.exp(s - s.max(-1, keepdims=True))
    return p / p.sum(-1, keepdims=True)


TEXT = "she opened an account at the bank"
EDITS = {
    "none": ((), lambda _layer, _h, s: plain_rows(s)),
    "off": (
        [Intervention("off", 1, 2)],
        lambda layer, h, s: plain_rows(s) * ((layer, h) != (1, 2)),
    ),
    "identity": (
        [Intervention("identity", 2, 0)],
        lambda layer, h, s: np.eye(len(s)) if (layer, h) == (2, 0) else plain_rows(s),
    ),
    "a layer at another β": (
        [Intervention("beta", 1, beta=3.0)],
        lambda layer, _h, s: plain_rows(s * (3 if layer == 1 else 1)),
    ),
    "all at another β": (
        [Intervention("beta", beta=0.25)],
        lambda _layer, _h, s: plain_rows(s / 4),
    ),
    "all heads off": ([Intervention("off")], lambda _layer, _h, s: 0 * plain_rows(s)),
}


@pytest.mark.parametrize("edits, change", EDITS.values(), ids=EDITS)
def test_interventions_are_a_pass_edited_by_hand(tiny, edits, change):
    found = tiny.forward(TEXT, np.float64, edits)
    assert np.abs(found.states[-1] - by_hand(tiny, TEXT, change)).max() < 1e-12


def test_frozen_head_keeps_the_attention_of_the_pass_without_edits(tiny):
    plain = tiny.forward(TEXT, np.float64)
    edits = [Intervention("off", 0, 1), Intervention("frozen", 2)]
    found = tiny.forward(TEXT, np.float64, edits)
    assert np.array_equal(found.attention[2], plain.attention[2])
    moving = tiny.forward(TEXT, np.float64, edits[:1])
    assert not np.allclose(moving.attention[2], plain.attention[2])

    def change(layer, h, s):
        if layer == 2:
            return plain.attention[2, h]
        return plain_rows(s) * ((layer, h) != (0, 1))

    assert np.abs(found.states[-1] - by_hand(tiny, TEXT, change)).max() < 1e-12


@pytest.mark.parametrize("action, factor", [("off", 0), ("identity", 0), ("beta", 2)])
def test_mlp_of_a_layer(tiny, action, factor):
    t = tiny.transformer.cast(np.float64)
    found = tiny.forward(TEXT, np.float64, [Intervention(action, 1, None, "mlp", 2.0)])
    x = tiny.forward(TEXT, np.float64).states[3]
    mlp = t.halves[3]
    assert np.allclose(found.states[4], x + factor * mlp.update(mlp.input(x)))


def test_how_far_an_intervention_moved_the_last_states(tiny):
    plain = tiny.forward(TEXT, np.float64)
    alone = tiny.forward(TEXT, np.float64, [Intervention("frozen", 1, 1)])
    assert moved(plain, alone).nothing
    assert "no effect" in str(moved(plain, alone))
    off = moved(plain, tiny.forward(TEXT, np.float64, [Intervention("off", 0)]))
    assert off.mean > 0.01 and not off.nothing
    assert f"{off.mean:.3g}" in str(off)


@pytest.mark.parametrize(
    "edit, part",
    [
        (Intervention("off", 4), "layer must be from 0 to 3"),
        (Intervention("off", 0, 7), "head must be from 0 to 3"),
        (Intervention("melt"), "no intervention 'melt'"),
        (Intervention("off", 0, 1, "mlp"), "an MLP has no heads"),
    ],
)
def test_impossible_interventions_are_refused(tiny, edit, part):
    with pytest.raises(ValueError, match=part):
        tiny.forward(TEXT, np.float64, [edit])
