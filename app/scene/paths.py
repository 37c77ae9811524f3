"""Which path each token is on: a new one begins where it was put by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.array_types import Ints
    from sim.frame import Frame

ROUNDING = 1e-6  # of a step: a change this much later has been made
HASHES = 2**31  # different numbers of paths of one token


def paths(frame: Frame) -> Ints:
    """Return a number for the path that each token is on: int (n,).

    It stays while the token moves by itself, whichever tokens come and go.
    """
    run = frame.run
    if run is None or not run.moves:
        return frame.ids
    out, count = frame.ids.copy(), run.id_count
    for t, moved in run.moves:
        if t > frame.t + ROUNDING * frame.scenario.step:
            break
        for token, row in frame.rows_of(moved).items():
            number = hash((t, moved[token])) % HASHES
            out[row] = token + count * (1 + number)
    return out
