"""A still as PNG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from app.export.encoders import Output, PictureRecorder
from app.export.picture_buffer import rgb
from sim.io.atomic_write import atomic_write
from sim.io.media import DOCUMENT_KEY, SUMS_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.array_types import Pixels


@dataclass(frozen=True)
class Png(PictureRecorder):
    """The last picture, lossless, with the document and its sums in text chunks."""

    kind: ClassVar[str] = "png"
    title: ClassVar[str] = "Picture (PNG)"
    suffix: ClassVar[str] = ".png"
    single_picture: ClassVar[bool] = True

    def check(self, size: tuple[int, int], fps: float) -> None:
        """Nothing can go wrong."""

    def write(self, pictures: Iterable[Pixels], output: Output) -> None:
        from PIL import Image, PngImagePlugin

        last: Pixels | None = None
        for last in pictures:  # noqa: B007 - the last one is what is written
            pass
        if last is None:
            raise ValueError("there is no picture to write.")
        chunks = PngImagePlugin.PngInfo()
        chunks.add_itxt(DOCUMENT_KEY, output.text)
        if output.sums:
            chunks.add_itxt(SUMS_KEY, "\n".join(output.sums))
        with atomic_write(output.path) as temporary:
            Image.fromarray(rgb(last)).save(temporary, "PNG", pnginfo=chunks)
