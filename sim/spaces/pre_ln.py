"""Pre-LN: the norm before attention, the residual stream unnormalised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.spaces import Radial


@dataclass(frozen=True)
class PreLN(Radial):
    """ẋ = A(θ) with x = rθ: tokens grow, and their directions slow down  [1]_.

    References
    ----------
    .. [1] Karagodin et al., "Normalization in attention dynamics", arXiv:2510.22026.
    """

    kind: ClassVar[str] = "pre_ln"
    title: ClassVar[str] = "Pre-LN"
