"""Pieces of trails that are joined: where trails bend little, and always alike."""

import itertools

import numpy as np
import pytest

from app.gl.trail_pieces import MAX_BEND_PX, joined_pieces


def arc(steps: int, turn: float) -> np.ndarray:
    """Return points of three arcs of `turn` radians, (steps + 1, 3, 3)."""
    a = np.linspace(0, turn, steps + 1)[:, None] * np.array([0.0, 0.3, 1.0])
    return np.stack([np.cos(a), np.sin(a), 0 * a], -1).astype(np.float32)


def ends(sizes: np.ndarray) -> list[list[tuple[int, int]]]:
    """Return the first and last point of the pieces of each trail."""
    return [[(k, k + int(s)) for k, s in enumerate(column) if s] for column in sizes.T]


@pytest.mark.parametrize("place", [0, 3, 13])
@pytest.mark.parametrize("steps", [1, 2, 9, 21, 64])
def test_pieces_cover_each_trail_once(steps, place):
    whole = np.ones((steps, 3), bool)
    for pieces in ends(joined_pieces(arc(steps, 0.7), whole, 180.0, place)):
        assert pieces[0][0] == 0 and pieces[-1][1] == steps
        assert all(a[1] == b[0] for a, b in itertools.pairwise(pieces))


def test_a_token_at_rest_has_the_longest_pieces_and_a_fast_one_the_shortest():
    x = np.concatenate([arc(32, 0.3), arc(32, 9.0)], axis=1)
    sizes = joined_pieces(x, np.ones((32, 6), bool), 180.0, 0)
    assert set(sizes[:, 0][sizes[:, 0] > 0]) == {8}
    assert set(sizes[:, 5]) == {1}


def test_no_trail_is_farther_from_its_pieces_than_the_bound():
    pixels = 180.0
    x = arc(64, 1.5)
    worst = 0.0
    for n, pieces in enumerate(
        ends(joined_pieces(x, np.ones((64, 3), bool), pixels, 0))
    ):
        for a, b in pieces:
            at = np.linspace(0, 1, b - a + 1)[:, None]
            chord = (1 - at) * x[a, n] + at * x[b, n]
            worst = max(worst, np.linalg.norm(chord - x[a : b + 1, n], axis=1).max())
    assert 0 < worst * pixels <= 2 * MAX_BEND_PX  # a quarter in each of the halvings


def test_pieces_stay_where_they_are_while_a_trail_grows():
    x = arc(40, 0.5)
    found = []
    for start in range(6):  # the run's clock goes on by a place at a time
        part = x[start : start + 34]
        sizes = joined_pieces(part, np.ones((33, 3), bool), 180.0, start)
        pieces = ends(sizes)[1]
        found.append(
            {(a + start, b + start) for a, b in pieces if 8 <= a + start <= 24}
        )
    assert all(one == found[0] for one in found)


def test_what_is_not_seen_is_not_drawn():
    sizes = joined_pieces(arc(16, 0.1), np.zeros((16, 3), bool), 180.0, 0)
    assert not sizes.any()
    some = np.zeros((16, 3), bool)
    some[3, 1] = True
    sizes = joined_pieces(arc(16, 0.1), some, 180.0, 0)
    assert ends(sizes) == [[], [(0, 8)], []]
