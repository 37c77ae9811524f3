"""What a frame costs: ``python tests/benchmarks/bench_stage.py [WIDTH HEIGHT]``.

Prints medians in milliseconds of drawing and reading back, with the camera at rest and
turning, and of taking in a new frame; processor time hardly depends on what else runs.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.gl.offscreen import Offscreen
from app.scene.camera import Camera
from app.scene.scene import Scene
from app.theme.palette import DARK

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (812, 804)  # the pane of a window of 1440 x 900
COUNTS = (64, 240, 2_000, 20_000)
REPEAT = 40
TURN = 0.3  # degrees a frame
DRIFT = 0.01  # radians a frame


def frames(n: int) -> list[Scene]:
    """Return frames of n tokens that drift around the axis."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, 3))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    colours = np.c_[rng.random((n, 3)), np.ones(n)].astype(np.float32)
    rate = rng.uniform(0.2, 1.0, n) * DRIFT
    out: list[Scene] = []
    for k in range(REPEAT + 20):
        c, s = np.cos(k * rate), np.sin(k * rate)
        turned = [c * x[:, 0] - s * x[:, 1], s * x[:, 0] + c * x[:, 1], x[:, 2]]
        points = np.stack(turned, -1).astype(np.float32)
        out.append(Scene(points, colours, t=0.05 * k))
    return out


def medians(step: Callable[[int], object]) -> tuple[float, float]:
    """Return the median wall and processor time of `step`, in milliseconds."""
    wall: list[float] = []
    work: list[float] = []
    for k in range(REPEAT):
        start, busy = time.perf_counter(), time.process_time()
        step(k)
        wall.append(time.perf_counter() - start)
        work.append(time.process_time() - busy)
    return 1e3 * float(np.median(wall)), 1e3 * float(np.median(work))


def main() -> None:
    """Print the table."""
    given = [int(v) for v in sys.argv[1:]]
    size = (given[0], given[1]) if given else SIZE
    off = Offscreen(DARK)
    camera = Camera(30, 22, size=size)
    print(f"{size[0]} x {size[1]}, ms a frame (ms of processor, all cores)")
    print("             resting          moving           new frame, moving")
    for n in COUNTS:
        played = frames(n)
        for picture in played[:20]:
            off.stage.show(picture)
            off.draw(camera)

        def rest(_: int) -> None:
            off.draw(camera)

        def move(k: int) -> None:
            off.draw(camera.orbit(TURN * k, 0.0))

        def play(k: int, played: list[Scene] = played) -> None:
            off.stage.show(played[20 + k])
            off.draw(camera.orbit(TURN * k, 0.0))

        row = [medians(step) for step in (rest, move, play)]
        cells = (f"{wall:8.1f} ({work:5.1f})" for wall, work in row)
        print(f"n = {n:6d}", *cells)


if __name__ == "__main__":
    main()
