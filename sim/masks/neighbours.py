"""Attention to the tokens that were nearest at the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.arrays import to_host
from sim.expressions.conditions import Joined
from sim.masks import Adjacency, Mask, Rule, check_size
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.expressions.expression import Expression

MATRIX_AXES = 2  # axes of the tokens of one run


@dataclass(frozen=True)
class NearestAtStart(Mask):
    """Token i attends to itself and to j where either was among the other's k nearest.

    At the start of the run; the graph stays fixed while tokens move.
    """

    kind: ClassVar[str] = "neighbours"
    title: ClassVar[str] = "Nearest neighbours"
    count: Annotated[
        int,
        Knob("k", 1, 1000, scale="log", help="Nearest tokens that each token sees."),
    ] = 6

    def fixed_tokens(self) -> str:
        return "the mask joins the nearest tokens of the start"

    def bind(self, like: Array) -> Rule:
        n = like.shape[-2]
        check_size(n, "neighbours")
        x = to_host(like)
        x = x if x.ndim == MATRIX_AXES else x.reshape(-1, *x.shape[-2:])[0]
        square = (x * x).sum(axis=1)
        apart = square[:, None] + square[None, :] - 2 * (x @ x.T)
        np.fill_diagonal(apart, -1)
        k = min(self.count, n - 1)
        near = np.argsort(apart, axis=1, kind="stable")[:, : k + 1]
        joined = np.zeros((n, n), bool)
        np.put_along_axis(joined, near, True, axis=1)
        return Adjacency.of(joined | joined.T, like)

    def allow(self, rows: Array, columns: Array) -> Array | None:
        return None

    def formula(self, i: str, j: str, path: str) -> Expression | None:
        note = (
            rf"{j}\simeq {i}:\ \mathrm{{equal,\ or\ one\ among\ the\ {self.count}\ "
            r"nearest\ of\ the\ other\ at\ the\ start}"
        )
        return Joined("mask", i, j, path, self, loops=True, note=note)
