"""What a plot says of its observable."""

from __future__ import annotations

from dataclasses import dataclass


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
    finest: float = 0.0
