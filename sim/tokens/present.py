"""The tokens that a run has at one time: their ids, names, and first places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.array_types import AnyArray, Floats, Ints
    from sim.initial import Start
    from sim.seed import Seed
    from sim.spaces import Space
    from sim.tokens.edits import TokenEdits


@dataclass(frozen=True, slots=True)
class TokenList:
    """The tokens in the order of their rows, which is that of their ids.

    Attributes
    ----------
    ids : int, shape (n,)
        Their numbers; see `TokenEdits`.
    first : float64, shape (n, d), on the host
        Where each began: at t = 0, or where it was added.
    names, groups : tuple of str
        A name and a group for each token, or nothing.
    kinds : tuple of str
        Every group that a token has or had, in the order in which they came.
    started : int
        How many tokens the run began with.
    next_id : int
        The id of the next token that is added.
    """

    ids: Ints
    first: Floats
    names: tuple[str, ...]
    groups: tuple[str, ...]
    kinds: tuple[str, ...]
    started: int
    next_id: int

    @staticmethod
    def of(start: Start) -> TokenList:
        """Return the tokens of a start, numbered from 0."""
        n = len(start.x)
        kinds = tuple(dict.fromkeys(start.groups))
        return TokenList(np.arange(n), start.x, start.names, start.groups, kinds, n, n)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def renumbered(self) -> bool:
        """Whether the ids are others than the numbers of the rows from 0 on."""
        return len(self) != self.next_id

    @property
    def changed(self) -> bool:
        """Whether a token was added or removed since the start."""
        return self.renumbered or self.next_id > self.started

    def after(self, edits: TokenEdits, points: dict[int, Floats]) -> TokenList:
        """Return the tokens after `edits`, which put tokens at `points`, by id."""
        if not edits.resizes:
            return self
        new = np.arange(self.next_id, self.next_id + len(edits.add))
        ids = np.setdiff1d(np.concatenate([self.ids, new]), edits.remove)
        first = carried(self.first, self.ids, ids)
        for k in range(len(edits.add)):
            put(first, ids, {self.next_id + k: points[self.next_id + k]})
        names = tuple(token.name for token in edits.add)
        groups = tuple(token.group for token in edits.add)
        return replace(
            self,
            ids=ids,
            first=first,
            names=self._texts(self.names, names, ids),
            groups=self._texts(self.groups, groups, ids),
            kinds=tuple(dict.fromkeys((*self.kinds, *filter(None, groups)))),
            next_id=self.next_id + len(edits.add),
        )

    def _texts(
        self, old: tuple[str, ...], new: tuple[str, ...], ids: Ints
    ) -> tuple[str, ...]:
        """Return the texts of the tokens `ids`; nothing if no token has one.

        `old` are those of the present tokens, `new` those of the added ones.
        """
        if not old and not any(new):
            return ()
        known = dict(zip(self.ids.tolist(), old or [""] * len(self), strict=True))
        known.update(enumerate(new, self.next_id))
        return tuple(known[token] for token in ids.tolist())


def rows_of(ids: Ints, wanted: Iterable[int]) -> dict[int, int]:
    """Return the rows of those `wanted` tokens that are among `ids`, by id."""
    some = list(wanted)
    pairs = zip(some, np.searchsorted(ids, some).tolist(), strict=True)
    return {k: row for k, row in pairs if row < len(ids) and ids[row] == k}


def carried(rows: AnyArray, old: Ints, new: Ints) -> AnyArray:
    """Return the rows of the tokens `new`, of which `rows` has those of `old`.

    Shapes (n, d) -> (m, d); both lists of ids rise, and a token that is not among the
    old ones has a row of zeros.
    """
    out = np.zeros((len(new), *rows.shape[1:]), rows.dtype)
    out[np.isin(new, old)] = rows[np.isin(old, new)]
    return out


def put(rows: AnyArray, ids: Ints, points: dict[int, Floats]) -> None:
    """Write `points`, by id, into the rows of those tokens of `ids` that are there."""
    found = np.searchsorted(ids, list(points))
    for row, (token, point) in zip(found.tolist(), points.items(), strict=True):
        if row < len(ids) and ids[row] == token:
            rows[row] = point


def edited(
    x: AnyArray, tokens: TokenList, edits: TokenEdits, space: Space, t: float
) -> tuple[AnyArray, TokenList]:
    """Return tokens x, (n, d), after `edits` at the time t, and their list.

    Raises
    ------
    ValueError
        See `TokenEdits.points`.
    """
    points = edits.points(space, t, tokens.next_id)
    after = tokens.after(edits, points)
    out = carried(x, tokens.ids, after.ids)
    put(out, after.ids, points)
    return out, after


def tokens_after(
    started: TokenList, edits: Iterable[tuple[float, TokenEdits, Space]], until: float
) -> TokenList:
    """Return the tokens of a run at the time `until`, changes included.

    `edits` are in the order of their times, each with the space at that time.

    Raises
    ------
    ValueError
        See `TokenEdits.points`.
    """
    tokens = started
    for t, edit, space in edits:
        if t > until:
            break
        if edit.resizes:
            tokens = tokens.after(edit, edit.points(space, t, tokens.next_id))
    return tokens


def noise(seed: Seed, t: float, tokens: TokenList, d: int) -> Floats:
    """Return standard normal numbers for the step from `t`, (n, d), row by row.

    Each token has its own, by its id: those of the others stay the same when a token is
    added or removed.
    """
    drawn = seed.rng_at("noise", t).normal(size=(int(tokens.ids[-1]) + 1, d))
    return drawn[tokens.ids] if tokens.renumbered else drawn
