"""Attention as interacting particles: the simulator, without a screen.

>>> import sim
>>> run = sim.Simulation(sim.Scenario(tokens=64), backend="numpy")
>>> run.advance(1.0)
>>> round(run.t, 12)
1.0
"""

from sim.engine import Engine
from sim.frame import Frame, Wish
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

__all__ = ["Engine", "Frame", "Scenario", "Simulation", "Wish", "edit"]
__version__ = "0.1.0"
