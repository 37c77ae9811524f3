"""Positional encoding, masks and layer norm against identities and other formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import zscore

from sim.labs.layer_norm import LayerNorm
from sim.labs.masks import Masks
from sim.labs.positions import SinePositions


def shown(lab, name):
    """Return the item of a lab's plate that has this name."""
    (item,) = (i for i in lab.compute().items if i.name == name)
    return item


def test_rows_are_sines_and_cosines():
    lab = SinePositions(length=9, pairs=3, base=100.0, shift=0)
    for k in range(9):
        for i in range(3):
            angle = k / 100.0 ** (2 * i / 6)
            assert lab.table()[k, 2 * i] == pytest.approx(math.sin(angle))
            assert lab.table()[k, 2 * i + 1] == pytest.approx(math.cos(angle))


def test_products_depend_on_distance_alone_and_norms_are_equal():
    lab = SinePositions()
    gram = lab.table() @ lab.table().T
    for distance in (0, 3, 17):
        diagonal = np.diagonal(gram, distance)
        np.testing.assert_allclose(diagonal, diagonal[0], atol=1e-12)
    np.testing.assert_allclose(np.diag(gram), lab.pairs, atol=1e-12)
    np.testing.assert_allclose(shown(lab, "product").y, gram[lab.shift], atol=1e-12)


def test_a_shift_turns_every_pair():
    lab = SinePositions(length=12, pairs=4, shift=0)
    z = lab.table()[:, 1::2] + 1j * lab.table()[:, ::2]  # cos + i sin
    np.testing.assert_allclose(z[5:], z[:-5] * z[5], atol=1e-12)


def test_a_position_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="below 10"):
        SinePositions(length=10, shift=10).compute()


@pytest.mark.parametrize("look_ahead", [True, False])
def test_weights_of_the_mask_before_are_a_softmax_of_what_is_seen(look_ahead):
    lab = Masks(look_ahead=look_ahead, padding=2)
    s = np.array(lab.scores)
    weights = shown(lab, "Mask before: softmax(S + M)").values
    for i in range(5):
        seen = [j for j in range(3) if not look_ahead or j <= i]
        expected = np.zeros(5)
        expected[seen] = np.exp(s[i, seen] - logsumexp(s[i, seen]))
        np.testing.assert_allclose(weights[i], expected, atol=1e-13)


def test_the_mask_after_is_that_before_once_rows_are_divided():
    lab = Masks()
    before = shown(lab, "Mask before: softmax(S + M)").values
    after = shown(lab, "Mask after: 0 where M is −∞").values
    sums = shown(lab, "mask after").heights
    assert (sums < 1).all()
    np.testing.assert_allclose(after / sums[:, None], before, atol=1e-14)


def test_padding_must_leave_a_token():
    with pytest.raises(ValueError, match="padding 5"):
        Masks(padding=5).compute()


def test_normalised_tokens_are_z_scores():
    lab = LayerNorm(eps=0.0)
    found = shown(lab, "(x − μ) / √(σ² + ε)").values
    np.testing.assert_allclose(found, zscore(np.array(lab.tokens), axis=1), atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 2.0)
    np.testing.assert_allclose(found[0], found[1], atol=1e-12)  # scale does not matter


def test_numbers_of_layer_norm_by_hand():
    lab = LayerNorm(tokens=((1.0, 3.0),), gain=((2.0, 4.0),), bias=((0.5,),), eps=0.0)
    np.testing.assert_allclose(shown(lab, "output").values, [[-1.5, 4.5]])


def test_rms_norm_keeps_the_direction():
    lab = LayerNorm(centred=False, eps=0.0)
    x, found = np.array(lab.tokens), shown(lab, "output").values
    root = np.sqrt((x**2).mean(1, keepdims=True))
    np.testing.assert_allclose(found, x / root)


def test_a_constant_token_needs_an_eps():
    tokens = ((2.0, 2.0, 2.0),)
    with pytest.raises(ValueError, match="Raise eps"):
        LayerNorm(tokens=tokens, eps=0.0).compute()
    assert not shown(LayerNorm(tokens=tokens), "output").values.any()
