"""Attention as interacting particles: the simulator, without a screen.

>>> import sim
>>> run = sim.Simulation(sim.Scenario(tokens=64), backend="numpy")
>>> run.advance(1.0)
>>> round(run.t, 12)
1.0
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sim.deprecation import warn_renamed
from sim.version import __version__

if TYPE_CHECKING:
    from sim.edits import edit
    from sim.engine import Engine
    from sim.frame import Frame, FrameRequest
    from sim.lanes import Comparison, compare, difference, open_comparison
    from sim.loading import open_run, open_scenario
    from sim.models.language_model import open_model
    from sim.scenario import Scenario
    from sim.schedule import Change, Run
    from sim.simulation import Simulation
    from sim.sweeps.sweep import sweep
    from sim.tokens.edits import AddedToken, TokenEdits

__all__ = [
    "AddedToken",
    "Change",
    "Comparison",
    "Engine",
    "Frame",
    "FrameRequest",
    "Run",
    "Scenario",
    "Simulation",
    "TokenEdits",
    "__version__",
    "compare",
    "difference",
    "edit",
    "open_comparison",
    "open_model",
    "open_run",
    "open_scenario",
    "sweep",
]

_HOMES = {
    "AddedToken": "sim.tokens.edits",
    "Change": "sim.schedule",
    "Comparison": "sim.lanes",
    "Engine": "sim.engine",
    "Frame": "sim.frame",
    "FrameRequest": "sim.frame",
    "Run": "sim.schedule",
    "Scenario": "sim.scenario",
    "Simulation": "sim.simulation",
    "TokenEdits": "sim.tokens.edits",
    "compare": "sim.lanes",
    "difference": "sim.lanes",
    "edit": "sim.edits",
    "open_comparison": "sim.lanes",
    "open_model": "sim.models.language_model",
    "open_run": "sim.loading",
    "open_scenario": "sim.loading",
    "sweep": "sim.sweeps.sweep",
}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use: ``orrery --help`` needs no NumPy."""
    if name == "Wish":  # what `FrameRequest` was called in 0.1
        warn_renamed("sim.Wish", "sim.FrameRequest")
        return importlib.import_module("sim.frame").wish
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
