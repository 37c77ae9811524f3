"""Ids of clusters: kept while a cluster lives, by the majority of its tokens."""

import numpy as np

from app.theme.palette import LONE
from sim.measure.cluster_ids import keep_large, keep_own

NONE = np.zeros(0, int)


def test_a_cluster_keeps_its_id_when_labels_change() -> None:
    first = keep_large(NONE, np.array([0, 0, 0, 1, 1, 2]))
    second = keep_large(first, np.array([7, 7, 7, 3, 3, 9]))
    assert np.array_equal(first, second)
    assert first[5] == LONE


def test_the_larger_cluster_keeps_its_id_in_a_merger() -> None:
    before = keep_large(NONE, np.array([0, 0, 1, 1, 1, 1]))
    after = keep_large(before, np.zeros(6, int))
    assert set(after.tolist()) == {int(before[-1])}


def test_a_new_cluster_gets_an_id_that_no_other_had() -> None:
    before = keep_large(NONE, np.array([0, 0, 1, 1, 2, 3]))
    after = keep_large(before, np.array([0, 0, 1, 1, 2, 2]))
    assert np.array_equal(after[:4], before[:4])
    assert after[4] not in {LONE, *before[:4].tolist()}


def test_few_tokens_have_their_own_ids_until_they_merge() -> None:
    own = np.arange(4)
    assert np.array_equal(keep_own(own, np.arange(4)), own)
    assert keep_own(own, np.array([0, 1, 1, 2])).tolist() == [0, 1, 1, 3]
    apart = keep_own(np.array([1, 1, 1, 3]), np.array([0, 0, 1, 2]))
    assert apart.tolist() == [1, 1, 2, 3]
