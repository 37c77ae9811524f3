"""Numbers that glide: settings that take some time to go from one value to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.instants import next_of, reached
from sim.settings.knobs import get, kind_of, put

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario import Scenario

RAMPS = ("linear", "geometric")
GLIDING = ("dynamics", "space", "integrator")
"""Parts of a scenario whose numbers can glide."""
FIXED = {
    "depth": "layers, dropout and the ramp of β have a schedule of their own",
    "graph": "edges would come and go",
    "mask": "pairs would come and go",
    "switch": "it is a time itself",
    "rtol": "it is no part of the law",
    "atol": "it is no part of the law",
}
"""Names in the path of a number that cannot glide, and why."""


@dataclass(frozen=True, slots=True)
class Glide:
    """One number on its way: first + (last − first) u, or first (last/first)ᵘ.

    Attributes
    ----------
    path : str
        The setting.
    begin, over : float
        When it leaves its first value, and how long it takes to the last: u goes from
        0 to 1 in that time.
    first, last : float
        Its values before and after.
    geometric : bool
        Whether it changes by equal factors in equal times.
    """

    path: str
    begin: float
    over: float
    first: float
    last: float
    geometric: bool = False

    @property
    def end(self) -> float:
        """The time at which it arrives."""
        return self.begin + self.over

    def value(self, t: float) -> float:
        """Return the number at the time `t`."""
        if reached(t, self.end):
            return self.last
        share = max(0.0, (t - self.begin) / self.over)
        if self.geometric:
            return self.first * (self.last / self.first) ** share
        return self.first + (self.last - self.first) * share


@dataclass(frozen=True, slots=True)
class Stage:
    """The settings from one change of a run to the next.

    Attributes
    ----------
    t : float
        The time of the change.
    scenario : Scenario
        The settings at that time.
    glides : tuple of Glide
        Numbers that change from then on.
    """

    t: float
    scenario: Scenario
    glides: tuple[Glide, ...] = ()

    def at(self, t: float) -> Scenario:
        """Return the settings at the time `t` of this stage."""
        scenario = self.scenario
        for glide in self.glides:
            scenario = put(scenario, glide.path, glide.value(t))
        return scenario

    def gliding(self, t: float, paths: Iterable[str] = ()) -> tuple[Glide, ...]:
        """Return the numbers that still glide after `t`, but for those at `paths`."""
        taken = tuple(paths)
        return tuple(
            glide
            for glide in self.glides
            if not reached(t, glide.end) and not is_in(glide.path, taken)
        )

    def with_glides_kept(self, t: float, scenario: Scenario) -> Scenario:
        """Return `scenario`, an edit at `t`, without old values of numbers that glide.

        An edit gives all settings, as they were when it was begun: numbers that glide
        have gone on since.  It is one of them only if nothing else differs.
        """
        now = self.at(t)
        fresh = scenario
        for glide in self.gliding(t):
            owner, _, name = glide.path.rpartition(".")
            if type(get(now, owner)) is not type(get(scenario, owner)):
                continue
            value, here = getattr(get(scenario, owner), name), glide.value(t)
            if min(glide.first, here) <= value <= max(glide.first, here):
                fresh = put(fresh, glide.path, here)
        return scenario if fresh == now else fresh

    def next_kink(self, t: float) -> float:
        """Return the time after `t` at which a number arrives, ∞ if none does."""
        return min(
            (next_of(t, glide.end) for glide in self.glides), default=float("inf")
        )


def is_in(path: str, parts: Iterable[str]) -> bool:
    """Whether the setting at `path` is one of `parts`, or in one of them."""
    return any(f"{path}.".startswith(f"{part}.") for part in parts)


def glides_between(
    now: Scenario,
    then: Scenario,
    paths: Iterable[str],
    times: tuple[float, float],
    ramp: str,
) -> tuple[Glide, ...]:
    """Return glides of the numbers at `paths` from `now` to `then`.

    `times` are the begin and the duration.

    Raises
    ------
    ValueError
        If a setting cannot glide; says why.
    """
    return tuple(_glide(now, then, path, times, ramp) for path in paths)


def _glide(
    now: Scenario, then: Scenario, path: str, times: tuple[float, float], ramp: str
) -> Glide:
    if why := why_fixed(now, path):
        raise ValueError(f"{path} cannot glide: {why}. Change it at one time.")
    first, last = get(now, path), get(then, path)
    geometric = ramp == "geometric"
    if geometric and not first * last > 0:
        raise ValueError(
            f"{path} cannot glide by equal factors from {first:g} to {last:g}: a "
            'geometric ramp needs two numbers of one sign. Choose the ramp "linear".'
        )
    return Glide(path, *times, first, last, geometric)


def why_fixed(scenario: Scenario, path: str) -> str:
    """Return why the setting at `path` cannot glide; empty if it can."""
    owner, _, name = path.rpartition(".")
    cls = type(get(scenario, owner) if owner else scenario)
    parts = path.split(".")
    if kind_of(cls, name) is not float:
        return "only numbers that are not whole can"
    if parts[0] not in GLIDING:
        return "only numbers of the law, the space and the noise can"
    return next((FIXED[part] for part in parts if part in FIXED), "")
