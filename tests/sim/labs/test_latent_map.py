"""The autoencoder: its gradient, its divergence, and what it has learned."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from sim.labs.latent_map import SHOWN, UNSEEN, LatentMap
from sim.models import autoencoder
from sim.models.autoencoder import Autoencoder, divergence, shipped, untrained
from sim.models.clothes import KINDS, pictures


def test_the_gradient_is_that_of_the_loss():
    rng = np.random.default_rng(3)
    model = Autoencoder(untrained(6, 5, 2))
    x, noise = rng.random((4, 6)), rng.normal(size=(4, 2))
    for name, gradient in model.gradient(x, noise).items():
        way = rng.normal(size=gradient.shape)
        up, down = (
            Autoencoder({**model.p, name: model.p[name] + h * way}).loss(x, noise)
            for h in (1e-5, -1e-5)
        )
        slope = (up - down) / 2e-5
        assert slope == pytest.approx((gradient * way).sum(), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("mean", "sigma"), [(0.0, 1.0), (1.5, 0.4), (-0.3, 2.0)])
def test_the_divergence_is_an_integral(mean, sigma):
    def inside(z):
        u = (z - mean) / sigma
        log_p, log_q = -u * u / 2 - math.log(sigma), -z * z / 2
        return math.exp(log_p) * (log_p - log_q) / math.sqrt(2 * math.pi)

    expected = quad(inside, mean - 9 * sigma, mean + 9 * sigma)[0]
    found = divergence(np.array([[mean]]), np.log([[sigma]]))[0]
    assert found == pytest.approx(expected, abs=1e-8)


def test_training_lowers_the_loss(monkeypatch):
    monkeypatch.setattr(autoencoder, "PICTURES", 200)
    x, _ = pictures(100, 5)
    zero = np.zeros((100, 2))
    before, after = autoencoder.trained(0), autoencoder.trained(5)
    assert after.loss(x, zero) < 0.85 * before.loss(x, zero)


def test_the_shipped_one_knows_pictures_it_was_not_trained_on():
    x, kinds = pictures(SHOWN, UNSEEN)
    model = shipped()
    mean, log_sigma = model.encode(x)
    error = np.abs(model.decode(mean) - x).mean()
    assert error < 0.15 * np.abs(x - x.mean(0)).mean()
    np.testing.assert_allclose(mean.mean(0), 0, atol=0.25)  # as N(0, 1) has it
    total = (mean**2 + np.exp(2 * log_sigma)).mean(0)
    np.testing.assert_allclose(total, 1, atol=0.35)
    middles = np.array([mean[kinds == k].mean(0) for k in range(len(KINDS))])
    nearest = np.argmin(((mean[:, None] - middles) ** 2).sum(2), axis=1)
    assert (nearest == kinds).mean() > 0.9


def test_the_picture_at_mu_is_shown():
    lab = LatentMap(picture=7)
    items = {i.name: i for i in lab.compute().items}
    x, _ = pictures(SHOWN, UNSEEN)
    expected = shipped().decode(shipped().encode(x[6:7])[0])[0].reshape(12, 12)
    np.testing.assert_allclose(items["Decoded from μ + σ ε"].values, expected)
    np.testing.assert_array_equal(items["Picture x"].values, x[6].reshape(12, 12))
