"""The kinds of models that are known: which arrays they have, and how they compute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.models.functions import Norm, activation
from sim.models.half_layers import Affine, AttentionHalf, HalfLayer, MlpHalf
from sim.models.llama import llama
from sim.models.transformer import Transformer

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.models.checkpoint import CheckpointFolder


def build(files: CheckpointFolder) -> Transformer:
    """Return the model of a checkpoint.

    Raises
    ------
    ValueError
        If its type is unknown, or configuration and weights do not fit.
    """
    if files.kind not in KNOWN:
        raise ValueError(
            f"{files.folder.name}: the model type {files.kind!r} is not known; known "
            f"are {', '.join(sorted(KNOWN))}."
        )
    try:
        return KNOWN[files.kind](files)
    except MemoryError:
        raise ValueError(
            f"{files.folder.name}: there is no room in memory for its weights, "
            f"{sum(f.stat().st_size for f in files.files):,} bytes. Close other "
            "programs, or choose a smaller model."
        ) from None


def prefix(files: CheckpointFolder, name: str) -> str:
    """Return `name` with a dot if the arrays' names begin with that, else nothing."""
    start = f"{name}."
    return start if any(key.startswith(start) for key in files.tensors) else ""


def heads_of(files: CheckpointFolder, width: int, *names: str) -> int:
    """Return the number of heads, which must divide the width."""
    heads = files.count(*names)
    if width % heads:
        raise ValueError(
            f"config.json: {names[0]} = {heads} must divide the dimension {width}."
        )
    return heads


def bert(files: CheckpointFolder) -> Transformer:
    """Return a model of the BERT family: a norm after each residual."""
    code = files.config.get("position_embedding_type", "absolute")
    if code != "absolute":
        raise ValueError(
            f"config.json: positions must be absolute, got {code!r}, which is not read."
        )
    at, d = prefix(files, "bert"), files.count("hidden_size")
    wide = files.count("intermediate_size")
    heads, eps = heads_of(files, d, "num_attention_heads"), _eps(files)
    act = activation(files.config.get("hidden_act", "gelu"))

    def norm(name: str) -> Norm:
        gain, bias = (files.array(f"{name}.{k}", d) for k in ("weight", "bias"))
        return Norm(gain, bias, eps)

    def affine(name: str, into: int, out: int) -> Affine:
        weight = files.array(f"{name}.weight", out, into)
        return Affine(weight.T, files.array(f"{name}.bias", out))

    halves: list[HalfLayer] = []
    for k in range(files.count("num_hidden_layers")):
        layer = f"{at}encoder.layer.{k}"
        attend = f"{layer}.attention"
        q, key, v = (
            affine(f"{attend}.self.{n}", d, d) for n in ("query", "key", "value")
        )
        out = affine(f"{attend}.output.dense", d, d)
        after = norm(f"{attend}.output.LayerNorm")
        halves.append(AttentionHalf(after, False, q, key, v, out, heads, False))
        up = affine(f"{layer}.intermediate.dense", d, wide)
        down = affine(f"{layer}.output.dense", wide, d)
        halves.append(MlpHalf(norm(f"{layer}.output.LayerNorm"), False, up, down, act))
    table = f"{at}embeddings."
    positions = files.count("max_position_embeddings")
    kinds = files.array(
        f"{table}token_type_embeddings.weight",
        files.count("type_vocab_size", default=2),
        d,
    )
    places = files.array(f"{table}position_embeddings.weight", positions, d)
    return Transformer(
        files.kind,
        files.tensor(f"{table}word_embeddings.weight", (files.count("vocab_size"), d)),
        places.astype(np.float64) + kinds[0],
        tuple(halves),
        norm(f"{table}LayerNorm"),
        None,
        positions,
    )


def gpt2(files: CheckpointFolder) -> Transformer:
    """Return a model of the GPT-2 family: a norm before each update, causal."""
    at, d = prefix(files, "transformer"), files.count("n_embd")
    wide = files.config.get("n_inner") or 4 * d
    heads, eps = heads_of(files, d, "n_head"), files.number("layer_norm_epsilon", 1e-5)
    act = activation(files.config.get("activation_function", "gelu_new"))
    _only_plain_scores(files.config)

    def norm(name: str) -> Norm:
        gain, bias = (files.array(f"{at}{name}.{k}", d) for k in ("weight", "bias"))
        return Norm(gain, bias, eps)

    def affine(name: str, into: int, out: int) -> Affine:
        weight = files.array(f"{at}{name}.weight", into, out)
        return Affine(weight, files.array(f"{at}{name}.bias", out))

    halves: list[HalfLayer] = []
    for k in range(files.count("n_layer")):
        three = affine(f"h.{k}.attn.c_attn", d, 3 * d)
        assert three.bias is not None
        weights, biases = np.split(three.weight, 3, 1), np.split(three.bias, 3)
        q, key, v = map(Affine, weights, biases)
        out, first = affine(f"h.{k}.attn.c_proj", d, d), norm(f"h.{k}.ln_1")
        halves.append(AttentionHalf(first, True, q, key, v, out, heads, True))
        up = affine(f"h.{k}.mlp.c_fc", d, wide)
        down = affine(f"h.{k}.mlp.c_proj", wide, d)
        halves.append(MlpHalf(norm(f"h.{k}.ln_2"), True, up, down, act))
    positions = files.count("n_positions", "n_ctx")
    return Transformer(
        files.kind,
        files.tensor(f"{at}wte.weight", (files.count("vocab_size"), d)),
        files.array(f"{at}wpe.weight", positions, d),
        tuple(halves),
        None,
        norm("ln_f"),
        positions,
    )


def _only_plain_scores(config: dict[str, Any]) -> None:
    """Refuse scores that are scaled otherwise than by 1/√e."""
    plain = config.get("scale_attn_weights", True)
    if not plain or config.get("scale_attn_by_inverse_layer_idx", False):
        raise ValueError(
            "config.json: scores must be scaled by 1/√e alone "
            "(scale_attn_weights, not scale_attn_by_inverse_layer_idx)."
        )


def _eps(files: CheckpointFolder) -> float:
    return files.number("layer_norm_eps", 1e-12)


KNOWN: dict[str, Callable[[CheckpointFolder], Transformer]] = {
    "bert": bert,
    "gpt2": gpt2,
    "llama": llama,
}
"""How to build a model of each type."""
