"""How much of a model's motion the idealised law explains, beside two nulls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.models.functions import softmax
from sim.models.head_spectra import value_trace
from sim.models.measures import unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import AnyArray
    from sim.models.language_model import LanguageModel
    from sim.models.transformer import Pass, Transformer

    Report = Callable[[float], None]

BETAS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
PERMUTATIONS = 20
MIN_TOKENS = 3  # of a sentence, the first of which is left out
MARGIN = 0.05  # of a cosine: by less a null is not beaten
SENTENCES = (
    "The boat drifted to the bank of the river, where reeds grew in the mud.",
    "She opened an account at the bank and deposited her money.",
    "Rome was founded on seven hills beside the Tiber, and its first bridge was of "
    "wood.",
    "A good cook tastes the soup before she adds the salt.",
    "The orchestra tuned while the conductor waited behind the curtain.",
    "Light from the star bends as it passes the sun.",
    "He paid the fine at the office and walked home in the rain.",
    "Children counted the ships that came into the harbour before dark.",
)
"""β is chosen on the first half of them, and cosines are measured on the second."""


def nothing(_share: float) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class LawBesideModel:
    """Mean cosines between updates of tokens and directions, tangent to the sphere.

    Each of shape (layers, heads + 1): the heads, and last the attention as a whole.

    Attributes
    ----------
    beta : array
        β of the law, chosen on other sentences.
    law : array
        With the law's direction, P_x Σ softmax(β⟨x,x⟩)x.
    to_mean : array
        Null: with the direction to the mean token of other sentences.
    permuted : array
        Null: with the law's directions, permuted among the tokens of the sentence.
    """

    beta: AnyArray
    law: AnyArray
    to_mean: AnyArray
    permuted: AnyArray

    @property
    def beats_both(self) -> AnyArray:
        """Where the law's cosine is larger in size than both nulls', by 0.05: bool."""
        size = np.abs(self.law)
        nulls = np.maximum(np.abs(self.to_mean), np.abs(self.permuted))
        return size > nulls + MARGIN

    def correlation(self, traces: AnyArray) -> float:
        """Return r of heads' cosines with `value_traces`; NaN for one head."""
        cosines = self.law[:, :-1].reshape(-1)
        if len(cosines) < 2 or not (np.ptp(cosines) and np.ptp(traces)):  # noqa: PLR2004
            return float("nan")
        return float(np.corrcoef(cosines, traces.reshape(-1))[0, 1])

    def __str__(self) -> str:
        heads = self.beats_both[:, :-1]
        return f"{int(heads.sum())} of {heads.size} heads beat both nulls by {MARGIN}"


def tangent(u: AnyArray, v: AnyArray) -> AnyArray:
    """Return the part of v orthogonal to the unit rows u: (n, d), (..., n, d)."""
    return v - (v * u).sum(-1, keepdims=True) * u


def law_direction(u: AnyArray, beta: float, masked: bool) -> AnyArray:
    """Return P_x Σⱼ softmaxⱼ(β⟨xᵢ,xⱼ⟩) xⱼ of unit rows: (n, d) -> (n, d)."""
    s = beta * (u @ u.T)
    if masked:
        s = np.where(np.tri(len(u), dtype=bool), s, -np.inf)
    return tangent(u, softmax(s) @ u)


def compare_with_law(
    chosen: Sequence[Pass],
    tested: Sequence[Pass],
    *,
    masked: bool,
    seed: int = 0,
    report: Report = nothing,
) -> LawBesideModel:
    """Return cosines on the passes `tested`, with β chosen on the passes `chosen`.

    The first token is left out: it is [CLS], or attends to itself alone.  `report` is
    called with the share that is done.
    """
    rows: list[tuple[AnyArray, ...]] = []
    layers = len(tested[0].attention)
    for layer in range(layers):
        report(layer / layers)
        rows.append(_layer(layer, chosen, tested, masked=masked, seed=seed))
    return LawBesideModel(*(np.array(part) for part in zip(*rows, strict=True)))


def law_beside_model(
    model: LanguageModel,
    sentences: Sequence[str] = SENTENCES,
    *,
    seed: int = 0,
    report: Report = nothing,
) -> LawBesideModel:
    """Return how far a model's heads move tokens as the idealised law would.

    β is chosen on the first half of the sentences, and cosines are measured on the
    second.

    Raises
    ------
    ValueError
        If there are fewer than two sentences.
    """
    if len(sentences) < 2:  # noqa: PLR2004 - a half each
        raise ValueError(f"two sentences are needed or more, got {len(sentences)}.")
    passes: list[Pass] = []
    for text in sentences:
        report(0.0)
        passes.append(model.forward(text, np.float64))
    middle, masked = len(passes) // 2, model.transformer.attention(0).masked
    return compare_with_law(
        passes[:middle], passes[middle:], masked=masked, seed=seed, report=report
    )


def law_on_sentence(
    model: LanguageModel, text: str, *, seed: int = 0, report: Report = nothing
) -> LawBesideModel:
    """Return the same for one sentence, with β chosen on `SENTENCES` but that one.

    Raises
    ------
    ValueError
        If the sentence has fewer than three tokens: they cannot be permuted.
    """
    if len(model.encode(text).ids) < MIN_TOKENS:
        raise ValueError(
            f"the law is compared on sentences of {MIN_TOKENS} tokens or more, got "
            f"{text!r}. Type a longer one."
        )
    others = [other for other in SENTENCES if other != text]
    passes: list[Pass] = []
    for other in (*others, text):
        report(0.0)
        passes.append(model.forward(other, np.float64))
    masked = model.transformer.attention(0).masked
    return compare_with_law(
        passes[:-1], passes[-1:], masked=masked, seed=seed, report=report
    )


def value_traces(model: Transformer) -> AnyArray:
    """Return tr(V·O)/(|V·O|√e) of every head: (layers, heads), from −1 to 1 or so."""
    found = np.zeros((model.layers, model.heads))
    for layer in range(model.layers):
        half = model.attention(layer)
        for head in range(model.heads):
            found[layer, head] = value_trace(*half.value_and_out(head))
    return found


def _layer(
    layer: int,
    chosen: Sequence[Pass],
    tested: Sequence[Pass],
    *,
    masked: bool,
    seed: int,
) -> tuple[AnyArray, ...]:
    """Return β and the three cosines of a layer: (heads + 1,) each."""
    known = [_moves(p, layer) for p in chosen]
    by_beta = np.array(
        [
            _mean_cosine(known, [law_direction(u, b, masked) for u, _ in known])
            for b in BETAS
        ]
    )
    beta = np.array(BETAS)[np.abs(by_beta).argmax(0)]
    moves = [_moves(p, layer) for p in tested]
    middle = np.mean([u[1:].mean(0) for u, _ in known], axis=0)
    to_mean = _mean_cosine(moves, [tangent(u, middle + 0 * u) for u, _ in moves])
    law, permuted = np.zeros_like(to_mean), np.zeros_like(to_mean)
    for b in np.unique(beta):
        here = beta == b
        ways = [law_direction(u, float(b), masked) for u, _ in moves]
        law[here] = _mean_cosine(moves, ways)[here]
        permuted[here] = _permuted(moves, ways, seed)[here]
    return beta, law, to_mean, permuted


def _moves(run: Pass, layer: int) -> tuple[AnyArray, AnyArray]:
    """Return directions before a layer, (n, d), and how heads and all move them.

    The second of shape (heads + 1, n, d), tangent, of length 1 or 0.
    """
    u = unit(run.states[2 * layer])
    whole = run.updates[2 * layer][None]
    moved = np.concatenate([run.parts[layer], whole]).astype(np.float64)
    return u, unit(tangent(u, moved))


def _mean_cosine(
    moves: Sequence[tuple[AnyArray, AnyArray]], ways: Sequence[AnyArray]
) -> AnyArray:
    """Return the mean over sentences of the mean cosine of tokens: (heads + 1,)."""
    found = [
        np.tensordot(moved[:, 1:], unit(way[1:])) / (len(way) - 1)
        for (_, moved), way in zip(moves, ways, strict=True)
    ]
    return np.mean(found, axis=0)


def _permuted(
    moves: Sequence[tuple[AnyArray, AnyArray]], ways: Sequence[AnyArray], seed: int
) -> AnyArray:
    """Return the mean cosine with directions that belong to other tokens."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(PERMUTATIONS):
        mixed = []
        for (u, _), way in zip(moves, ways, strict=True):
            order = np.r_[0, 1 + rng.permutation(len(u) - 1)]
            mixed.append(tangent(u, way[order]))
        found.append(_mean_cosine(moves, mixed))
    return np.mean(found, axis=0)
