"""A trained transformer: its embedding, its half layers, and its forward pass."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.io.free_memory import free_memory
from sim.models.half_layers import Affine, AttentionHalf
from sim.models.safetensors import finite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import AnyArray
    from sim.models.functions import Norm
    from sim.models.half_layers import HalfLayer
    from sim.models.word_table import WordTable

BUFFERS_BYTES = 96 << 20  # of products: threads of BLAS take 32 MiB each


@dataclass(frozen=True, slots=True)
class Pass:
    """What one sentence does in a model of L layers.

    Attributes
    ----------
    states : array, shape (2L + 1, n, d)
        The residual stream after the embedding and after each half layer.
    attention : array, shape (L, h, n, n)
        Rows attend, and sum to 1.
    parts : array, shape (L, h, n, d)
        What each head adds to the stream, without the bias of the layer.
    updates : array, shape (2L, n, d)
        What each half layer adds, before a norm after it.
    final : array, shape (n, d)
        The last states, through the model's last norm if it has one.
    """

    states: AnyArray
    attention: AnyArray
    parts: AnyArray
    updates: AnyArray
    final: AnyArray


@dataclass(frozen=True)
class Transformer:
    """A stack of half layers, attention and MLP in turn.

    Attributes
    ----------
    kind : str
        The model type of the configuration, such as ``"bert"``.
    words : WordTable
        The embedding of each token of the vocabulary.
    places : array, shape (positions, d), or None
        What is added by position.
    halves : tuple of HalfLayer
        2L of them.
    first, last : Norm or None
        The norms after the embedding and after the last layer.
    positions : int
        The most tokens that it takes.
    """

    kind: str
    words: WordTable
    places: AnyArray | None
    halves: tuple[HalfLayer, ...]
    first: Norm | None
    last: Norm | None
    positions: int

    @property
    def dimension(self) -> int:
        """Numbers of a token's state, d."""
        return self.words.shape[1]

    @property
    def layers(self) -> int:
        """Number of layers L."""
        return len(self.halves) // 2

    @property
    def heads(self) -> int:
        """Heads of a layer."""
        return self.attention(0).heads

    def attention(self, layer: int) -> AttentionHalf:
        """Return the attention of a layer, counted from 0."""
        half = self.halves[2 * layer]
        assert isinstance(half, AttentionHalf)
        return half

    def embed(self, ids: Sequence[int], dtype: Any = np.float32) -> AnyArray:
        """Return the states before the first layer, (n, d).

        Raises
        ------
        ValueError
            If there is no token, or more than the model takes.
        """
        n = len(ids)
        if not 0 < n <= self.positions:
            raise ValueError(
                f"the sentence has {n:,} tokens; this model takes 1 to "
                f"{self.positions:,}. Type a {'shorter ' if n else ''}sentence."
            )
        if not 0 <= min(ids) <= max(ids) < self.words.shape[0]:
            raise ValueError(
                f"the sentence has the token {max(ids):,}; this model has words for "
                f"tokens below {self.words.shape[0]:,}. Its tokeniser is that of "
                "another model: copy the folder again."
            )
        x = finite(self.words.rows(list(ids), dtype), "the embedding of these words")
        if self.places is not None:
            x = x + np.asarray(self.places[:n], dtype)
        return x if self.first is None else self.first.cast(dtype)(x)

    def cast(self, dtype: Any) -> Transformer:
        """Return the model with matrices of `dtype`; kept for the latest two.

        Raises
        ------
        ValueError
            If there is no room for them.
        """
        wanted = np.dtype(dtype)
        try:
            return _cast(self, wanted)
        except MemoryError:
            raise ValueError(
                f"the model {self.kind}: there is no room in memory for its matrices "
                f"in {wanted}. Close other programs, or choose a smaller model."
            ) from None

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


@lru_cache(maxsize=2)
def _cast(model: Transformer, dtype: Any) -> Transformer:
    needed = BUFFERS_BYTES + dtype.itemsize * sum(
        part.weight.size
        for half in model.halves
        for part in vars(half).values()
        if isinstance(part, Affine) and part.weight.dtype != dtype
    )
    if (room := free_memory()) is not None and needed > room:
        raise MemoryError  # now: BLAS ends the process where it has no buffers
    halves = tuple(half.cast(dtype) for half in model.halves)
    last = None if model.last is None else model.last.cast(dtype)
    return dataclasses.replace(model, halves=halves, last=last)
