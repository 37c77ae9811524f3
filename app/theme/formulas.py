"""The equation of motion of a scenario, in LaTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario

TANGENT = re.compile(r"P_\{x_i\}(?:\\,|\\left\[(.*)\\right\])")  # and brackets after it


def equation(scenario: Scenario) -> str:
    """Return the equation of motion in LaTeX; in R^d nothing is made tangent."""
    latex = scenario.dynamics.formula()
    return bare(latex) if scenario.space.euclidean else latex


def bare(latex: str) -> str:
    """Return a formula without the projection to the tangent space."""
    return TANGENT.sub(r"\1", latex)
