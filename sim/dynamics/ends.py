"""The two ends of a law: where it keeps its energy, and where it does not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class End:
    """One end: the value of the setting, what the motion is called there, and why."""

    value: float
    name: str
    help: str


@dataclass(frozen=True, slots=True)
class Ends:
    """A setting that leads from a motion that conserves to one that dissipates.

    Attributes
    ----------
    setting : str
        The field of the law that is turned.
    conserving, dissipating : End
        Its two ends.
    """

    setting: str
    conserving: End
    dissipating: End

    def at(self, value: float) -> End | None:
        """Return the end that is at `value`, if one is."""
        both = (self.conserving, self.dissipating)
        return next((end for end in both if end.value == value), None)
