"""The merge tree is what labels over time say, and plateaus have the level Σ αₖ²."""

from __future__ import annotations

import numpy as np
import pytest

from sim import Run, Scenario, Simulation, TokenEdits, edit
from sim.frame import FrameRequest
from sim.measure import plateaus
from sim.measure.merge_tree import merge_tree
from sim.playback import Playback
from sim.series import MAX_PARTITIONED, Series

KINDS = frozenset({"clusters", "f_hat"})


def together_for_good(labels):
    """Return, for all pairs, the first sample from which they share a cluster."""
    samples, count = labels.shape
    first = np.full((count, count), samples)
    for i in range(count):
        for j in range(count):
            apart = [k for k in range(samples) if labels[k, i] != labels[k, j]]
            first[i, j] = apart[-1] + 1 if apart else 0
    return first


def tree_of(first, samples):
    """Return {(sample, the sorted tokens)} of every merge, from pairs alone."""
    found = set()
    for k in range(1, samples):
        for i in range(len(first)):
            now, before = first[i] <= k, first[i] <= k - 1
            if now.sum() > before.sum():
                found.add((k, tuple(np.flatnonzero(now).tolist())))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_the_tree_is_that_of_the_labels(seed):
    rng = np.random.default_rng(seed)
    samples, count = 14, 9
    labels = rng.integers(0, 2 + seed % 4, (samples, count))
    for k in range(samples // 2, samples):  # from here on some merge for good
        where = rng.integers(0, 3, 3)
        labels[k] = where[labels[k] % 3] if k % 3 else labels[k - 1]
    tree = merge_tree(labels)
    first = together_for_good(labels)
    want = tree_of(first, samples)
    got = {
        (m.sample, tuple(sorted(np.concatenate(m.parts).tolist()))) for m in tree.merges
    }
    assert got == want
    assert sorted(tree.order.tolist()) == list(range(count))
    place = np.argsort(tree.order)
    for merge in tree.merges:
        for part in (*merge.parts, np.concatenate(merge.parts)):
            assert np.ptp(place[part]) == len(part) - 1  # side by side
        for part in merge.parts:
            assert (first[np.ix_(part, part)] <= merge.sample - 1).all()
    assert [m.sample for m in tree.merges] == sorted(m.sample for m in tree.merges)


def test_tokens_that_are_not_there_do_not_merge():
    labels = np.array([[0, 1, -1], [0, 0, -1], [0, 0, 0]])
    (merge,) = merge_tree(labels).merges
    assert (merge.sample, [p.tolist() for p in merge.parts]) == (1, [[0], [1]])
    assert merge.size == 2


def played_to(t, **changes):
    start = edit(Scenario(tokens=24, dimension=3, seed=4, duration=t), changes)
    playback = Playback(Simulation(Run(start), "numpy"))
    playback.sample(KINDS)
    while playback.simulation.t < t - 1e-9:
        playback.step()
    return playback


@pytest.mark.slow
def test_samples_keep_the_clusters_of_frames():
    samples = played_to(3.0, **{"dynamics.beta": 9.0}).record.samples
    run = Simulation(edit(Scenario(tokens=24, seed=4), {"dynamics.beta": 9.0}), "numpy")
    for k in range(0, len(samples.t), 30):
        run.reach(samples.t[k])
        frame = run.frame(samples.t[k], FrameRequest(frozenset()))
        assert samples.partitions[k].same(frame.ids, frame.labels)
        count = len(set(samples.partitions[k].labels.tolist()))
        assert count == samples.values["clusters"][k]
    kept = {id(p) for p in samples.partitions}
    assert len(kept) < len(samples.t)  # the same object while they are the same


def test_clusters_follow_the_samples_when_these_are_cut_or_thinned():
    playback = played_to(1.0)
    series = playback.series
    whole = series.snapshot().partitions
    copy = series.copy(0.5)
    assert copy.snapshot().partitions == whole[: len(copy)]
    empty = Series(playback.simulation.run, series.spacing)
    empty._count = len(series)
    empty.adopt(series)
    assert empty.snapshot().partitions == whole
    series._halve()
    assert series.snapshot().partitions == whole[::2]


def test_clusters_of_very_many_tokens_are_counted_but_not_kept():
    start = Scenario(tokens=MAX_PARTITIONED + 1)
    playback = Playback(Simulation(start, "numpy"))
    playback.sample(frozenset({"clusters"}))
    assert playback.record.samples.partitions == (None,)
    assert np.isfinite(playback.record.samples.values["clusters"]).all()


def test_tokens_that_come_and_go_keep_their_ids():
    playback = played_to(0.4)
    playback.edit_tokens(TokenEdits(remove=(2,)))
    playback.step()
    last = playback.record.samples.partitions[-1]
    assert 2 not in last.ids
    assert 2 in playback.record.samples.partitions[0].ids


# Plateaus


def breaks_of(partitions):
    return [
        k for k in range(1, len(partitions)) if partitions[k] is not partitions[k - 1]
    ]


def level_of(x, beta, clusters):
    """Return Σ αₖαₗ e^{−β(1 − cos)} between the centres of clusters, and Σ αₖ²."""
    names = sorted(set(clusters))
    share = np.array([np.mean(clusters == k) for k in names])
    centre = np.array([x[clusters == k].mean(axis=0) for k in names])
    centre /= np.linalg.norm(centre, axis=1, keepdims=True)
    near = np.exp(-beta * (1 - centre @ centre.T))
    return share @ near @ share, (share**2).sum()


@pytest.mark.slow
def test_plateaus_have_the_level_of_the_shares():
    """F̂ = Σ αₖ² within 1 % where other clusters add less than that.

    Where they are near each other, F̂ is Σ αₖαₗ e^{−β(1 − cos)} of their centres.
    """
    beta, changes = 30.0, {"tokens": 16, "step": 0.1, "initial": "clusters"}
    changes |= {"dynamics.beta": beta, "initial.centres": 4, "initial.spread": 0.05}
    samples = played_to(6.0, **changes).record.samples
    f, partitions = samples.values["f_hat"], samples.partitions
    found = plateaus.plateaus(f, breaks_of(partitions))
    run, far = Simulation(edit(Scenario(seed=4), changes), "numpy"), 0
    for plateau in found:
        middle = (plateau.first + plateau.last) // 2
        run.reach(samples.t[middle])
        x = run.frame(samples.t[middle], FrameRequest(frozenset(), clusters=False)).x
        reached = np.linalg.matrix_power((x @ x.T > 0.999).astype(float), 16) > 0
        clusters = reached.argmax(axis=1)  # by powers of the relation
        level, independent = level_of(x, beta, clusters)
        labels = partitions[middle].labels
        share = plateaus.shares_squared(np.bincount(labels))
        assert share == pytest.approx(independent, abs=1e-12)
        assert plateau.level == pytest.approx(level, rel=0.02)
        if level < 1.005 * independent and len(set(clusters)) < 16:
            assert plateau.level == pytest.approx(share, rel=0.01)
            far += 1
    assert far >= 1


@pytest.mark.parametrize("seed", range(8))
def test_a_plateau_is_the_longest_flat_stretch(seed):
    rng = np.random.default_rng(seed)
    f = np.exp(np.cumsum(rng.normal(0, 0.004, 60)))
    f[rng.integers(0, 60, 2)] = np.nan
    first, last = plateaus._flattest(f)
    limit = plateaus.FLATNESS

    def flat(a, b):
        part = f[a : b + 1]
        return np.isfinite(part).all() and np.ptp(part) <= limit * part.max()

    assert flat(first, last)
    longest = max(b - a for a in range(60) for b in range(a, 60) if flat(a, b))
    assert last - first == longest


def test_plateaus_end_where_clusters_change_and_short_ones_are_left_out():
    f = np.repeat([0.25, 0.5, 0.5], [20, 3, 30]).astype(float)
    found = plateaus.plateaus(f, [20, 23])
    assert [(p.first, p.last, p.level) for p in found] == [(0, 19, 0.25), (23, 52, 0.5)]
    assert plateaus.shares_squared(np.array([2, 2, 4])) == 0.375
