"""Draw the moving picture of the README: python tests/shots/opening.py."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("EGL_PLATFORM", "surfaceless")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[2]))

SIZE = (640, 400)
FPS = 20.0
SPEED = 0.9  # of the clock: slower than the preset's own
SECONDS = 9.0  # of display: by then the seven clusters have formed
QUALITY = 88  # of WebP, at which the fine lines of the globe are kept


def main() -> None:
    """Draw the film of the opening preset."""
    from PIL import Image

    from app.document.loading import opening
    from app.export.frame_times import frames
    from app.export.renderer import Renderer
    from app.theme.palette import DARK
    from sim.resources import asset

    document = opening().edit({"look.speed": SPEED})
    with closing(Renderer(SIZE, DARK, document.look, samples=2)) as renderer:
        pictures = frames(document, FPS, SECONDS, "numpy")
        film = [Image.fromarray(renderer.draw(f, s)) for f, s in pictures]
    out = asset("pictures", "opening.webp")
    options = {"duration": round(1000 / FPS), "loop": 0, "method": 6}
    film[0].save(out, save_all=True, append_images=film[1:], quality=QUALITY, **options)
    print(f"{out.name}: {out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
