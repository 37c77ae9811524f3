"""Neurons that spike: leaky integrate-and-fire, and Hodgkin and Huxley."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.plate import Curve, Panel, Plate, Text
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

CAPACITY = 1.0  # μF/cm²
SODIUM, POTASSIUM, LEAK = (120.0, 50.0), (36.0, -77.0), (0.3, -54.387)
"""Conductance in mS/cm² and reversal potential in mV of each channel."""
REST = -65.0  # mV
START = (REST, 0.3177, 0.0529, 0.5961)  # V, n, m, h at rest
SPIKE = 0.0  # mV: an upward passage is a spike
FIRES, FALLS = 20.0, 0.0  # mV above rest at which the first model spikes; and after
RESISTANCE = 2.0  # kΩ cm²
SAMPLES = 1500
TOLERANCE = 1e-8  # of the solver


@dataclass(frozen=True)
class Neurons(Lab):
    """τ u′ = −u + R I, back to 0 at 20 mV; and C V′ = I − Σ g (V − E), four equations.

    The second is the model of Hodgkin and Huxley, with n⁴ for potassium and m³ h for
    sodium, and the resting potential at −65 mV  [1]_.

    References
    ----------
    .. [1] A. Hodgkin, A. Huxley, J. Physiol. 117 (1952) 500.
    """

    kind: ClassVar[str] = "neurons"
    number: ClassVar[int] = 18
    title: ClassVar[str] = "Neurons that spike"
    current: Annotated[
        float, Knob("I", 0, 100, unit=" µA", name="Current I", help="Per cm².")
    ] = 12.0
    duration: Annotated[
        float, Knob("T", 1, 1000, unit=" ms", name="Duration", soft=(10, 200))
    ] = 80.0
    start: Annotated[
        float, Knob("t₀", 0, 1000, unit=" ms", name="Begins", soft=(0, 100))
    ] = 10.0
    time_constant: Annotated[
        float, Knob("τ", 0.1, 1000, unit=" ms", soft=(1, 50), help="Of the leak.")
    ] = 10.0

    def leaky(self, t: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Return u at the times t, in mV above rest, and the times of spikes.

        Between spikes ``u = R I (1 − e^{−(t − t₀)/τ})`` is exact; a spike puts u to 0.
        """
        drive = RESISTANCE * self.current
        since = t - self.start
        if drive <= FIRES:
            period, spikes = np.inf, np.zeros(0)
        else:
            period = self.time_constant * np.log(drive / (drive - FIRES))
            spikes = self.start + period * np.arange(
                1, int(max(since[-1], 0) / period) + 1
            )
        phase = np.where(since > 0, since, 0.0)
        phase = phase % period if np.isfinite(period) else phase
        return -drive * np.expm1(-phase / self.time_constant), spikes

    def hodgkin_huxley(self, t: AnyArray) -> AnyArray:
        """Return V in mV, n, m and h at the times t: (4, k)."""
        return _solved(self.current, self.start, tuple(t.tolist()))

    def compute(self) -> Plate:
        t = np.linspace(0, self.duration, SAMPLES)
        u, spikes = self.leaky(t)
        v, n, m, h = self.hodgkin_huxley(t)
        count, top = spike_count(v), f"{v.max():.1f}".replace("-", "−")
        said = (
            f"Leaky integrate-and-fire: {len(spikes)} spikes. "
            f"Hodgkin and Huxley: {count} spikes, up to {top} mV."
        )
        on = np.where(t >= self.start, self.current, 0.0)
        gates = (Curve("n", t, n), Curve("m", t, m), Curve("h", t, h))
        flows = (
            Curve("sodium", t, SODIUM[0] * m**3 * h),
            Curve("potassium", t, POTASSIUM[0] * n**4),
        )
        threshold = Curve("threshold", t, np.full_like(t, FIRES), dashed=True)
        return Plate(
            (
                Panel(
                    "Leaky integrate-and-fire",
                    (Curve("u", t, u), threshold),
                    "t (ms)",
                    "u (mV above rest)",
                ),
                Panel(
                    "Hodgkin and Huxley",
                    (Curve("V", t, v), Text("spikes", said)),
                    "t (ms)",
                    "V (mV)",
                ),
                Panel("Gates", gates, "t (ms)", "share open"),
                Panel("Conductances", flows, "t (ms)", "mS/cm²"),
                Panel("Current", (Curve("current", t, on),), "t (ms)", "µA/cm²"),
                Panel(
                    "In the plane of V and n", (Curve("orbit", v, n),), "V (mV)", "n"
                ),
            )
        )


def rates(v: float) -> tuple[tuple[float, float], ...]:
    """Return α and β, in 1/ms, of n, m and h at the potential `v` in mV."""
    a, b = (v + 55) / 10, (v + 40) / 10
    return (
        (0.1 * _slope(a), 0.125 * np.exp(-(v + 65) / 80)),
        (_slope(b), 4.0 * np.exp(-(v + 65) / 18)),
        (0.07 * np.exp(-(v + 65) / 20), 1 / (1 + np.exp(-(v + 35) / 10))),
    )


def velocity(y: AnyArray, current: float) -> AnyArray:
    """Return the rates of change of V, n, m and h: (4,) -> (4,)."""
    v, n, m, h = y
    flows = (
        SODIUM[0] * m**3 * h * (v - SODIUM[1])
        + POTASSIUM[0] * n**4 * (v - POTASSIUM[1])
        + LEAK[0] * (v - LEAK[1])
    )
    gates = [a * (1 - x) - b * x for (a, b), x in zip(rates(v), (n, m, h), strict=True)]
    return np.array([(current - flows) / CAPACITY, *gates])


def spike_count(v: AnyArray) -> int:
    """Return how often the potential passes 0 mV upwards."""
    return int(((v[:-1] < SPIKE) & (v[1:] >= SPIKE)).sum())


def _slope(x: float) -> float:
    """Return x/(1 − e^{−x}), 1 at x = 0."""
    return float(-x / np.expm1(-x)) if x else 1.0


@lru_cache(maxsize=8)
def _solved(current: float, start: float, times: tuple[float, ...]) -> AnyArray:
    """Return the solution at `times`, in two parts where the current sets in."""
    from scipy.integrate import solve_ivp  # here, since it loads slowly

    t = np.array(times)
    end, y, parts = t[-1], np.array(START), []
    for low, high, drive in ((0.0, min(start, end), 0.0), (start, end, current)):
        if high <= low:
            continue
        inside = t[(t >= low) & ((t < high) | (high == end))]

        def flow(_t: float, state: AnyArray, drive: float = drive) -> AnyArray:
            return velocity(state, drive)

        solved = solve_ivp(
            flow,
            (low, high),
            y,
            "LSODA",
            rtol=TOLERANCE,
            atol=TOLERANCE,
            dense_output=True,
        )
        parts.append(solved.sol(inside))
        y = solved.y[:, -1]
    return np.hstack(parts)
