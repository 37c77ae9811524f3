"""Make a film, its poster and a figure of presets, to be looked at.

python tests/shots/presets.py OUT [NAME ...]; all presets by default.  A sheet of all
posters, of the last frames of the films and of the figures stands beside them.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("EGL_PLATFORM", "surfaceless")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[2]))

SIZE = (640, 360)
FPS, SECONDS = 15.0, 3.0
FILM_SHARE = 0.5  # of the duration that is shown, within those seconds
FIGURE_MM, FIGURE_DPI = 86.0, 150.0
MOST = 20_000  # tokens: larger runs take minutes
COLUMNS, CELL = 4, (480, 300)  # of a sheet


def make(name: str, out: Path) -> None:
    """Make what there is to see of one preset."""
    from dataclasses import replace

    from app.document.document import Document
    from app.export.render_file import render_file
    from app.export.render_options import RenderOptions
    from app.figure_file import figure_file
    from sim.resources import presets

    document = Document.load(presets()[name])
    scenario = document.scenario
    shown = scenario.clock.coordinate(scenario.duration) * FILM_SHARE
    look = replace(document.look, speed=shown / SECONDS)
    film = replace(document, look=look)
    options = RenderOptions(SIZE, FPS, SECONDS, layout="curve")
    try:
        render_file(film, out / f"{name}.mp4", options)
    except ValueError:  # a law that has no energy to plot
        options = replace(options, layout="globe")
        render_file(film, out / f"{name}.mp4", options)
    middle = scenario.clock.time(shown / 2)
    still = replace(options, at=middle, theme="light")
    render_file(document, out / f"{name}.png", still)
    figure = out / f"{name}-curves.png"
    figure_file(document, figure, "curves", FIGURE_MM, at=middle, dpi=FIGURE_DPI)


def last_frame(path: Path) -> Path:
    """Write the last frame of a film beside it."""
    import av
    from PIL import Image

    with av.open(str(path)) as file:
        *_, last = file.decode(video=0)
        out = path.with_name(f"{path.stem}-last.png")
        Image.fromarray(last.to_ndarray(format="rgb24")).save(out)
    return out


def sheet(pictures: list[Path], out: Path) -> None:
    """Write all pictures side by side into one."""
    from PIL import Image

    rows = -(-len(pictures) // COLUMNS)
    width, height = CELL
    whole = Image.new("RGB", (COLUMNS * width, rows * height), "#808080")
    for k, path in enumerate(pictures):
        picture = Image.open(path).convert("RGB")
        picture.thumbnail((width - 8, height - 8))
        at = (k % COLUMNS * width + 4, k // COLUMNS * height + 4)
        whole.paste(picture, at)
    whole.save(out)


def main(out: Path, names: list[str]) -> None:
    """Make all of the named presets, and the sheets."""
    from sim import open_comparison
    from sim.resources import presets

    out.mkdir(parents=True, exist_ok=True)
    made: list[str] = []
    for name in names or sorted(presets()):
        if open_comparison(presets()[name]).first.start.tokens > MOST:
            print(f"{name}: left out, it has too many tokens")
            continue
        start = time.perf_counter()
        make(name, out)
        made.append(name)
        print(f"{name}: {time.perf_counter() - start:.1f} s", flush=True)
    sheet([out / f"{name}.png" for name in made], out / "posters.png")
    films = [last_frame(out / f"{name}.mp4") for name in made]
    sheet(films, out / "films.png")
    sheet([out / f"{name}-curves.png" for name in made], out / "figures.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
