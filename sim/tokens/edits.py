"""Tokens that are moved, added or removed during a run."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.state import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.array_types import Floats
    from sim.spaces import Space

Point = tuple[float, ...]

MAX_NAME = 200  # characters of a name or a group


@dataclass(frozen=True)
class AddedToken:
    """A token that appears during a run.

    Attributes
    ----------
    x : tuple of float, (d,)
        Where; it is put on the space in force.
    name, group : str
        Its name and its group, or nothing.
    """

    x: Point
    name: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", _point(self.x, "an added token"))
        texts: dict[str, Any] = {"name": self.name, "group": self.group}
        for what, text in texts.items():
            if not isinstance(text, str) or len(text) > MAX_NAME:
                raise ValueError(
                    f"the {what} of an added token must be text of up to {MAX_NAME} "
                    f"characters, got {text!r:.80}."
                )


@dataclass(frozen=True)
class TokenEdits:
    """Which tokens are added, moved and removed at one time, in that order.

    Tokens are known by their ids: 0, 1, … at the start of a run; those added get the
    next ones, and the id of a removed token is not used again.

    Attributes
    ----------
    move : mapping of int to tuple of float, (d,)
        Where tokens are put, by id.  They keep their momenta.
    add : tuple of AddedToken
        New tokens, at rest.
    remove : tuple of int
        Ids of tokens that are taken out.

    Raises
    ------
    ValueError
        If an id is no number of a token, or a point is not finite.
    """

    move: Mapping[int, Point] = field(default_factory=dict[int, Point])
    add: tuple[AddedToken, ...] = ()
    remove: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        gone = tuple(id_of(token) for token in self.remove)
        if len(set(gone)) < len(gone):
            twice = next(token for k, token in enumerate(gone) if token in gone[:k])
            raise ValueError(f"token {twice} is removed twice. Remove it once.")
        moved = {
            id_of(token): _point(x, f"token {token}") for token, x in self.move.items()
        }
        kept = {token: x for token, x in moved.items() if token not in gone}
        object.__setattr__(self, "move", kept)
        object.__setattr__(self, "add", tuple(self.add))
        object.__setattr__(self, "remove", gone)

    def __bool__(self) -> bool:
        return bool(self.move or self.add or self.remove)

    @property
    def resizes(self) -> bool:
        """Whether tokens are added or removed."""
        return bool(self.add or self.remove)

    def then(self, later: TokenEdits) -> TokenEdits:
        """Return these edits and `later` ones, at one time, as one.

        Raises
        ------
        ValueError
            If a later one is of a token that these remove.
        """
        for token in (*later.move, *later.remove):
            if token in self.remove:
                raise ValueError(removed_earlier(token))
        return TokenEdits(
            {**self.move, **later.move},
            (*self.add, *later.add),
            (*self.remove, *later.remove),
        )

    def points(self, space: Space, t: float, next_id: int) -> dict[int, Floats]:
        """Return where moved and added tokens are, on `space` at the time t, by id.

        Points have shape (d,), in float64; added tokens have ids from `next_id` on.

        Raises
        ------
        ValueError
            If a point cannot be put on the space, such as zero on the sphere.
        """
        given = {next_id + k: token.x for k, token in enumerate(self.add)}
        given.update(self.move)
        if not given:
            return {}
        x = np.array(list(given.values()), dtype=np.float64)
        with np.errstate(all="ignore"):  # raised below, with the id of the token
            placed = space.return_to_space(State(t, x, x[:0])).x
            seen = space.normalised(placed)
        bad = np.flatnonzero(~(np.isfinite(placed) & np.isfinite(seen)).all(axis=-1))
        if len(bad):
            token, point = list(given.items())[bad[0]]
            raise ValueError(
                f"token {token} cannot be put at {brief(point)}: the length, after "
                "centring, is zero or not finite. Give another point, or choose the "
                "flat space."
            )
        return dict(zip(given, placed, strict=True))


NO_EDITS = TokenEdits()


def removed_earlier(token: int) -> str:
    """Return why the id of a token is refused."""
    return f"token {token} was removed earlier, and its number is not used again."


def id_of(token: Any) -> int:
    """Return `token` if it can be an id."""
    if isinstance(token, bool) or not isinstance(token, Integral) or int(token) < 0:
        raise ValueError(
            f"a token is given by its number, 0 or more, got {token!r:.80}."
        )
    return int(token)


def _point(x: Any, whose: str) -> Point:
    """Return `x` as coordinates, if they are finite numbers."""
    values: Any = x.tolist() if isinstance(x, np.ndarray) else x
    if not isinstance(values, list | tuple) or not all(map(_finite, values)):
        raise ValueError(
            f"the place of {whose} must be a list of finite numbers, got {x!r:.80}."
        )
    return tuple(float(v) for v in values)


def _finite(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of more than 308 digits
        return False


def brief(point: Point) -> str:
    """Return a point as text, of its first coordinates if there are many."""
    shown = ", ".join(f"{v:g}" for v in point[:4])
    return f"({shown}{', …' if len(point) > 4 else ''})"  # noqa: PLR2004 - as above
