"""Weights in 8 bits: integers, and a scale for each group of 32 columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.models.safetensors import finite

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.models.safetensors import Tensor

GROUP = 32
"""Columns that share a scale."""
LARGEST = 127


@dataclass(frozen=True, slots=True)
class Quantised:
    """A matrix as integers times the scales of their groups.

    Attributes
    ----------
    codes : Tensor, int8 of shape (m, d)
        From −127 to 127.
    scale : Tensor, shape (m, d / 32)
        What 1 means in each group.
    """

    codes: Tensor
    scale: Tensor

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape."""
        return self.codes.shape

    def floats(self, dtype: Any = np.float32) -> AnyArray:
        """Return the matrix.

        Raises
        ------
        ValueError
            If scales do not fit the codes, or are not finite.
        """
        return finite(self.rows(slice(None), dtype), self.scale.where)

    def rows(self, pick: Any, dtype: Any = np.float32) -> AnyArray:
        """Return some rows as `dtype`."""
        m, d = self.codes.shape
        if self.scale.shape != (m, d // GROUP) or d % GROUP:
            raise ValueError(
                f"{self.scale.where} must have one scale for {GROUP} columns. "
                "The file is damaged: copy it again."
            )
        scale = self.scale.rows(pick, np.float32)[..., None]
        codes = self.codes.raw[pick]
        x = codes.reshape(len(codes), -1, GROUP) * scale
        return x.reshape(codes.shape).astype(dtype, copy=False)


def quantise(x: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Return codes, int8 of shape (m, d), and scales, float16 of shape (m, d/32)."""
    groups = x.reshape(len(x), -1, GROUP)
    largest = np.abs(groups).max(-1, keepdims=True)
    scale = (largest / LARGEST).astype(np.float16)
    safe = np.where(scale == 0, 1, scale).astype(np.float64)
    codes = np.clip(np.rint(groups / safe), -LARGEST, LARGEST).astype(np.int8)
    return codes.reshape(x.shape), scale[..., 0]
