"""Attention as other codes compute it: layers, softmax, Hopfield networks."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.oracles import apart, held
from helpers.runs import law, placed, reference, state

import sim
from sim.seed import Seed
from sim.spaces.centred import Centred
from sim.spaces.sphere import Sphere
from sim.sums.row_tiles import softmax_weights

EXACT = 1e-13


def test_the_softmax_of_the_slide():
    known = reference("slide_softmax_cisc7026")
    found = softmax_weights(np.ones((1, 1)), known["scores"][:, None])[0]
    error = apart(found, known["probs"])
    held("slide_softmax_cisc7026", "probabilities", error, 1e-15)
    assert (known["range_lo"] <= found).all() and (found <= known["range_hi"]).all()
    assert np.array_equal(np.round(found, 2), known["slide"])


@pytest.mark.parametrize("mask", ["full", "causal"])
def test_multi_head_attention_of_torch(mask):
    """Scores with 1/√d_k and the attention matrix, head by head."""
    known = reference("torch_mha_layernorm")
    x, h = known["x"], int(known["heads"])
    d = x.shape[1]
    q, k, v = (
        (x @ w.T + b).reshape(-1, h, d // h).transpose(1, 0, 2)
        for w, b in zip(
            np.split(known["in_proj_W"], 3),
            np.split(known["in_proj_b"], 3),
            strict=True,
        )
    )
    every = np.arange(len(x))
    allowed = law(heads__mask=mask).heads.mask.allow(every, every)
    p = softmax_weights(q / (d // h) ** 0.5, k, allowed)
    name = "_causal" if mask == "causal" else ""
    error = apart(p, known[f"weights{name}"])
    held("torch_mha_layernorm", "weights of each head", error, EXACT)
    out = (p @ v).transpose(1, 0, 2).reshape(len(x), d)
    out = out @ known["out_W"].T + known["out_b"]
    error = apart(out, known[f"out{name}"])
    held("torch_mha_layernorm", "outputs, full and causal", error, EXACT)


def test_layer_norm_of_torch():
    """The centred sphere times √d is LayerNorm, the sphere times √d RMSNorm."""
    known = reference("torch_mha_layernorm")
    x, root = known["x"], known["x"].shape[1] ** 0.5
    centred = x - x.mean(axis=1, keepdims=True)
    var = (centred**2).mean(axis=1, keepdims=True)
    shrunk = Centred().project_point(x) * root * (var / (var + 1e-5)) ** 0.5
    error = apart(shrunk, known["layernorm_plain"])
    held("torch_mha_layernorm", "LayerNorm", error, EXACT)
    error = apart(shrunk * known["ln_gamma"] + known["ln_beta"], known["layernorm"])
    held("torch_mha_layernorm", "LayerNorm, gain and shift", error, EXACT)
    eps = np.finfo(float).eps
    square = (x**2).mean(axis=1, keepdims=True)
    found = Sphere().project_point(x) * root * (square / (square + eps)) ** 0.5
    held("torch_mha_layernorm", "RMSNorm", apart(found, known["rmsnorm"]), EXACT)


@pytest.mark.parametrize("beta", ["0.25", "1", "8"])
def test_cross_attention_is_a_hopfield_network(beta, tmp_path):
    known, b = reference("hopfield_modern"), float(beta)
    path = tmp_path / "patterns.npy"
    np.save(path, known["patterns"])
    keys = {"keys": "file", "keys__path": str(path), "keys__centre": False}
    xi = known["state0"]
    field = law("cross", beta=b, unit=False, **keys).bind(xi, Seed(0))
    found = softmax_weights(b * xi, known["patterns"])
    error = apart(found, known[f"b{beta}_assoc1"])
    held("hopfield_modern", "associations", error, EXACT)
    top = (known["patterns"] ** 2).sum(axis=1).max() / 2
    for k in (0, 1):
        height = top + (xi**2).sum(axis=1).mean() / 2 - float(field.energy(state(xi)))
        error = abs(height - known[f"b{beta}_energy{k}"].mean())
        held("hopfield_modern", "energy before and after", error, EXACT)
        xi = field.velocity(state(xi)).x
        if k == 0:
            error = apart(xi, known[f"b{beta}_step1"])
            held("hopfield_modern", "one update", error, EXACT)
    for _ in range(9):
        xi = field.velocity(state(xi)).x
    error = apart(xi, known[f"b{beta}_step11"])
    held("hopfield_modern", "eleven updates", error, EXACT)


def test_the_layer_is_the_published_script(tmp_path):
    known = reference("peer_sphere_py_sa_b1")
    changes = {"dynamics.beta": float(known["beta"]), "step": float(known["dt"])}
    changes["integrator"] = "layer"
    run = sim.Simulation(placed(known["X0"], tmp_path, **changes), "numpy")
    done = 0
    for steps, x in zip(known["steps"], known["X_peer"], strict=True):
        for _ in range(int(steps) - done):
            run.step()
        done = int(steps)
        held("peer_sphere_py_sa_b1", "the script's own steps", apart(run.x, x), 1e-11)


@pytest.mark.slow
def test_the_flow_is_what_the_published_script_approximates(tmp_path):
    known = reference("peer_sphere_py_sa_b1")
    changes = {"dynamics.beta": float(known["beta"]), "step": 0.5}
    changes |= {"integrator": "adaptive", "integrator.rtol": 1e-12}
    changes |= {"integrator.atol": 1e-14}
    run = sim.Simulation(placed(known["X0"], tmp_path, **changes), "numpy")
    for t, x in zip(known["t"], known["X_continuous"], strict=True):
        run.advance(t - run.t)
        held("peer_sphere_py_sa_b1", "the flow itself", apart(run.x, x), 1e-10)
