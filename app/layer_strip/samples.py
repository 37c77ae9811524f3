"""Samples of a run, evenly spaced in bounded memory: the panes of the strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.frame import WHOLE_STEP

if TYPE_CHECKING:
    from app.scene.scene_info import SceneInfo
    from sim.array_types import AnyArray
    from sim.frame import Frame


MAX_SAMPLES = 33
MAX_TOKENS = 400  # of a sample, evenly chosen


@dataclass(frozen=True, slots=True)
class LayerSample:
    """Tokens as they are drawn at one depth.

    Attributes
    ----------
    depth : float
        Steps since the start.
    t : float
        Time.
    points : float, shape (s, 3)
        Positions of some of them in the picture.
    colours : float, shape (s, 4)
        sRGB and alpha.
    bounded : bool
        Whether they are on the globe.
    """

    depth: float
    t: float
    points: AnyArray
    colours: AnyArray
    bounded: bool

    @staticmethod
    def of(frame: Frame, info: SceneInfo) -> LayerSample:
        """Return the sample of a frame and its scene."""
        sampled = info.sampled
        colours = info.colours if sampled is None else info.colours[sampled]
        n = min(len(info.points), len(colours))
        some = np.unique(np.linspace(0, n - 1, min(n, MAX_TOKENS)).round().astype(int))
        projected = info.projected
        return LayerSample(
            frame.depth,
            frame.t,
            projected.points[some],
            colours[some],
            projected.on_sphere,
        )


class LayerSamples:
    """The first frame at or after every stride-th step; strides double as a run grows.

    Where a step is a layer, only frames at whole steps are kept.
    """

    def __init__(self) -> None:
        self._kept: dict[int, LayerSample] = {}
        self._stride = 1
        self._epoch = -1

    def needs(self, frame: Frame) -> bool:
        """Return whether `frame` is the first of its depth; forgets what it undoes."""
        if frame.epoch != self._epoch:
            self._forget_since(frame)
        if frame.scenario.integrator.discrete and not frame.layer:
            return False
        return self._place(frame.depth) not in self._kept

    def keep(self, sample: LayerSample) -> None:
        """Keep the sample of a frame that is needed."""
        self._kept[self._place(sample.depth)] = sample
        while len(self._kept) > MAX_SAMPLES:
            self._stride *= 2
            old, self._kept = self._kept, {}
            for k in sorted(old):
                self._kept.setdefault(k // 2, old[k])

    def selected(self, most: int) -> list[LayerSample]:
        """Return at most so many, nearest to even depths; the first is among them."""
        if not self._kept:
            return []
        kept = [self._kept[k] for k in sorted(self._kept)]
        depths, apart = np.array([m.depth for m in kept]), self._stride
        while (depths[-1] + WHOLE_STEP) // apart + 1 > max(most, 2):
            apart *= 2
        goals = np.arange(0, depths[-1] + WHOLE_STEP, apart)
        near = np.abs(depths - goals[:, None]).argmin(axis=1)
        return [kept[k] for k in np.unique(near).tolist()]

    def _place(self, depth: float) -> int:
        return int((depth + WHOLE_STEP) // self._stride)

    def _forget_since(self, frame: Frame) -> None:
        self._epoch = frame.epoch
        past = {k: m for k, m in self._kept.items() if m.t < frame.t}
        self._kept = past
        if not past:
            self._stride = 1
