"""Tokens at equal angles, for which there is an exact solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.initial import Initial, Start
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class Equiangular(Initial):
    """⟨xᵢ, xⱼ⟩ = ρ for all i ≠ j; it stays so, and ρ(t) obeys one equation  [1]_.

    The rows of the symmetric root of (1 − ρ)I + ρ11ᵀ, padded with zeros.

    References
    ----------
    .. [1] Geshkovski, Letrouit, Polyanskiy, Rigollet, "A mathematical perspective on
           transformers", arXiv:2312.10794, Thm. on orthogonal tokens.
    """

    kind: ClassVar[str] = "equiangular"
    title: ClassVar[str] = "Equiangular"
    cosine: Annotated[
        float,
        Knob(
            "ρ₀",
            -1,
            1,
            live=False,
            help="Cosine of every pair: 0 is orthogonal.  Needs n ≤ d and "
            "−1/(n − 1) < ρ₀ < 1.",
        ),
    ] = 0.0

    def place(self, n: int, d: int, rng: Generator) -> Start:
        if n > d:
            raise ValueError(
                f"equiangular tokens need n ≤ d, got n = {n} and d = {d}. "
                f"Set d to {n} or more, or n to {d} or fewer."
            )
        rho, least = self.cosine, -1 / max(1, n - 1)
        if not least < rho < 1:
            raise ValueError(
                f"initial.cosine (ρ₀) must be in ({least:.6g}, 1) for n = {n}, got "
                f"{rho!r}. Choose one inside, or fewer tokens."
            )
        across = (1 - rho) ** 0.5  # the root's eigenvalue orthogonal to 1
        along = (1 + (n - 1) * rho) ** 0.5
        x = np.zeros((n, d))
        x[:, :n] = across * np.eye(n) + (along - across) / n
        return Start(x)
