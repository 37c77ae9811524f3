"""The phase diagrams of the papers, reduced, and as large as they are printed.

Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794: 32 random tokens, β and
time, the share of pairs that have met.
"""

from __future__ import annotations

from sim.scenario import Scenario, edit
from sim.sweeps.diagram import TIME, Axis, Diagram

DIMENSIONS = (2, 8, 32, 128)
LAWS = {"softmax": "softmax", "unnormalised": "unnormalised"}
BETA = "dynamics.beta"


def presets(*, full: bool = False) -> dict[str, Diagram]:
    """Return the diagrams by name; `full` ones have 90 × 200 cells × 2048 starts."""
    found: dict[str, Diagram] = {}
    beta = Axis(BETA, "0.1:9:90" if full else "0.1:9:30")
    time = Axis(TIME, "0.15:30:200" if full else "0.5:30:60")
    for law in LAWS:
        for d in DIMENSIONS:
            scenario = edit(
                Scenario(),
                {
                    "title": f"When random tokens merge: {law}, d = {d}",
                    "tokens": 32,
                    "dimension": d,
                    "dynamics": law,
                    "integrator": "euler",
                    "step": 0.1,
                    "duration": 30.0,
                },
            )
            seeds = 2048 if full else 16
            found[f"{law}-{d}"] = Diagram(scenario, beta, time, "aligned", seeds)
    return found
