"""Llama-like models: against the same sums, token by token and number by number."""

import json

import numpy as np
import pytest
from helpers.checkpoints import safetensors, tiny_copy

from sim.models import architectures
from sim.models.interventions import forward
from sim.models.language_model import open_model
from sim.models.llama import angles

D, HEADS, SHARED, E, WIDE, LAYERS, EPS = 16, 4, 2, 6, 20, 2, 1e-6
CONFIG = {
    "model_type": "llama",
    "hidden_size": D,
    "num_attention_heads": HEADS,
    "num_key_value_heads": SHARED,
    "head_dim": E,
    "intermediate_size": WIDE,
    "num_hidden_layers": LAYERS,
    "rms_norm_eps": EPS,
    "hidden_act": "silu",
    "max_position_embeddings": 64,
    "rope_theta": 100.0,
    "vocab_size": 2048,
}
IDS = [3, 90, 7, 7, 511, 12]


def arrays():
    rng = np.random.default_rng(8)
    shapes = {"embed_tokens": (2048, D), "norm": (D,)}
    for k in range(LAYERS):
        layer = f"layers.{k}"
        shapes |= {
            f"{layer}.input_layernorm": (D,),
            f"{layer}.post_attention_layernorm": (D,),
            f"{layer}.self_attn.q_proj": (HEADS * E, D),
            f"{layer}.self_attn.k_proj": (SHARED * E, D),
            f"{layer}.self_attn.v_proj": (SHARED * E, D),
            f"{layer}.self_attn.o_proj": (D, HEADS * E),
            f"{layer}.mlp.gate_proj": (WIDE, D),
            f"{layer}.mlp.up_proj": (WIDE, D),
            f"{layer}.mlp.down_proj": (D, WIDE),
        }
    return {
        f"model.{name}.weight": rng.normal(scale=0.4, size=shape).astype("f4")
        for name, shape in shapes.items()
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("llama") / "model"
    tiny_copy(made, weights=safetensors(arrays()))
    (made / "config.json").write_text(json.dumps(CONFIG))
    return made


def rms(x, gain):
    return x / np.sqrt((x * x).mean() + EPS) * gain


def rotated(v, position):
    """Turn each pair (k, k + e/2) by position · θ^(−2k/e), one by one."""
    out = v.copy()
    for k in range(E // 2):
        angle = position * 100.0 ** (-2 * k / E)
        a, b = v[k], v[k + E // 2]
        out[k] = a * np.cos(angle) - b * np.sin(angle)
        out[k + E // 2] = a * np.sin(angle) + b * np.cos(angle)
    return out


def by_hand(w):
    """Return the last states, after the last norm: (n, d)."""
    w = {k.removeprefix("model.").removesuffix(".weight"): v for k, v in w.items()}
    w = {name: v.astype(float) for name, v in w.items()}
    x = [w["embed_tokens"][i] for i in IDS]
    for layer in (f"layers.{k}" for k in range(LAYERS)):
        z = [rms(t, w[f"{layer}.input_layernorm"]) for t in x]
        q, k, v = (
            [w[f"{layer}.self_attn.{n}_proj"] @ t for t in z] for n in ("q", "k", "v")
        )
        new = []
        for i in range(len(x)):
            heads = []
            for h in range(HEADS):
                mine, theirs = h * E, h // (HEADS // SHARED) * E
                turned = rotated(q[i][mine : mine + E], i)
                scores = [
                    turned @ rotated(k[j][theirs : theirs + E], j) / np.sqrt(E)
                    for j in range(i + 1)
                ]
                p = np.exp(scores) / np.exp(scores).sum()
                heads.append(
                    sum(p[j] * v[j][theirs : theirs + E] for j in range(i + 1))
                )
            out = w[f"{layer}.self_attn.o_proj"] @ np.concatenate(heads)
            y = x[i] + out
            m = rms(y, w[f"{layer}.post_attention_layernorm"])
            g = w[f"{layer}.mlp.gate_proj"] @ m
            inside = g / (1 + np.exp(-g)) * (w[f"{layer}.mlp.up_proj"] @ m)
            new.append(y + w[f"{layer}.mlp.down_proj"] @ inside)
        x = new
    return np.array([rms(t, w["norm"]) for t in x])


def test_it_is_the_sums_written_out(folder):
    found = forward(open_model(folder).transformer, IDS, np.float64)
    assert np.abs(found.final - by_hand(arrays())).max() < 1e-12


def test_shared_keys_give_every_head_its_matrices(folder):
    half = open_model(folder).transformer.cast(np.float64).attention(0)
    x = np.random.default_rng(0).normal(size=(5, D))
    outputs = half.head_outputs(x, half.weights(x))
    for h in range(HEADS):
        part = half.weights(x)[h] @ (x @ half.head(h)[2])
        assert np.allclose(part, half.parts(outputs)[h], atol=1e-12)


class Given:
    """A configuration of rotary positions."""

    def __init__(self, **config):
        self.config = config

    def number(self, name, default):
        return float(self.config.get(name, default))


def test_scaled_rotary_positions():
    plain = angles(Given(), 5, 8)
    assert np.allclose(plain[3], 3 * 10_000.0 ** (-np.arange(0, 8, 2) / 8))
    linear = {"rope_type": "linear", "factor": 4.0}
    assert np.allclose(angles(Given(rope_scaling=linear), 5, 8), plain / 4)
    stretched = {
        "rope_type": "llama3",
        "factor": 8.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 64,
    }
    found = angles(Given(rope_scaling=stretched), 5, 8)
    assert np.allclose(found[:, 0], plain[:, 0])  # ten turns: fast, kept
    assert np.allclose(found[:, 3], plain[:, 3] / 8)  # a hundredth of one: slow
    with pytest.raises(ValueError, match="'yarn' are not known; known are default"):
        angles(Given(rope_scaling={"rope_type": "yarn"}), 5, 8)


def test_no_room_in_memory_is_said(folder, tmp_path, monkeypatch):
    def full(_files):
        raise MemoryError

    monkeypatch.setitem(architectures.KNOWN, "gpt2", full)
    with pytest.raises(ValueError, match="no room in memory for its weights"):
        open_model(tiny_copy(tmp_path / "model"))
