"""Ids of added tokens after changes of a run were deleted or put in another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.tokens.edits import TokenEdits

if TYPE_CHECKING:
    from collections.abc import Sequence


def renumbered(
    started: int, edits: Sequence[TokenEdits], order: Sequence[int]
) -> list[TokenEdits]:
    """Return the edits number `order[0]`, `order[1]`, … as edits of the same tokens.

    Added tokens get their ids in the order of the edits, the first one `started`.  What
    is done to a token that is not added any more is left out.
    """
    first, following = [], started
    for edit in edits:
        first.append(following)
        following += len(edit.add)
    added = [first[k] + j for k in order for j in range(len(edits[k].add))]
    ids = {old: started + new for new, old in enumerate(added)}

    def kept(token: int) -> bool:
        return token < started or token in ids

    return [
        TokenEdits(
            {ids.get(k, k): x for k, x in edits[at].move.items() if kept(k)},
            edits[at].add,
            tuple(ids.get(k, k) for k in edits[at].remove if kept(k)),
        )
        for at in order
    ]
