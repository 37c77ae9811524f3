"""A small variational autoencoder in NumPy, and the training of the shipped one.

``python -m sim.models.autoencoder FILE`` trains it again and writes the weights.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.models.clothes import SIDE, pictures
from sim.resources import asset
from sim.seed import Seed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.array_types import AnyArray

WEIGHTS = "labs/clothes.npz"  # the shipped file
HIDDEN, LATENT = 48, 2  # neurons of each hidden layer; dimension of z
PICTURES, BATCH, EPOCHS = 2000, 100, 300
RATE, DECAYS = 3e-3, (0.9, 0.999)  # of Adam
KL_WEIGHT = 1.0
SEED = 1

Parameters = dict[str, "AnyArray"]


@dataclass(frozen=True, eq=False)
class Autoencoder:
    """μ, log σ = E(x), z = μ + σ ε, and D(z): one hidden layer of tanh on both sides.

    Attributes
    ----------
    p : dict
        Weights ``w…`` (into, out) and biases ``b…`` (out,).
    """

    p: Mapping[str, AnyArray]

    def encode(self, x: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Return the mean and the log of the deviation of z: (n, m) -> (n, 2) each."""
        h = np.tanh(x @ self.p["w1"] + self.p["b1"])
        out = h @ self.p["w2"] + self.p["b2"]
        half = out.shape[1] // 2
        return out[:, :half], out[:, half:]

    def decode(self, z: AnyArray) -> AnyArray:
        """Return pictures: (n, 2) -> (n, m)."""
        return 0.5 * (1 + np.tanh(self.logits(z) / 2))

    def logits(self, z: AnyArray) -> AnyArray:
        """Return the logits of pixels: (n, 2) -> (n, m)."""
        h = np.tanh(z @ self.p["w3"] + self.p["b3"])
        return h @ self.p["w4"] + self.p["b4"]

    def loss(self, x: AnyArray, noise: AnyArray) -> float:
        """Return the mean of cross-entropy plus divergence, for given ε: (n, 2)."""
        mean, log_sigma = self.encode(x)
        logits = self.logits(mean + np.exp(log_sigma) * noise)
        entropy = np.logaddexp(0, logits) - x * logits
        return float((entropy.sum(1) + KL_WEIGHT * divergence(mean, log_sigma)).mean())

    def gradient(self, x: AnyArray, noise: AnyArray) -> Parameters:
        """Return the gradient of `loss` by every parameter, by back-propagation."""
        p, n = self.p, len(x)
        h1 = np.tanh(x @ p["w1"] + p["b1"])
        out = h1 @ p["w2"] + p["b2"]
        half = out.shape[1] // 2
        mean, sigma = out[:, :half], np.exp(out[:, half:])
        z = mean + sigma * noise
        h2 = np.tanh(z @ p["w3"] + p["b3"])
        logits = h2 @ p["w4"] + p["b4"]
        by_logits = (0.5 * (1 + np.tanh(logits / 2)) - x) / n
        by_h2 = by_logits @ p["w4"].T * (1 - h2**2)
        by_z = by_h2 @ p["w3"].T
        by_mean = by_z + KL_WEIGHT * mean / n
        by_log = by_z * sigma * noise + KL_WEIGHT * (sigma**2 - 1) / n
        by_out = np.hstack([by_mean, by_log])
        by_h1 = by_out @ p["w2"].T * (1 - h1**2)
        layers = ((x, by_h1), (h1, by_out), (z, by_h2), (h2, by_logits))
        return {
            name: value
            for k, (before, by) in enumerate(layers, 1)
            for name, value in ((f"w{k}", before.T @ by), (f"b{k}", by.sum(0)))
        }


def divergence(mean: AnyArray, log_sigma: AnyArray) -> AnyArray:
    """Return KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² − log σ² − 1): (n, d) -> (n,)."""
    return 0.5 * (mean**2 + np.exp(2 * log_sigma) - 2 * log_sigma - 1).sum(1)


def untrained(pixels: int, hidden: int = HIDDEN, latent: int = LATENT) -> Parameters:
    """Return weights as they are drawn before training."""
    rng, out = Seed(SEED).rng("weights"), Parameters()
    sizes = ((pixels, hidden), (hidden, 2 * latent), (latent, hidden), (hidden, pixels))
    for k, (into, wide) in enumerate(sizes, 1):
        out[f"w{k}"] = rng.normal(0, into**-0.5, (into, wide))
        out[f"b{k}"] = np.zeros(wide)
    return out


def trained(epochs: int = EPOCHS) -> Autoencoder:
    """Return the autoencoder after some epochs of Adam."""
    x, _ = pictures(PICTURES, SEED)
    p, rng = untrained(SIDE * SIDE), Seed(SEED).rng("training")
    first = {k: np.zeros_like(v) for k, v in p.items()}
    second = {k: np.zeros_like(v) for k, v in p.items()}
    step = 0
    for _ in range(epochs):
        for batch in rng.permutation(len(x)).reshape(-1, BATCH):
            step += 1
            noise = rng.normal(size=(BATCH, LATENT))
            for k, g in Autoencoder(p).gradient(x[batch], noise).items():
                first[k] += (1 - DECAYS[0]) * (g - first[k])
                second[k] += (1 - DECAYS[1]) * (g * g - second[k])
                rise, spread = (
                    m / (1 - d**step)
                    for m, d in zip((first[k], second[k]), DECAYS, strict=True)
                )
                p[k] = p[k] - RATE * rise / (np.sqrt(spread) + 1e-8)
    return Autoencoder(p)


@lru_cache(maxsize=1)
def shipped() -> Autoencoder:
    """Return the autoencoder of clothes that comes with the program."""
    with np.load(asset(WEIGHTS)) as file:
        return Autoencoder({k: file[k].astype(np.float64) for k in file.files})


def save(model: Autoencoder, path: str | Path) -> None:
    """Write the weights in half precision."""
    half = {k: np.asarray(v, np.float16) for k, v in model.p.items()}
    np.savez_compressed(path, **half)  # pyright: ignore[reportArgumentType]


if __name__ == "__main__":
    save(trained(), sys.argv[1])
