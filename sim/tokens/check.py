"""Whether tokens can be edited as asked, under the settings in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.tokens.edits import TokenEdits
    from sim.tokens.ids import TokenIds


def check_edits(
    ids: TokenIds, t: float, edits: TokenEdits, before: Scenario, after: Scenario
) -> None:
    """Let `ids` follow `edits` at the time t, where settings become those of `after`.

    Raises
    ------
    ValueError
        If there is no such token, a point is not one of the space, or the law fixes the
        number of tokens before and after; says why.
    """
    first, d = ids.next_id, after.dimension
    ids.apply(edits, d)
    edits.points(after.space, t, first)
    why = before.dynamics.fixed_tokens() and after.dynamics.fixed_tokens()
    if edits.resizes and why:
        raise ValueError(
            f"tokens cannot be added or removed, only moved: {why}. Choose "
            f"{_way_out(after)} first."
        )
    n = len(ids)
    if n != after.tokens and (needed := after.dynamics.shape(n, d)[0]) != n:
        raise ValueError(
            f"the law needs {needed} tokens, and there are {n}. Choose another graph."
        )


def _way_out(scenario: Scenario) -> str:
    """Return what does not fix the number of tokens."""
    heads = scenario.dynamics.attention_heads
    if heads is None:
        return "a law without a graph"
    return "another mask" if heads.mask.fixed_tokens() else "equal masses"
