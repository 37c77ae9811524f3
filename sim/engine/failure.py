"""Why an engine could not do something."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FailureKind(Enum):
    """What a failure of the engine means for the run."""

    REFUSED = "refused"
    """A request could not be carried out; the run goes on as before."""

    STOPPED = "stopped"
    """A step or a frame failed; time no longer passes."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the engine could not do something.

    Attributes
    ----------
    kind : FailureKind
        What it means for the run.
    text : str
        What happened and what to do, for the person.
    """

    kind: FailureKind
    text: str
