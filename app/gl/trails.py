"""Trails: ribbons along the recent path of each token, fading with age."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.gl import gloo
from app.gl.glsl import program
from app.gl.state import ADD, OVER, set_blending, set_world_uniforms
from app.scene.scene import bead_radius

if TYPE_CHECKING:
    from app.scene.camera import Camera
    from app.scene.scene import Scene
    from app.theme.palette import Theme
    from sim.array_types import Ints, Single

MAX_PIECES = 4_000  # ribbon pieces in all
MAX_TOKENS = 4_000  # tokens: above, trails would hide the beads
MIN_POINTS, MAX_POINTS = 4, 40  # of a trail
TRAIL_RADIUS = 1.003  # trails lie just above the globe
SAMPLE_SHARE = 1 / 40  # of a trail's time: a sample, over which speed is measured
FULL_OPACITY_PX = 0.6  # pixels moved in a sample, for full opacity
HEAD_WIDTH = (0.95, 1.2, 28.0)  # bead radii at the head; least and most pixels
TINY = 1e-9


def slot_count(n: int) -> int:
    """Return the number of points in the trail of each of n tokens."""
    return int(np.clip(MAX_PIECES // max(n, 1), MIN_POINTS, MAX_POINTS))


class Trails:
    """A ring buffer of points, spaced by simulated time; its head is the present."""

    def __init__(self, theme: Theme, glass: gloo.Texture) -> None:
        self._program = program("trail", "ribbon")
        f4 = np.float32
        self._kinds = [("a_position", f4, 3), ("a_velocity", f4, 3), ("a_time", f4)]
        self._vertices = gloo.Vertices(np.zeros(1, self._kinds), self._program)
        self._sides = gloo.vertex_buffer(np.zeros(1, f4))
        self._colours = gloo.vertex_buffer(np.zeros((1, 4), f4))
        self._program["a_side"], self._program["a_colour"] = self._sides, self._colours
        self._index = gloo.index_buffer(np.zeros(1, np.uint32))
        self._program["u_glass"] = glass
        self._program["u_full_pixels"] = FULL_OPACITY_PX
        self._n = self._slots = self._head = self._count = 0
        self._epoch, self._trail, self._radius, self._shown = 0, 0.0, 0.0, False
        self._x, self._t = np.zeros((1, 0, 3), f4), np.zeros(1)
        self._paths = np.zeros(0, np.int64)
        self._rgba = self._target_rgba = np.zeros((0, 4), f4)
        self._ring = np.zeros((1, 0, 2), self._kinds)
        self._pieces = np.zeros((0, 0, 6), np.uint32)
        self._start, self._changed_slots, self._hidden = 0.0, set[int](), -1
        self._laid_out = False
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._blend = ADD if theme.dark else OVER
        self._program["u_tint"] = 0.0 if theme.dark else 1.0
        self._program["u_opacity"] = 0.60 if theme.dark else 0.75

    def show(self, scene: Scene) -> None:
        """Extend the trails to the scene's points, or start them there."""
        n = len(scene.points)
        self._shown = 0 < n <= MAX_TOKENS and scene.trail > 0 and not scene.flat
        if not self._shown:
            self._n = 0
            return
        x = np.asarray(scene.points, np.float32)
        self._trail, self._radius = scene.trail, bead_radius(n) * scene.bead
        since = scene.t - self._t[self._head] if self._n else 0.0
        leapt = not 0 <= since <= scene.trail  # nothing is known of the way between
        paths = np.arange(n) if scene.paths is None else scene.paths
        many = n * self._slots > 2 * MAX_PIECES
        if not self._n or scene.epoch != self._epoch or leapt or many:
            self._epoch = scene.epoch
            self._restart(x, scene.t)
        else:
            if not np.array_equal(paths, self._paths):
                self._carry(x, paths)
            self._advance(x, scene.t)
        self._paths = paths
        self._target_rgba = np.array(scene.colours, np.float32)

    def _restart(self, x: Single, t: float) -> None:
        n, k = len(x), slot_count(len(x))
        self._laid_out = self._laid_out and n == self._n
        self._n, self._slots, self._head, self._count = n, k, 0, 1
        self._x, self._t = np.repeat(x[None], k, 0), np.full(k, t)
        self._start = t
        self._ring = np.zeros((k, n, 2), self._kinds)
        self._ring["a_position"] = x[:, None]
        self._changed_slots = set(range(k))

    def _carry(self, x: Single, paths: Ints) -> None:
        """Keep the trails of the paths that go on; others begin at `x`."""
        old, new = np.isin(self._paths, paths), np.isin(paths, self._paths)
        k, n = self._slots, len(paths)
        places, ring = np.repeat(x[None], k, 0), np.zeros((k, n, 2), self._kinds)
        ring["a_position"] = x[:, None]
        ring["a_time"] = self._ring["a_time"][:, :1]
        places[:, new], ring[:, new] = self._x[:, old], self._ring[:, old]
        self._n, self._x, self._ring = n, places, ring
        self._laid_out = False
        self._changed_slots = set(range(k))

    def _advance(self, x: Single, t: float) -> None:
        """Move the head to `x`; start a new slot once the last one is old enough."""
        lapse = self._t[self._head] - self._t[self._head - 1]
        far = self._count == 1 or lapse >= self._trail / self._slots * (1 - TINY)
        if far and t > self._t[self._head]:
            self._head = (self._head + 1) % self._slots
            self._count = min(self._count + 1, self._slots)
        self._x[self._head], self._t[self._head] = x, t
        past = self._head - min(2, self._count - 1)
        place = self._ring[self._head]
        place["a_position"] = x[:, None]
        velocity = (x - self._x[past]) / max(t - self._t[past], TINY)
        place["a_velocity"], place["a_time"] = velocity[:, None], t - self._start
        self._changed_slots.add(self._head)

    def _upload(self) -> None:
        """Upload what changed since the last drawing: not every frame is drawn."""
        if not self._laid_out:
            self._lay_out()
        if len(self._changed_slots) == self._slots:
            self._vertices.set(self._ring.reshape(-1).copy())
        else:
            for slot in sorted(self._changed_slots):
                here = self._ring[slot].reshape(-1).copy()
                self._vertices.set_part(here, slot * 2 * self._n)
        self._changed_slots.clear()
        if self._hidden != self._head:
            self._hide(self._head)
        if not np.array_equal(self._rgba, self._target_rgba):
            self._rgba = self._target_rgba
            rows = np.repeat(self._rgba, 2, 0)
            self._colours.set_data(np.tile(rows, (self._slots, 1)))

    def _lay_out(self) -> None:
        """Set the vertices of each piece of ribbon: (slots, n, 6)."""
        k, n = self._slots, self._n
        self._sides.set_data(np.tile(np.array([-1, 1], np.float32), k * n))
        here = np.arange(k * n, dtype=np.uint32).reshape(k, n) * 2
        there = np.roll(here, -1, 0)
        corners = [here, here + 1, there, there, here + 1, there + 1]
        self._pieces = np.stack(corners, -1)
        self._rgba, self._hidden = np.zeros((0, 4), np.float32), -1
        self._laid_out = True

    def _hide(self, slot: int) -> None:
        """Collapse the pieces that would join the newest point to the oldest."""
        self._hidden = slot
        pieces = self._pieces.copy()
        pieces[slot] = pieces[slot, :, :1]
        self._index.set_data(pieces.reshape(-1))

    def set_camera(self, camera: Camera, solid: bool) -> None:
        """Set the camera's uniforms."""
        if not self._shown:
            return
        self._upload()
        p = self._program
        set_world_uniforms(p, camera, solid)
        now = self._t[self._head]
        oldest = self._t[(self._head + 1) % self._slots]
        p["u_now"] = now - self._start
        p["u_span"] = max(min(self._trail, now - oldest), TINY)
        p["u_depth_offset"] = self._radius
        p["u_sample_time"], p["u_lift"] = (
            SAMPLE_SHARE * self._trail,
            TRAIL_RADIUS if solid else 1.0,
        )
        per, low, high = HEAD_WIDTH
        width = per * self._radius * camera.pixels / camera.ratio
        p["u_width"] = float(np.clip(width, low, high)) * camera.ratio

    def draw(self, half: float) -> None:
        """Draw one side of the horizon, or all."""
        if not self._shown or self._count == 1:
            return
        set_blending(self._blend)
        self._program["u_half"] = half
        self._program.draw("triangles", self._index)
