"""Llama-like models: RMSNorm, rotary positions, shared keys, a gated MLP."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.models.functions import Norm, RotaryAngles, activation
from sim.models.half_layers import Affine, AttentionHalf, HalfLayer, MlpHalf
from sim.models.transformer import Transformer

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.models.checkpoint import CheckpointFolder

THETA = 10_000.0
MAX_POSITIONS = 8192
"""Tokens of a sentence: the tables of angles are made for these."""


def llama(files: CheckpointFolder) -> Transformer:
    """Return a Llama-like model  [1]_.

    References
    ----------
    .. [1] Touvron et al., "LLaMA: open and efficient foundation language models",
           arXiv:2302.13971.
    """
    at = "model." if any(k.startswith("model.") for k in files.tensors) else ""
    d, wide = files.count("hidden_size"), files.count("intermediate_size")
    heads = files.count("num_attention_heads")
    shared = files.count("num_key_value_heads", default=heads)
    e = files.count("head_dim", default=max(1, d // heads))
    if heads % shared or e % 2:
        raise ValueError(
            f"config.json: {heads} heads must be a multiple of {shared} heads of keys, "
            f"and their width {e} even."
        )
    eps, act = (
        files.number("rms_norm_eps", 1e-6),
        files.config.get("hidden_act", "silu"),
    )
    positions = min(files.count("max_position_embeddings"), MAX_POSITIONS)
    rotary = RotaryAngles(angles(files, positions, e))

    def norm(name: str) -> Norm:
        return Norm(files.array(f"{at}{name}.weight", d), None, eps, centred=False)

    def affine(name: str, into: int, out: int) -> Affine:
        bias = f"{at}{name}.bias"
        weight = files.array(f"{at}{name}.weight", out, into).T
        return Affine(weight, files.array(bias, out) if bias in files.tensors else None)

    halves: list[HalfLayer] = []
    for k in range(files.count("num_hidden_layers")):
        layer, attend = f"layers.{k}", f"layers.{k}.self_attn"
        q = affine(f"{attend}.q_proj", d, heads * e)
        key, v = (affine(f"{attend}.{n}_proj", d, shared * e) for n in "kv")
        out, first = (
            affine(f"{attend}.o_proj", heads * e, d),
            f"{layer}.input_layernorm",
        )
        halves.append(
            AttentionHalf(norm(first), True, q, key, v, out, heads, True, rotary)
        )
        gate, up = (affine(f"{layer}.mlp.{n}_proj", d, wide) for n in ("gate", "up"))
        down = affine(f"{layer}.mlp.down_proj", wide, d)
        second = norm(f"{layer}.post_attention_layernorm")
        halves.append(MlpHalf(second, True, up, down, activation(act), gate))
    words = files.tensor(f"{at}embed_tokens.weight", (files.count("vocab_size"), d))
    return Transformer(
        files.kind, words, None, tuple(halves), None, norm("norm"), positions
    )


def angles(files: CheckpointFolder, positions: int, e: int) -> AnyArray:
    """Return i·θₖ for each position and pair, float64 (positions, e/2).

    Raises
    ------
    ValueError
        If the configuration scales angles in a way that is not known.
    """
    given = (
        files.config.get("rope_parameters") or files.config.get("rope_scaling") or {}
    )
    base = given.get("rope_theta", files.number("rope_theta", THETA))
    theta = float(base) ** (-np.arange(0, e, 2) / e)
    kind = given.get("rope_type", given.get("type", "default"))
    if kind == "linear":
        theta = theta / float(given["factor"])
    elif kind == "llama3":
        theta = _stretched(theta, given)
    elif kind != "default":
        raise ValueError(
            f"config.json: rotary positions of type {kind!r} are not known; known are "
            "default, linear and llama3."
        )
    return np.arange(positions)[:, None] * theta


def _stretched(theta: AnyArray, given: dict[str, Any]) -> AnyArray:
    """Return the angles of Llama 3.1: slow ones divided by a factor, with a ramp."""
    factor, low, high, length = (
        float(given[k])
        for k in (
            "factor",
            "low_freq_factor",
            "high_freq_factor",
            "original_max_position_embeddings",
        )
    )
    turns = length * theta / (2 * math.pi)
    share = np.clip((turns - low) / (high - low), 0, 1)
    return share * theta + (1 - share) * theta / factor
