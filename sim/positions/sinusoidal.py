"""Sinusoidal encoding: waves of many lengths, added to tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.arrays import namespace
from sim.expressions.functions import wave
from sim.expressions.symbols import Named, Position, Symbol
from sim.positions import BASE, PositionCode, Positions, frequencies
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class Sinusoidal(Positions):
    """xᵢ + A eᵢ, eᵢ = (sin ω₀i, cos ω₀i, sin ω₁i, …), ω_k = base^{−2k/d}  [1]_.

    In odd dimensions the last coordinate has a sine alone.

    References
    ----------
    .. [1] Vaswani et al., "Attention is all you need", arXiv:1706.03762, sec. 3.5.
    """

    kind: ClassVar[str] = "sinusoidal"
    title: ClassVar[str] = "Sinusoidal"
    amplitude: Annotated[
        float,
        Knob(
            "A",
            0,
            10,
            scale="asinh",
            help="Amplitude of the waves; larger gives positions more weight relative "
            "to tokens.  0 is without.",
        ),
    ] = 1.0
    base: Annotated[float, BASE] = 10_000.0

    def bind(self, rows: int, d: int, width: int, like: Array) -> PositionCode | None:
        if self.trivial:
            return None
        angle = np.arange(rows)[:, None] * frequencies(d, self.base)
        wave = np.zeros((rows, d))
        wave[:, ::2] = self.amplitude * np.sin(angle)
        wave[:, 1::2] = self.amplitude * np.cos(angle[:, : d // 2])
        return SinusoidalCode(namespace(like).asarray(wave, dtype=like.dtype))

    @property
    def trivial(self) -> bool:
        return self.amplitude == 0

    def token_formula(self, x: Expression, i: str, path: str) -> Expression:
        if self.trivial:
            return x
        high = Symbol("amplitude", "A", (), f"{path}.amplitude", self.amplitude)
        base = Symbol("base", "b", (), f"{path}.base", self.base)
        d = Symbol("d", "d", (), "dimension")
        return x + high * Named(Symbol("wave", "e", (i,)), wave(Position(i), base, d))


@dataclass(frozen=True, slots=True)
class SinusoidalCode(PositionCode):
    """Adds the rows of A eᵢ, (n, d), to tokens."""

    wave: Array

    def encode_tokens(self, x: Array) -> Array:
        return x + self.wave[: x.shape[-2], :]
