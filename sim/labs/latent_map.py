"""The latent map of a small variational autoencoder of clothes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.autoencoder import divergence, shipped
from sim.models.clothes import KINDS, SIDE, pictures
from sim.plate import Curve, HeatMap, Panel, Plate, Points, Text
from sim.seed import Seed
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

SHOWN = 250  # pictures on the map
TILES = 9  # decoded pictures along each side
REACH = 2.0  # of the tiles, on both sides of 0
UNSEEN = 99  # the seed of pictures that were not trained on
RING = np.linspace(0, 2 * np.pi, 65)


@dataclass(frozen=True)
class LatentMap(Lab):
    """μ, σ = E(x), z = μ + σ ε, x̂ = D(z), trained on small pictures of clothes.

    The loss is the cross-entropy of pixels plus the divergence of N(μ, σ²) from
    N(0, 1), ``½ Σ (μ² + σ² − log σ² − 1)``.  The pictures on show were not trained on.
    """

    kind: ClassVar[str] = "latent-map"
    number: ClassVar[int] = 20
    title: ClassVar[str] = "Latent map of an autoencoder"
    picture: Annotated[
        int, Knob("x", 1, SHOWN, name="Picture x", help="Which one is encoded.")
    ] = 4
    noise: Annotated[
        float, Knob("ε", 0, 5, name="Noise ε", help="How far z is from μ, in σ.")
    ] = 0.0
    first: Annotated[
        float, Knob("z₁", -5, 5, help="Where a new picture is decoded.", soft=(-3, 3))
    ] = 0.5
    second: Annotated[float, Knob("z₂", -5, 5, soft=(-3, 3))] = 0.0
    seed: Annotated[int, Knob("seed", 0, 2**31 - 1, help="Of the noise.")] = 0

    def compute(self) -> Plate:
        model = shipped()
        x, kinds = pictures(SHOWN, UNSEEN)
        mean, log_sigma = model.encode(x)
        k = self.picture - 1
        mine, sigma = mean[k], np.exp(log_sigma[k])
        noise = Seed(self.seed).rng("noise").normal(size=2)
        z = mine + self.noise * sigma * noise
        new = np.array([self.first, self.second])
        decoded = model.decode(np.stack([z, new]))
        side = np.linspace(-REACH, REACH, TILES)
        grid = np.stack(np.meshgrid(side, side[::-1]), 2).reshape(-1, 2)
        tiles = model.decode(grid).reshape(TILES, TILES, SIDE, SIDE)
        whole = tiles.swapaxes(1, 2).reshape(TILES * SIDE, TILES * SIDE)
        error = float(np.abs(decoded[0] - x[k]).mean())
        far = float(divergence(mean, log_sigma)[k])
        said = (
            f"Picture {self.picture}: a {KINDS[kinds[k]]}; μ = ({mine[0]:.2f}, "
            f"{mine[1]:.2f}), σ = ({sigma[0]:.2f}, {sigma[1]:.2f}), divergence "
            f"{far:.2f}; mean error of a pixel {error:.3f}."
        )
        around = mine + sigma * np.stack([np.cos(RING), np.sin(RING)], 1)
        clouds = (Points(n, *_columns(mean[kinds == i])) for i, n in enumerate(KINDS))
        return Plate(
            (
                Panel(
                    "Latent map: μ of every picture",
                    (
                        *clouds,
                        Curve("σ of x", *_columns(around)),
                        Points("z", new[:1], new[1:], ("z",)),
                        Text("picture", said),
                    ),
                    "z₁",
                    "z₂",
                ),
                _picture(
                    f"Decoded from −{REACH:g} to {REACH:g} along both axes", whole
                ),
                _picture("Picture x", x[k].reshape(SIDE, SIDE)),
                _picture("Decoded from μ + σ ε", decoded[0].reshape(SIDE, SIDE)),
                _picture("Decoded from z", decoded[1].reshape(SIDE, SIDE)),
            )
        )


def _picture(title: str, values: np.ndarray) -> Panel:
    return Panel(title, (HeatMap(title, values, is_picture=True),))


def _columns(points: AnyArray) -> tuple[AnyArray, AnyArray]:
    return points[:, 0], points[:, 1]
