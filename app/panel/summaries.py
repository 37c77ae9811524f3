"""The summary in the header of a folded group of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.annotations.number_format import minus
from app.panel.law_switches import heads_of
from sim.settings.knobs import get, hints
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.attention.heads import Heads


def summary(document: Document, name: str) -> str:
    """Return the state of the group with the icon `name` in a few words."""
    s, look = document.scenario, document.look
    match name:
        case "tokens":
            return f"n = {s.tokens}, d = {s.dimension}"
        case "attention":
            return _attention(document)
        case "block":
            return _block(document)
        case "norm":
            return s.space.title
        case "dynamics":
            return s.dynamics.title
        case "integrator":
            name = s.integrator.short_title or s.integrator.title
            return f"h = {s.step:g}, {name}"  # words give way before numbers
        case "look":
            return f"by {look.colour}"
        case _:
            return s.title


def _attention(document: Document) -> str:
    law, heads = document.scenario.dynamics, heads_of(document)
    parts = [f"β = {get(law, 'beta'):g}"] if "beta" in hints(type(law)) else []
    parts += [f"V {_value(heads)}"] if heads is not None else []
    return minus(", ".join(parts))


def _block(document: Document) -> str:
    heads, codes = heads_of(document), [document.scenario.encoding]
    codes += [] if heads is None else [heads.positions]
    said = [code.title for code in codes if not code.trivial]
    if heads is not None:
        depth = heads.depth
        said += [] if heads.mlp.trivial else ["MLP"]
        said += [f"{depth.layers} layers"] if depth.layers > 1 else []
        said += [f"dropout {depth.dropout:g}"] if depth.dropout else []
        said += [] if depth.ramp.constant else ["β(t)"]
    return ", ".join(said) or "none"


def _value(heads: Heads) -> str:
    value = heads.value
    if not isinstance(value, Identity):
        return value.title.lower() or value.kind
    return {1.0: "= I", -1.0: "= −I"}.get(value.scale, f"= {value.scale:g} I")
