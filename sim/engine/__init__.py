"""A simulation on its own thread, with a mailbox at each end.

`Engine` is what other threads call, `EngineLoop` what its thread does; an `EngineGroup`
plays several as one.  May import playback, checks and what is below them.
"""

from sim.engine.engine import Engine
from sim.engine.failure import Failure, FailureKind
from sim.engine.group import EngineGroup
from sim.engine.pace import Pace

__all__ = ["Engine", "EngineGroup", "Failure", "FailureKind", "Pace"]
