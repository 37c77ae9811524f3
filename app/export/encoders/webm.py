"""A film as WebM, for pages of the web."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from app.export.film import Film
from sim.settings.knobs import Knob


@dataclass(frozen=True)
class WebM(Film):
    """VP9 at a constant quality."""

    kind: ClassVar[str] = "webm"
    title: ClassVar[str] = "Video (WebM, VP9)"
    suffix: ClassVar[str] = ".webm"
    encoder: ClassVar[str] = "libvpx-vp9"
    container: ClassVar[str] = "webm"
    index_options: ClassVar[dict[str, str]] = {"cues_to_front": "1"}
    quality: Annotated[
        int,
        Knob("CRF", 0, 63, help="Constant rate factor: lower is finer and larger."),
    ] = 22

    def options(self) -> dict[str, str]:
        return {
            "crf": str(self.quality),
            "b": "0",  # no bound of the bit rate: the quality is constant
            "deadline": "realtime",
            "cpu-used": "6",
            "row-mt": "1",
            "tile-columns": "2",
        }
