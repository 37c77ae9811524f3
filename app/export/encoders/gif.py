"""A film as GIF, for slides and pages that play no video."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, ClassVar

from app.export.encoders import Output, PictureRecorder
from app.export.picture_buffer import rgb
from sim.io.atomic_write import atomic_write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.array_types import Pixels


MAX_GIF_FPS = 50.0  # frames a second: a GIF counts hundredths, and players refuse one
SHADE_COLOURS = 143  # colours for the many shades of the globe, which must not band
SCREEN_BYTES = 13  # bytes before the table of colours
LOOP_BYTES = 19  # bytes after it that ask players to start again
MAX_COMMENT_BLOCK = 255  # largest part of a comment, in bytes
RARE_COLOURS = (
    112  # colours for the few pixels of beads; 255 in all, one is for "as before"
)


@dataclass(frozen=True)
class Gif(PictureRecorder):
    """An endless film, 255 colours a frame; its comment: the document, then sums."""

    kind: ClassVar[str] = "gif"
    title: ClassVar[str] = "Animation (GIF)"
    suffix: ClassVar[str] = ".gif"

    def check(self, size: tuple[int, int], fps: float) -> None:
        if fps > MAX_GIF_FPS:
            raise ValueError(
                f"a GIF shows at most {MAX_GIF_FPS:g} frames per second, got {fps:g}. "
                "Use 25 or 50, or write an .mp4."
            )

    def write(self, pictures: Iterable[Pixels], output: Output) -> None:
        from PIL import Image

        def images() -> Iterator[Any]:
            for pixels in pictures:
                image = Image.fromarray(rgb(pixels))
                # No dither: its grain would be a new picture in every frame.
                yield image.quantize(palette=_palette(image), dither=Image.Dither.NONE)

        stream = images()
        # Comments come first, but how sums were computed is known when all is drawn.
        folder = output.path.resolve().parent
        with atomic_write(output.path) as temporary, TemporaryFile(dir=folder) as draft:
            first = next(stream, None)
            if first is None:
                raise ValueError("there is no picture to write.")
            first.save(
                draft,
                "GIF",
                save_all=True,
                append_images=stream,
                duration=round(100 / output.fps) * 10,
                loop=0,
            )
            draft.seek(0)
            with temporary.open("wb") as file:
                _copy_with_comment(
                    draft,
                    file,
                    "\n".join([output.text, *output.sums]),
                )


def _copy_with_comment(draft: IO[bytes], file: IO[bytes], comment: str) -> None:
    """Write a film again, as it is, with a comment before its pictures [1]_.

    References
    ----------
    .. [1] "Graphics Interchange Format, version 89a", CompuServe, 1990, sections 18
           (bits 0 to 2: size of the table of colours) and 24 (comments, in blocks).
    """
    screen = draft.read(SCREEN_BYTES)
    colours = 2 << (screen[10] & 7)
    file.write(screen + draft.read(3 * colours + LOOP_BYTES) + b"\x21\xfe")
    text = comment.encode()
    for a in range(0, len(text), MAX_COMMENT_BLOCK):
        piece = text[a : a + MAX_COMMENT_BLOCK]
        file.write(bytes([len(piece)]) + piece)
    file.write(b"\0")
    shutil.copyfileobj(draft, file)


def _palette(image: Any) -> Any:
    """Return a palette for `image`, an image itself: common shades and rare colours.

    Median cut spends every colour on the globe and turns beads grey; an octree keeps
    the beads and bands the globe.
    """
    from PIL import Image

    shades = image.quantize(SHADE_COLOURS, method=Image.Quantize.MEDIANCUT)
    rare = image.quantize(RARE_COLOURS, method=Image.Quantize.FASTOCTREE)
    both = (
        *shades.getpalette()[: 3 * SHADE_COLOURS],
        *rare.getpalette()[: 3 * RARE_COLOURS],
    )
    out = Image.new("P", (1, 1))
    out.putpalette(both)
    return out
