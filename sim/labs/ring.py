"""Ring attention: blocks of keys and values pass round, and the sum is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import softmax
from sim.plate import Bars, Curve, HeatMap, Panel, Plate, Text
from sim.seed import Seed
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

LOWEST = -17.0  # log₁₀ of an error of 0, which has no logarithm


@dataclass(frozen=True)
class RingAttention(Lab):
    """Every host keeps its queries; blocks of keys and values go from host to host.

    A host adds what it is passed to its sums, with its largest score m so far:
    ``z ← z e^{m − m′} + Σ e^{s − m′}`` and ``y ← y e^{m − m′} + Σ e^{s − m′} v``.  When
    all blocks have passed, y/z is attention over all tokens  [1]_.

    References
    ----------
    .. [1] H. Liu, M. Zaharia, P. Abbeel, "Ring attention with blockwise transformers
       for near-infinite context", 2023.
    """

    kind: ClassVar[str] = "ring"
    number: ClassVar[int] = 19
    star: ClassVar[str] = "rounds"
    title: ClassVar[str] = "Ring attention"
    hosts: Annotated[
        int, Knob("hosts", 1, 16, help="Hosts in the ring, one block of tokens each.")
    ] = 4
    block: Annotated[
        int, Knob("b", 1, 64, scale="log", name="Block b", help="Tokens of each host.")
    ] = 4
    rounds: Annotated[
        int, Knob("rounds", 1, 16, help="Blocks that each host has seen.")
    ] = 2
    beta: Annotated[float, Knob("β", 0, 100, help="Sharpness of the scores.")] = 1.0
    seed: Annotated[int, Knob("seed", 0, 2**31 - 1, help="Of the tokens.")] = 0

    def tokens(self) -> tuple[AnyArray, AnyArray, AnyArray]:
        """Return queries, keys and values: (hosts, b, 4) each."""
        shape = (3, self.hosts, self.block, 4)
        q, k, v = Seed(self.seed).rng("tokens").normal(size=shape)
        return q, k, v

    def passed(self) -> tuple[list[AnyArray], list[AnyArray]]:
        """Return the outputs and the masses of the weights after every round.

        Outputs (hosts, b, 4), masses relative to the whole (hosts, b).
        """
        q, k, v = self.tokens()
        top = np.full(q.shape[:2], -np.inf)
        mass, total = np.zeros(q.shape[:2]), np.zeros(q.shape)
        outputs, logs = [], []
        for step in range(self.hosts):
            here = (np.arange(self.hosts) - step) % self.hosts  # whose block is here
            scores = self.beta * np.einsum("hid,hjd->hij", q, k[here])
            new = np.maximum(top, scores.max(2))
            weights, fade = np.exp(scores - new[..., None]), np.exp(top - new)
            mass = mass * fade + weights.sum(2)
            total = total * fade[..., None] + weights @ v[here]
            top = new
            outputs.append(total / mass[..., None])
            logs.append(top + np.log(mass))
        return outputs, [np.exp(log - logs[-1]) for log in logs]

    def whole(self) -> tuple[AnyArray, AnyArray]:
        """Return the weights of all tokens (n, n), and attention at once (n, 4)."""
        q, k, v = (a.reshape(-1, 4) for a in self.tokens())
        weights = softmax(self.beta * q @ k.T)
        return weights, weights @ v

    def compute(self) -> Plate:
        if self.rounds > self.hosts:
            raise ValueError(
                f"rounds must be at most {self.hosts}, the number of hosts, got "
                f"{self.rounds}. Lower it, or add hosts."
            )
        weights, exact = self.whole()
        outputs, masses = self.passed()
        errors = np.array([np.abs(o.reshape(-1, 4) - exact).max() for o in outputs])
        logs = np.log10(np.maximum(errors, 10.0**LOWEST))
        host = np.arange(self.hosts)
        age = (host[:, None] - host) % self.hosts
        seen = np.kron(age < self.rounds, np.ones((self.block, self.block)))
        rounds = np.arange(1.0, self.hosts + 1)
        names = tuple(str(k + 1) for k in host)
        share = masses[self.rounds - 1].mean(1)
        said = (
            f"After {self.rounds} rounds the largest error is "
            f"{errors[self.rounds - 1]:.1e}, after all of them {errors[-1]:.1e}."
        ).replace("e-", "e−")
        return Plate(
            (
                Panel(
                    "The round in which a block is seen",
                    (HeatMap("round", age + 1.0, names, names),),
                    "keys of host",
                    "queries of host",
                ),
                Panel("All weights", (HeatMap("weights", weights),), "key", "query"),
                Panel(
                    f"Weights that were seen in {self.rounds} rounds",
                    (HeatMap("seen", weights * seen),),
                    "key",
                    "query",
                ),
                Panel(
                    "Error of the output: log₁₀",
                    (Curve("error", rounds, logs), Text("error in words", said)),
                    "rounds",
                ),
                Panel(
                    "Share of the weights seen", (Bars("share", share, names),), "host"
                ),
            )
        )
