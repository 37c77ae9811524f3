"""A film as MP4 that plays everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from app.recorders import PictureRecorder
from sim.files import written_aside
from sim.knobs import Knob

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from app.document import Document

    Pixels = npt.NDArray[np.uint8]

ENCODER = "libx264"
TAGS = ("colorspace", "color_primaries", "color_trc", "color_range")
BT709 = 1  # what each tag says for BT.709 and limited range
FINEST = 1001  # largest denominator of a frame rate, as in 30000/1001


@dataclass(frozen=True)
class Mp4(PictureRecorder):
    """H.264, High profile, 4:2:0, BT.709; the document is its comment."""

    kind: ClassVar[str] = "mp4"
    title: ClassVar[str] = "Video (MP4, H.264)"
    suffix: ClassVar[str] = ".mp4"
    quality: Annotated[
        int,
        Knob("CRF", 0, 40, help="Constant rate factor: lower is finer and larger."),
    ] = 18

    def check(self, size: tuple[int, int], fps: float) -> None:
        for name, side in zip(("width", "height"), size, strict=True):
            if side % 2:
                raise ValueError(
                    f"{name} must be even, got {side}. Use {side - 1} or {side + 1}."
                )
        import av

        if ENCODER not in av.codecs_available:
            raise RuntimeError(
                f"PyAV {av.__version__} was built without the encoder {ENCODER}. "
                "Install PyAV from its wheel: pip install --force-reinstall av"
            )

    def record(
        self, pictures: Iterable[Pixels], path: Path, fps: float, document: Document
    ) -> None:
        import av

        with written_aside(path) as aside:
            stream: Any = None
            options = {"movflags": "+faststart"}
            with av.open(str(aside), "w", format="mp4", options=options) as film:
                film.metadata["comment"] = document.to_json(indent=None)
                if document.scenario.title:
                    film.metadata["title"] = document.scenario.title
                for pixels in pictures:
                    if stream is None:
                        stream = self._stream(film, pixels, fps)
                    film.mux(stream.encode(_frame(pixels)))
                if stream is None:
                    raise ValueError("there is no picture to write.")
                film.mux(stream.encode())

    def _stream(self, film: Any, first: Pixels, fps: float) -> Any:
        height, width = first.shape[:2]
        self.check((width, height), fps)
        options = {"crf": str(self.quality), "profile": "high", "preset": "medium"}
        rate = Fraction(fps).limit_denominator(FINEST)
        stream = film.add_stream(ENCODER, rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for tag in TAGS:
            setattr(stream.codec_context, tag, BT709)
        return stream


def _frame(pixels: Pixels) -> Any:
    """Return pixels as a frame in BT.709, which players of HD expect."""
    import av

    return av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(
        format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
    )
