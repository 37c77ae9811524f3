"""What is known of a run: its changes, how far it came, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.array_types import Floats
    from sim.schedule import Run


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """What a series knew at one moment; never changed.

    Attributes
    ----------
    spacing : float
        Clock coordinate between two samples.
    t : shape (s,)
        Times, from 0.
    values : dict of str to shape (s,)
        Values of observables by kind; NaN where one has no meaning or is not known yet.
    """

    spacing: float
    t: Floats
    values: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a run at one moment.

    Attributes
    ----------
    run : Run
        The start and the changes, those to come included.
    end : float
        The latest time that was reached.
    samples : Samples
        Observables at even times up to there.
    edits : int
        How many edits the engine has carried out.
    """

    run: Run
    end: float
    samples: Samples
    edits: int = 0
