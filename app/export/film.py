"""What films of all containers share: encoding, colours, and the document inside."""

from __future__ import annotations

import abc
import contextlib
from dataclasses import dataclass
from fractions import Fraction
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, ClassVar

from app.export.encoders import Output, PictureRecorder
from app.export.picture_buffer import RGB_CHANNELS
from sim.io.atomic_write import atomic_write

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    from sim.array_types import Pixels


COLOUR_TAGS = ("colorspace", "color_primaries", "color_trc", "color_range")
BT709 = 1  # what each tag says for BT.709 and limited range
MAX_RATE_DENOMINATOR = 1001  # largest denominator of a frame rate, as in 30000/1001


@dataclass(frozen=True)
class Film(PictureRecorder):
    """4:2:0, BT.709; the document is its comment, sums its description."""

    encoder: ClassVar[str]
    """FFmpeg's name of the encoder."""
    container: ClassVar[str]
    """FFmpeg's name of the container."""
    index_options: ClassVar[dict[str, str]] = {}
    """Options of the container that put its index first."""

    @abc.abstractmethod
    def options(self) -> dict[str, str]:
        """Return the options of the encoder."""

    def check(self, size: tuple[int, int], fps: float) -> None:
        for name, side in zip(("width", "height"), size, strict=True):
            if side % 2:
                raise ValueError(
                    f"{name} must be even, got {side}. Use {side - 1} or {side + 1}."
                )
        import av

        if self.encoder not in av.codecs_available:
            raise RuntimeError(
                f"PyAV {av.__version__} was built without the encoder {self.encoder}. "
                "Install PyAV from its wheel: pip install --force-reinstall av"
            )

    def write(self, pictures: Iterable[Pixels], output: Output) -> None:
        # Headers come first, but how sums were computed is known when all is drawn.
        folder = output.path.resolve().parent
        with atomic_write(output.path) as temporary, TemporaryFile(dir=folder) as draft:
            with _errors_of_file():
                self._encode(pictures, draft, output.fps)
            draft.seek(0)
            self._copy_with_metadata(draft, temporary, _metadata(output))

    def _encode(self, pictures: Iterable[Pixels], file: IO[bytes], fps: float) -> None:
        import av
        from av.video.reformatter import VideoReformatter

        stream: Any = None
        reformatter = VideoReformatter()
        with av.open(file, "w", format=self.container) as film:
            for pixels in pictures:
                if stream is None:
                    stream = self._stream(film, pixels, fps)
                film.mux(stream.encode(_frame(pixels, reformatter)))
            if stream is None:
                raise ValueError("there is no picture to write.")
            film.mux(stream.encode())

    def _stream(self, film: Any, first: Pixels, fps: float) -> Any:
        height, width = first.shape[:2]
        self.check((width, height), fps)
        rate = Fraction(fps).limit_denominator(MAX_RATE_DENOMINATOR)
        stream = film.add_stream(self.encoder, rate=rate, options=self.options())
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for tag in COLOUR_TAGS:
            setattr(stream.codec_context, tag, BT709)
        return stream

    def _copy_with_metadata(
        self, draft: IO[bytes], path: Path, metadata: dict[str, str]
    ) -> None:
        """Write a film again, as it is, with what it says of itself first."""
        import av

        with (
            av.open(draft, "r") as film,
            av.open(
                str(path), "w", format=self.container, options=self.index_options
            ) as out,
        ):
            out.metadata.update(metadata)
            stream = out.add_stream_from_template(film.streams.video[0])
            for packet in film.demux(video=0):
                if packet.dts is not None:  # the last one is empty
                    packet.stream = stream
                    out.mux(packet)


@contextlib.contextmanager
def _errors_of_file() -> Generator[None]:
    """Raise what is wrong with the file, where closing the film fails in turn."""
    from av.error import PyAVCallbackError

    try:
        yield
    except PyAVCallbackError as error:
        if isinstance(error.__context__, OSError):
            raise error.__context__ from None
        raise


def _frame(pixels: Pixels, reformatter: Any) -> Any:
    """Return pixels as a frame in BT.709, which players of HD expect."""
    import av

    order = "rgb24" if pixels.shape[2] == RGB_CHANNELS else "bgra"
    frame = av.VideoFrame.from_numpy_buffer(pixels, format=order)
    return reformatter.reformat(
        frame, format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
    )


def _metadata(output: Output) -> dict[str, str]:
    """Return what the film says of itself, under names that players know."""
    metadata = {
        "title": output.document.scenario.title,
        "comment": output.text,
        "description": "\n".join(output.sums),
    }
    return {name: text for name, text in metadata.items() if text}
