"""The pieces of text that define what a program of a formula reads, by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dynamics import AttentionLaw, GraphLaw
from sim.dynamics.cross import Cross
from sim.expressions.symbols import Symbol, identifier
from sim.formula_script.given import given
from sim.formula_script.literals import PRINTED, assigned, printable
from sim.formula_script.pieces import GRAPH, functions_as_text, kept

if TYPE_CHECKING:
    from sim.expressions.formula import Formula
    from sim.scenario import Scenario

SIZES = {
    "size_i": "size_i = len(start)",
    "size_j": "size_j = {keys}",
    "size_k": "size_k = {keys}",
    "size_d": "size_d = start.shape[1]",
    "size_h": "size_h = {heads}",
    "n": "n = len(start)",
    "d": "d = start.shape[1]",
}
ARRAYS = (
    *("start", "momenta", "keys", "Q", "K", "V", "d_k", "m", "mask"),
    *("mlp_W_1", "mlp_W_2", "mlp_b_1", "mlp_b_2"),
    *("edges", "edge_weights", "gat_a", "gat_b"),
)
"""What `given` may return."""


def pieces_of(scenario: Scenario, equations: Formula) -> dict[str, str]:
    """Return what may be defined, each after what it needs.

    Raises
    ------
    ValueError
        If the start or the law cannot be made.
    """
    law, n = scenario.dynamics, scenario.tokens
    keys = "len(keys)" if isinstance(law, Cross) else "len(start)"
    out = _arrays(scenario)
    for key, text in SIZES.items():
        out[key] = text.format(keys=keys, heads=_heads(scenario))
    out |= {"first_tokens": "first_tokens = start"} | GRAPH
    if isinstance(law, AttentionLaw) and law.heads.depth.dropout:
        out["kept_in"] = kept(law.heads, scenario.seed, n, law.keys_of(n))
    return out | _settings(equations) | functions_as_text()


def _arrays(scenario: Scenario) -> dict[str, str]:
    """Return the statements that give arrays: printed, or made by the package."""
    out = {"packaged": "packaged = numbers_of(SETTINGS)"}
    out |= {name: f'{name} = packaged["{name}"]' for name in ARRAYS}
    many = scenario.tokens * scenario.dimension > PRINTED
    if many or scenario.dynamics.kind == "trained":
        return out
    found = given(scenario)
    return out | {k: assigned(k, a) for k, a in found.items() if printable(a)}


def _heads(scenario: Scenario) -> int:
    """Return the number of heads of a law."""
    law = scenario.dynamics
    if isinstance(law, AttentionLaw):
        return law.heads.count
    owner = getattr(law, "metric", law) if isinstance(law, GraphLaw) else law
    return getattr(owner, "count", 1)


def _settings(equations: Formula) -> dict[str, str]:
    """Return the statements that give numbers that are settings."""
    return {
        identifier(node.name): (
            f"{identifier(node.name)} = {node.setting!r}  # {node.path}"
        )
        for node in equations.nodes()
        if isinstance(node, Symbol)
        and isinstance(node.setting, int | float)
        and not (node.indices or node.drawn)
    }
