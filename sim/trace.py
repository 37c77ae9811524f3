"""What the picture of a moment takes from the run before it: a function of the run.

It is made at even places of the run's clock, whichever frames are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sim.array_types import Floats, Ints, Single

LONE = -1  # the number of a token in no cluster


@dataclass(frozen=True, slots=True, eq=False)
class ClusterIds:
    """The numbers that clusters keep while they live, by token.

    Attributes
    ----------
    tokens : int, shape (n,)
        The ids of the tokens.
    now : int, shape (n,)
        The number of each token's cluster; `LONE` for a token in none.
    before : int, shape (n,)
        What it was until it changed last.
    since : float, shape (n,)
        Where on the clock that was; −∞ for a token whose number never changed.
    """

    tokens: Ints
    now: Ints
    before: Ints
    since: Floats

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        return self.now.nbytes + self.before.nbytes + self.since.nbytes


class LazyAxes(Mapping[str, "Floats"]):
    """Axes of shape (d, 3) by name, each made when it is first asked for.

    A picture needs one of them, or none.

    Parameters
    ----------
    names : iterable of str
        Of all axes.
    make : str -> shape (d, 3)
        Returns those of a name.
    """

    def __init__(self, names: Iterable[str], make: Callable[[str], Floats]) -> None:
        self._names, self._make = tuple(names), make
        self._made: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        """Return the axes of a name."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many axes there are."""
        return len(self._names)


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Linear maps to R³ that follow the tokens.

    Attributes
    ----------
    axes : mapping of str to (d, 3)
        Principal axes, by what of the tokens they belong to.
    guided : shape (d, 3), optional
        The map that separates clusters; None until there are two.
    """

    axes: Mapping[str, Floats]
    guided: Floats | None = None

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        every = [*self.axes.values(), self.guided]
        return sum(map_.nbytes for map_ in every if map_ is not None)


@dataclass(frozen=True, slots=True, eq=False)
class TokensAtStart:
    """Where the tokens of a run began, (n, d), and their groups."""

    x: Floats
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Peaks:
    """The largest values so far; 0 where there are none.

    Attributes
    ----------
    speed : float
        Of |ẋᵢ|.
    flux, weight : float
        Of the flux and the weight of an edge.
    """

    speed: float = 0.0
    flux: float = 0.0
    weight: float = 0.0

    def __or__(self, other: Peaks) -> Peaks:
        """Return the larger of each."""
        return Peaks(
            max(self.speed, other.speed),
            max(self.flux, other.flux),
            max(self.weight, other.weight),
        )


@dataclass(frozen=True, slots=True, eq=False)
class TraceState:
    """What is known at one place of the clock.

    Attributes
    ----------
    place : int
        The place, in units of the tracer.
    coordinate : float
        The same as a coordinate of the clock.
    start : TokensAtStart
        Where tokens began.
    clusters : ClusterIds, optional
        None where clusters are not followed.
    peaks : Peaks
        Largest values so far.
    maps, earlier : Maps, optional
        The maps here, and at the place before; None up to three dimensions.
    """

    place: int
    coordinate: float
    start: TokensAtStart
    clusters: ClusterIds | None = None
    peaks: Peaks = field(default_factory=Peaks)
    maps: Maps | None = None
    earlier: Maps | None = None

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        parts: list[Any] = [self.clusters, self.maps, self.earlier]
        return sum(part.nbytes for part in parts if part is not None)


@dataclass(frozen=True, slots=True, eq=False)
class TrailPoint:
    """Where tokens were.

    Attributes
    ----------
    place : int
        The place on the clock, in units of the tracer.
    coordinate, t : float
        The same as a coordinate of the clock, and as a time.
    x : float32, shape (n, d)
        Tokens.
    tokens : int, shape (n,)
        Their ids.
    """

    place: int
    coordinate: float
    t: float
    x: Single
    tokens: Ints

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        return self.x.nbytes


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What a frame takes from the run before it.

    Attributes
    ----------
    state : TraceState
        What is known at the last place before the frame.
    coordinate : float
        Where on the clock of the start the frame is.
    share : float
        How far it is from that place towards the next one, from 0 to 1.
    points : tuple of TrailPoint
        Where tokens were, oldest first.
    unit : float
        Coordinate between two neighbouring places.
    """

    state: TraceState
    coordinate: float
    share: float
    points: tuple[TrailPoint, ...]
    unit: float

    @property
    def maps(self) -> Maps | None:
        """The maps at the frame: they move evenly from one place to the next."""
        now, earlier = self.state.maps, self.state.earlier
        if now is None or earlier is None:
            return now
        guided = now.guided
        if guided is not None and earlier.guided is not None:
            guided = earlier.guided + self.share * (guided - earlier.guided)

        def between(name: str) -> Floats:
            return _turned(earlier.axes[name], now.axes[name], self.share)

        return replace(now, axes=LazyAxes(now.axes, between), guided=guided)


def _turned(start: Floats, end: Floats, share: float) -> Floats:
    """Return axes, (d, 3), on the way from one to others."""
    u, _, v = np.linalg.svd(start + share * (end - start), full_matrices=False)
    return u @ v
