"""What a plot says of its observable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LaneTheory:
    """What theory says of the observable in one of several lanes.

    Attributes
    ----------
    place : int
        The lane, counted from 0.
    source : str
        The formula of its dashed curve and where it is proved.
    missing : tuple of str
        Why theory has no curve, a short reason for each result.
    """

    place: int
    source: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heading:
    """The heading of a plot.

    Attributes
    ----------
    name, tip : str
        The observable, and a short comment in small type.
    formula : str
        The tooltip.
    whole : bool
        Whether the observable counts something: drawn as steps.
    partner : str
        The name of the dashed curve, if there is one.
    source : str
        The formula of the dashed curve and where it is proved.
    missing : tuple of str
        Why theory has no curve, a short reason for each result.
    lanes : tuple of LaneTheory
        What theory says in each of several lanes, in place of `source` and `missing`.
    finest : float
        Values below are rounding errors, shown as zero.
    """

    name: str
    tip: str = ""
    formula: str = ""
    whole: bool = False
    partner: str = ""
    source: str = ""
    missing: tuple[str, ...] = ()
    lanes: tuple[LaneTheory, ...] = ()
    finest: float = 0.0

    @property
    def has_source(self) -> bool:
        """Whether theory has a curve, of the run or of one of several lanes."""
        return bool(self.source) or any(lane.source for lane in self.lanes)
