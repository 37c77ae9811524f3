"""The pictures of a film one by one, for editing it elsewhere."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from app.export.encoders import Output, PictureRecorder
from app.export.picture_buffer import rgb
from sim.io.atomic_write import atomic_write
from sim.io.media import DOCUMENT_KEY, SUMS_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.array_types import Pixels

COMPRESSION = 3  # of PNG, of 9: a little larger, and several times as fast


@dataclass(frozen=True)
class PngSequence(PictureRecorder):
    """Numbered PNG in a ZIP archive; its first entry is the document."""

    kind: ClassVar[str] = "zip"
    title: ClassVar[str] = "Pictures (PNG in a ZIP)"
    suffix: ClassVar[str] = ".zip"

    def check(self, size: tuple[int, int], fps: float) -> None:
        """Nothing can go wrong."""

    def write(self, pictures: Iterable[Pixels], output: Output) -> None:
        from PIL import Image

        count = 0
        with (
            atomic_write(output.path) as temporary,
            zipfile.ZipFile(temporary, "w") as archive,  # PNG is compressed already
        ):
            archive.writestr(f"{DOCUMENT_KEY}.json", output.text)
            for pixels in pictures:
                count += 1
                with archive.open(f"{count:05d}.png", "w") as entry:
                    image = Image.fromarray(rgb(pixels))
                    image.save(entry, "PNG", compress_level=COMPRESSION)
            if not count:
                raise ValueError("there is no picture to write.")
            if output.sums:
                archive.writestr(f"{SUMS_KEY}.txt", "\n".join(output.sums))
