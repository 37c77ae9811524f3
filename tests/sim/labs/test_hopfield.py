"""Hopfield networks: the energy never rises, and attention is written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.labs.hopfield import Hopfield


def shown(lab, name):
    """Return the item of a lab's plate that has this name."""
    return next(i for i in lab.compute().items if i.name == name)


@pytest.mark.parametrize("seed", range(5))
def test_no_update_raises_the_energy(seed):
    lab = Hopfield(patterns=6, flipped=12, seed=seed)
    state, energies = lab.recall()
    assert (np.diff(energies) <= 1e-12).all()
    stored, n = lab.stored(), 25
    energy = 0.0
    for i in range(n):
        for j in range(n):
            if i != j:
                w = math.fsum(x[i] * x[j] for x in stored) / n
                energy -= w * state[i] * state[j] / 2
    assert energies[-1] == pytest.approx(energy, abs=1e-12)


def test_the_end_is_a_fixed_point():
    lab = Hopfield()
    state, _ = lab.recall()
    w = lab.stored().T @ lab.stored() / 25
    np.fill_diagonal(w, 0)
    np.testing.assert_array_equal(np.where(w @ state >= 0, 1, -1), state)


def test_a_cue_with_noise_is_recalled_by_both():
    for cue in (1, 2, 3):
        lab = Hopfield(cue=cue, flipped=4, beta=2.0)
        pattern = lab.stored()[cue - 1]
        np.testing.assert_array_equal(lab.recall()[0], pattern)
        modern = shown(lab, "One step of attention").values.ravel()
        np.testing.assert_allclose(modern, pattern, atol=1e-3)


def test_the_modern_step_is_attention_with_patterns_as_keys_and_values():
    lab = Hopfield(beta=0.1)
    start, stored = lab.start(), lab.stored()
    e = [math.exp(0.1 * math.fsum(x * start)) for x in stored]
    modern = shown(lab, "One step of attention").values.ravel()
    for i in range(25):
        mean = math.fsum(a * x[i] for a, x in zip(e, stored, strict=True))
        assert modern[i] == pytest.approx(mean / math.fsum(e), abs=1e-12)


def test_a_cue_that_is_not_stored_is_refused():
    with pytest.raises(ValueError, match="Store more"):
        Hopfield(patterns=2, cue=3).compute()
