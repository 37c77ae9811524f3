"""What the globe is painted with: a potential, a density, a divergence, streaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.scene.geometry import field_texture, rounded_up
from app.scene.projector import BALL
from app.scene.scene import FieldKind, Lines

if TYPE_CHECKING:
    from app.document.look import Look
    from sim.array_types import Single
    from sim.frame import Frame
    from sim.measure.globe_flow import Streaks

QUANTITIES = {"density": "token_density", "divergence": "flow_divergence"}
TINY = 1e-9  # a divergence below is rounding
NO_FLOW = (
    "known on the sphere S² for softmax and unnormalised attention without mask, "
    "position code or dropout"
)


@dataclass(frozen=True, slots=True)
class Painted:
    """What is painted, and its scale.

    Attributes
    ----------
    field : float32, shape (96, 192), optional
        In [0, 1], as a scene has it.
    kind : {"potential", "density", "divergence"}
        What the field is.
    top : float
        The value at 1; at 0 it is 0 for a density and −top for a divergence.
    streaks : Lines, optional
        Streamlines, from thin to thick.
    speed : float
        That of the longest streak.
    reasons : tuple of str
        Why something that was asked for is not shown.
    """

    field: Single | None = None
    kind: FieldKind = "potential"
    top: float = 1.0
    streaks: Lines | None = None
    speed: float = 0.0
    reasons: tuple[str, ...] = ()


NOT_PAINTED = Painted()


def globe_request(look: Look, d: int) -> frozenset[str]:
    """Return the quantities of frames in d dimensions that `look` paints on globes."""
    if d not in (0, BALL):
        return frozenset()
    wanted = {QUANTITIES[look.field]} if look.field in QUANTITIES else set[str]()
    if look.potential and not wanted:
        wanted.add("potential")
    return frozenset(wanted | ({"streaks"} if look.streaks else set()))


def painted_globe(frame: Frame, look: Look) -> Painted:
    """Return what `look` paints on the globe of `frame`."""
    reasons = list[str]()
    lines, speed = None, 0.0
    if look.streaks and frame.streaks is None:
        if not still_to_come(frame, "streaks"):
            reasons.append(f"no streaks: {NO_FLOW}")
    elif look.streaks and frame.streaks is not None:
        lines, speed = streak_lines(frame.streaks), frame.streaks.speed
    if look.field == "none":
        field = _potential(frame.potential) if look.potential else None
        return Painted(field, "potential", 1.0, lines, speed, tuple(reasons))
    values = getattr(frame, QUANTITIES[look.field])
    if values is None:
        if not still_to_come(frame, QUANTITIES[look.field]):
            what = "on the sphere S² only" if look.field == "density" else NO_FLOW
            reasons.append(f"no {look.field}: {what}")
        return Painted(None, "potential", 1.0, lines, speed, tuple(reasons))
    top = rounded_up(max(float(np.abs(values).max()), TINY))
    share = values / top
    field = share if look.field == "density" else (share + 1) / 2
    texture = field.astype(np.float32)
    return Painted(texture, look.field, top, lines, speed, tuple(reasons))


def still_to_come(frame: Frame, quantity: str) -> bool:
    """Return whether the next frame may have a quantity that this was not asked for."""
    on_globe = frame.scenario.space.kind == "sphere" and frame.x.shape[1] == BALL
    return on_globe and quantity not in frame.requested


def streak_lines(found: Streaks) -> Lines | None:
    """Return streamlines as pieces that become thick along the flow."""
    if not found.speed > 0:
        return None
    paths = found.paths.astype(np.float32)
    m, points, _ = paths.shape
    ramp = np.linspace(0, 1, points - 1, dtype=np.float32)
    start, end = paths[:, :-1].reshape(-1, 3), paths[:, 1:].reshape(-1, 3)
    return Lines(start, end, np.tile(ramp, m))


def _potential(potential: Single | None) -> Single | None:
    """Return a potential on the globe as a texture; None for any other."""
    if potential is None or potential.ndim == 1:
        return None
    return field_texture(potential)
