"""Which ids are in use, for checking edits of tokens in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.tokens.edits import brief, removed_earlier

if TYPE_CHECKING:
    from sim.tokens.edits import TokenEdits

MAX_TOKENS = 2_000_000  # as many as a scenario may have


class TokenIds:
    """Which ids the tokens of a run have, for checking edits in their order.

    Attributes
    ----------
    next_id : int
        The id of the next token that is added.
    removed : set of int
        The ids that are not in use any more.
    """

    def __init__(self, n: int) -> None:
        self._started, self.next_id, self.removed = n, n, set[int]()

    def __len__(self) -> int:
        return self.next_id - len(self.removed)

    @property
    def changed(self) -> bool:
        """Whether a token was added or removed since the start."""
        return bool(self.removed) or self.next_id > self._started

    def apply(self, edits: TokenEdits, d: int) -> None:
        """Follow `edits` of tokens of R^d.

        Raises
        ------
        ValueError
            If there is no such token, a point is not one of R^d, or none is left.
        """
        for point in (*(token.x for token in edits.add), *edits.move.values()):
            if len(point) != d:
                raise ValueError(
                    f"a token has d = {d} coordinates, got {len(point)} in "
                    f"{brief(point)}."
                )
        following = self.next_id + len(edits.add)
        for token in (*edits.move, *edits.remove):
            self._check(token, following)
        left = len(self) + len(edits.add) - len(edits.remove)
        if not 1 <= left <= MAX_TOKENS:
            raise ValueError(
                f"a run has 1 to {MAX_TOKENS:,} tokens; {left:,} would be left."
            )
        self.next_id = following
        self.removed.update(edits.remove)

    def _check(self, token: int, following: int) -> None:
        """Refuse the id of no token."""
        if token in self.removed:
            raise ValueError(removed_earlier(token))
        if token >= following:
            raise ValueError(
                f"there is no token {token}: the numbers in use end at {following - 1}."
            )
