"""A film as GIF, for slides and pages that play no video."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from app.recorders import PictureRecorder
from sim.files import written_aside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from app.document import Document

    Pixels = npt.NDArray[np.uint8]

FASTEST = 50.0  # frames a second: a GIF counts hundredths, and players refuse one
SMOOTH = 143  # colours for the many shades of the globe, which must not band
VIVID = 112  # colours for the few pixels of beads; 255 in all, one is for "as before"


@dataclass(frozen=True)
class Gif(PictureRecorder):
    """An endless film, 255 colours a frame; the document inside."""

    kind: ClassVar[str] = "gif"
    title: ClassVar[str] = "Animation (GIF)"
    suffix: ClassVar[str] = ".gif"

    def check(self, size: tuple[int, int], fps: float) -> None:
        if fps > FASTEST:
            raise ValueError(
                f"a GIF shows at most {FASTEST:g} frames a second, got {fps:g}. "
                "Use 25 or 50, or write an .mp4."
            )

    def record(
        self, pictures: Iterable[Pixels], path: Path, fps: float, document: Document
    ) -> None:
        from PIL import Image

        def images() -> Iterator[Any]:
            for pixels in pictures:
                image = Image.fromarray(pixels)
                # No dither: its grain would be a new picture in every frame.
                yield image.quantize(palette=_palette(image), dither=Image.Dither.NONE)

        stream = images()
        with written_aside(path) as aside:
            first = next(stream, None)
            if first is None:
                raise ValueError("there is no picture to write.")
            with aside.open("wb") as file:
                first.save(
                    file,
                    "GIF",
                    save_all=True,
                    append_images=stream,
                    duration=round(100 / fps) * 10,
                    loop=0,
                    comment=document.to_json(indent=None).encode(),
                )


def _palette(image: Any) -> Any:
    """Return a palette for `image`, an image itself: common shades and rare colours.

    Median cut spends every colour on the globe and turns beads grey; an octree keeps
    the beads and bands the globe.
    """
    from PIL import Image

    shades = image.quantize(SMOOTH, method=Image.Quantize.MEDIANCUT)
    rare = image.quantize(VIVID, method=Image.Quantize.FASTOCTREE)
    both = (*shades.getpalette()[: 3 * SMOOTH], *rare.getpalette()[: 3 * VIVID])
    out = Image.new("P", (1, 1))
    out.putpalette(both)
    return out
