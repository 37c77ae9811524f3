"""What a film frame costs: ``python tests/benchmarks/bench_film.py [--long] [FILE]``.

Prints, for two sizes, with the curve in the picture: milliseconds of wall and of
processor time a frame, encoding included, processors at work, the cost of late frames
over early ones, and the peer: a matplotlib figure with 3-D axes and the same curve,
drawn and encoded in turn with the film on the same machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.document.document import Document
from app.document.loading import opening_document
from app.export.encoders.mp4 import Mp4
from app.export.frame_times import frames
from app.export.render_file import render_file
from app.export.render_options import RenderOptions

SIZES = ((1280, 720), (1920, 1080))
FPS = 30.0
FRAMES = 240
PEER_FRAMES = 40
SKIPPED = 20  # frames while kernels are compiled and memory is first used
LONG = 3_000  # frames, of which the last are compared with the first


def film(document: Document, size: tuple[int, int], count: int) -> Any:
    """Render a film; return wall and processor seconds after each frame, (count, 2)."""
    at: list[tuple[float, float]] = []

    def note(_done: float) -> None:
        at.append((time.perf_counter(), time.process_time()))

    with tempfile.TemporaryDirectory() as folder:
        options = RenderOptions(size, FPS, count / FPS, layout="curve")
        render_file(document, Path(folder) / "film.mp4", options, note)
    return np.array(at)[-count:]


def peer(document: Document, size: tuple[int, int]) -> Any:
    """Return wall and processor seconds a frame of a matplotlib film."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(size[0] / 100, size[1] / 100), dpi=100)
    sphere: Any = figure.add_subplot(1, 2, 1, projection="3d")
    curve = figure.add_subplot(1, 2, 2)
    curve.set(xlim=(0, 20), ylim=(0, 1))
    (line,) = curve.plot([], [])
    t: list[float] = []
    y: list[float] = []
    made: list[Any] = []
    dots = None
    for frame, _ in frames(document, FPS, PEER_FRAMES / FPS):
        if dots is not None:
            dots.remove()
        dots = sphere.scatter(*frame.x.T)
        t.append(frame.t)
        y.append(frame.measures["f_hat"])
        line.set_data(t, y)
        figure.canvas.draw()
        canvas: Any = figure.canvas
        made.append(np.asarray(canvas.buffer_rgba())[..., :3].copy())
        if len(made) == 2:
            start = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        Mp4().record(made, Path(folder) / "peer.mp4", FPS, document)
    end = time.perf_counter(), time.process_time()
    plt.close(figure)
    return (np.array(end) - start) / (PEER_FRAMES - 2)


def main() -> None:
    """Print the table."""
    paths = [word for word in sys.argv[1:] if word != "--long"]
    document = Document.load(paths[0]) if paths else opening_document()
    print("size        frames/s   ms wall  ms processor  at work   of matplotlib")
    for size in SIZES:
        at = film(document, size, FRAMES)
        wall, work = (at[-1] - at[SKIPPED]) / (len(at) - 1 - SKIPPED)
        other = peer(document, size)
        print(
            f"{size[0]:4d} x {size[1]:4d} {1 / wall:8.1f} {1e3 * wall:9.1f} "
            f"{1e3 * work:13.1f} {work / wall:8.2f}   {other[0] / wall:.1f} in wall, "
            f"{other[1] / work:.1f} in processor time"
        )
    if "--long" in sys.argv:
        work = np.diff(film(document, (640, 360), LONG)[:, 1])
        early, late = work[SKIPPED : SKIPPED + 300].mean(), work[-300:].mean()
        print(f"frame {LONG} costs {late / early:.2f} of frame {SKIPPED}")


if __name__ == "__main__":
    main()
