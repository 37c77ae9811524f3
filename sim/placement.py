"""Where the tokens of a scenario are at time zero."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from sim.seed import Seed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import AnyArray
    from sim.arrays import Array
    from sim.initial import Start
    from sim.scenario import Scenario


def place(scenario: Scenario, seed: int | None = None) -> Start:
    """Return the tokens of `scenario` at time zero, on the host: (n, d).

    They are put on the space in float64, whatever the precision of the run.  With a
    `seed` they are those of the same scenario with that seed.

    Raises
    ------
    ValueError
        If a token cannot be normalised.
    """
    start = _arranged(scenario, scenario.seed if seed is None else seed)
    x = projected(start.x, scenario.space.initial_point)
    return dataclasses.replace(start, x=x)


def place_each(scenario: Scenario, seeds: Sequence[int]) -> list[Start | Exception]:
    """Return what `place` does for each of some seeds, or the error that it raises.

    Rows are projected all at once, which changes no bit of them.
    """
    found: list[Start | Exception] = []
    for seed in seeds:
        try:
            found.append(_arranged(scenario, seed))
        except Exception as error:  # that run alone has it
            found.append(error)
    starts = {k: s for k, s in enumerate(found) if not isinstance(s, Exception)}
    if not starts:
        return found
    with np.errstate(all="ignore"):
        points = scenario.space.initial_point(np.stack([s.x for s in starts.values()]))
    for (k, start), x in zip(starts.items(), points, strict=True):
        try:
            found[k] = dataclasses.replace(start, x=projected(x, np.asarray))
        except ValueError as error:
            found[k] = error
    return found


def _arranged(scenario: Scenario, seed: int) -> Start:
    """Return tokens that are not yet on the space."""
    n, d = scenario.tokens, scenario.dimension
    start = scenario.initial.place(n, d, Seed(seed).rng("initial"))
    x = scenario.encoding.encoded(np.asarray(start.x, dtype=np.float64))
    return dataclasses.replace(start, x=x)


def projected(x: AnyArray, project: Callable[[Array], Array]) -> AnyArray:
    """Return ``project(x)``, the tokens x put on a space: (n, d), on the host.

    Raises
    ------
    ValueError
        If a token cannot be put there, such as zero on the sphere.
    """
    with np.errstate(all="ignore"):  # raised below, with the number of the token
        out = project(x)
    bad = np.flatnonzero(~np.isfinite(out).all(axis=-1))
    if len(bad):
        raise ValueError(
            f"token {bad[0]} cannot be put on the space: its length is zero "
            "or not finite, after centring where that is chosen. Remove it, or choose "
            "the flat space."
        )
    return out
