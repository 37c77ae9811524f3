"""Draw the gallery's pictures: python tests/shots/thumbnails.py [NAME ...].

Each preset is drawn without words at the time at which there is most to see.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("EGL_PLATFORM", "surfaceless")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[2]))

SIZE = (560, 320)  # twice a card's picture, for sharp screens
QUALITY = 90  # of WebP, at which no band shows in the globe
ZOOM = 1.16  # of the scenario's own: a small picture has no room for margins
SHARE = 0.25  # of the duration, for presets that are not named below
TIMES = {
    "opening": 3.4,
    "collapse": 4.0,
    "metastable": 4.0,
    "words": 16.0,
    "repulsion-platonic": 60.0,
    "circle-modes": 9.0,
    "five-tokens": 20.0,
    "graph-wave": 1.2,
    "graph-double-bracket": 1.2,
    "kuramoto": 2.0,
    "causal": 5.0,
    "causal-axis": 3.0,
    "causal-circle": 2.5,
    "causal-spread": 6.0,
    "causal-turning": 8.0,
    "phase-diagram": 12.5,
    "long-context": 3.0,
    "ln-race": 6.0,
    "sinkhorn": 3.5,
    "tug-of-war": 8.0,
    "von-mises": 0.6,
    "heads": 4.0,
    "mlp": 4.0,
    "ramp": 12.0,
    "karate-diffusion": 1.0,
    "metriplectic": 3.0,
    "layernorm": 6.0,
    "sentence": 7.5,
    "apple": 7.5,
    "bank": 7.5,
}
MOST = 5000  # tokens: larger runs are not for a thumbnail


def draw(name: str, path: Path, *, light: bool = False) -> None:
    """Draw one preset to the picture beside its file, for one theme."""
    from PIL import Image

    from app.document.document import Document
    from app.export.frame_times import frame_at
    from app.export.renderer import Renderer
    from app.pages.cards import LIGHT_THUMBNAIL, THUMBNAIL
    from app.theme.palette import DARK, LIGHT

    document = Document.load(path)
    if document.scenario.tokens > MOST:
        return
    zoom = document.look.camera.zoom * ZOOM
    document = document.edit({"look.camera.zoom": zoom})
    theme = LIGHT if light else DARK
    at = TIMES.get(name, SHARE * document.scenario.duration)
    with closing(Renderer(SIZE, theme, document.look, samples=2)) as renderer:
        pixels = renderer.draw_without_text(frame_at(document, at, "numpy"))
    # Lossless, all of them would be nine times as large.
    out = path.with_suffix(LIGHT_THUMBNAIL if light else THUMBNAIL)
    Image.fromarray(pixels).save(out, quality=QUALITY, method=6)
    print(f"{name}: t = {at:g}", flush=True)


def main() -> None:
    """Draw the presets that are asked for, or all of them."""
    from sim.resources import presets

    for name, path in presets().items():
        if not sys.argv[1:] or name in sys.argv[1:]:
            draw(name, path)
            draw(name, path, light=True)


if __name__ == "__main__":
    main()
