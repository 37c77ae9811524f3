"""The text of the caption and of the notes on a picture; no Qt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.annotations.number_format import fixed, percent, superscript
from app.scene.arcs import MAX_ARCS
from app.scene.geometry import length_range
from app.scene.projector import CIRCLE
from app.scene.scene_info import token_text

if TYPE_CHECKING:
    from app.document.look import Look
    from app.scene.arcs import TokenArcs
    from app.scene.scene_info import SceneInfo
    from sim.frame import Frame
    from sim.scenario import Scenario

MAX_ARC_NOTES = 3  # chosen tokens whose arcs are explained
MAX_UNSTATED_SCALE = 0.995  # above, the difference is not visible


def title(scenario: Scenario, count: int | None = None) -> str:
    """Return the run's title, or a description: ``64 tokens on the sphere S²``.

    Of `count` tokens, by default as many as at the start.
    """
    if scenario.title:
        return scenario.title
    n, d = scenario.tokens if count is None else count, scenario.dimension
    tokens = f"{n:,} token{'s' if n > 1 else ''}"
    if not scenario.space.bounded:
        return f"{tokens} in R{superscript(d)}"
    centred = scenario.space.kind == "centred"
    if d == CIRCLE:
        return f"{tokens} on the circle S¹"
    where = "centred sphere" if centred else "sphere"
    return f"{tokens} on the {where} S{superscript(d - 2 if centred else d - 1)}"


def numbers(frame: Frame) -> list[tuple[str, str, str]]:
    """Return the caption's numbers: name, value, and the widest value to expect.

    The first is the time.
    """
    m = frame.measures
    place = frame.scenario.dynamics.time_name(frame.t)
    out = [(f"t, {place}" if place else "t", fixed(frame.t, 2), "000.00")]
    f_hat = m.get("f_hat", math.nan)
    if math.isfinite(f_hat):
        out.append(("F̂", fixed(f_hat, 4), "0.0000"))
    elif math.isfinite(energy := m.get("energy", math.nan)):
        law = frame.scenario.dynamics.energy_name
        name = "E" if "energy" in law.lower() else law[0].lower() + law[1:]
        out.append((name, fixed(energy, 4), "00.0000"))
    if math.isfinite(count := m.get("clusters", math.nan)):
        out.append(("clusters", f"{count:,.0f}", "0" * len(f"{len(frame.x):,}")))
    return out


def scene_notes(frame: Frame, look: Look, info: SceneInfo) -> list[str]:
    """Return notes on what the picture leaves out, scales or projects."""
    out: list[str] = []
    share = info.share
    if share is not None:
        globe = ", onto the globe" if info.projected.on_sphere else ""
        out.append(f"shown by {look.projection.caption()}{globe}")
        out.append(f"{percent(share)} of the variance shown")
    if info.projected.scale < MAX_UNSTATED_SCALE:
        out.append(f"lengths drawn at {info.projected.scale:.2g}×")
    if lengths := length_range(frame, look):
        out.append(lengths)
    if 0 < info.drawn < len(frame.x):
        out.append(f"{info.drawn:,} of {len(frame.x):,} tokens drawn")
    if info.reason:
        out.append(info.reason)
    out += arc_notes(frame, look, info)
    out += frame.notes
    return out


def arc_notes(frame: Frame, look: Look, info: SceneInfo) -> list[str]:
    """Return which share of a row or column the arcs of each chosen token show."""
    out = [_arc_note(frame, one) for one in info.arcs[:MAX_ARC_NOTES]]
    if len(info.arcs) > MAX_ARC_NOTES:
        out.append(f"and arcs of {len(info.arcs) - MAX_ARC_NOTES} more tokens")
    if out and (look.attention.head or look.attention.minus):
        out[0] += f" ({look.attention.heads_text})"
    return out


def _arc_note(frame: Frame, arcs: TokenArcs) -> str:
    """Return such as ``arcs: 31 % of the weight of bank, to 6 tokens; itself 59 %``.

    Where the weights are so many that a part has arcs, that is said first.
    """
    name, count = token_name(frame, arcs.token), len(arcs.ends)
    way = "from" if arcs.incoming else "to"
    tokens = f"{way} {count} token{'' if count == 1 else 's'}"
    what = f"what {name} gets" if arcs.incoming else f"the weight of {name}"
    rule = f"arcs, the {MAX_ARCS} largest:" if arcs.capped else "arcs:"
    out = f"{rule} {percent(arcs.drawn)} of {what}, {tokens}" if count else f"of {what}"
    if arcs.own:
        out += f"{';' if count else ':'} itself {percent(arcs.own)}"
    if arcs.others:
        out += f"; {arcs.others} beside it {percent(arcs.beside)}"
    return out


def token_name(frame: Frame, token: int) -> str:
    """Return the name of a token of a frame, by its id."""
    row = frame.rows_of((token,)).get(token)
    return f"token {token + 1}" if row is None else token_text(token, row, frame.names)
