"""Which lanes an edit of tokens is made in, and why not in others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.document.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.frame import Frame
    from sim.tokens.edits import TokenEdits


def why_not(edits: TokenEdits, t: float, frame: Frame) -> str:
    """Return why tokens of the run of `frame` cannot be edited so at the time `t`."""
    if frame.run is None:
        return ""
    try:
        frame.run.with_change(t, frame.scenario, edits)
    except ValueError as error:
        return sentence(str(error))
    return ""


def taken_by(
    edits: TokenEdits, t: float, frames: Mapping[int, Frame]
) -> tuple[dict[int, Frame], str]:
    """Return those of the lanes' frames whose runs take `edits` at the time `t`.

    And why the others are left as they are: a sentence each.
    """
    reasons = {place: why_not(edits, t, frame) for place, frame in frames.items()}
    taken = {place: frame for place, frame in frames.items() if not reasons[place]}
    left = (
        f"Lane {k + 1} is left as it is: {why}" for k, why in reasons.items() if why
    )
    return taken, " ".join(left)
