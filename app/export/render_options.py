"""What a picture or film is to look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.export.layout import Layout


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Size, time and appearance of a video or picture.

    Attributes
    ----------
    size : (int, int)
        Width and height in pixels.
    fps, seconds : float
        Frames per second and length of a video; frame k shows t = k · speed / fps
        after its start.
    at : float, optional
        Simulated time of a picture; the scenario's duration by default.
    theme : {"dark", "light"}
        Colours.
    samples : int
        2 draws at twice the size, for edges a little smoother still.
    backend : str
        See `sim.Simulation`.
    layout : {"globe", "curve", "matrix"}
        The globe; beside it the energy over time; and the attention matrix as well.
    title_card : bool
        Whether a video begins with a card of its title and formula.
    start : float
        Simulated time of the first frame of a video.
    """

    size: tuple[int, int]
    fps: float = 60.0
    seconds: float = 10.0
    at: float | None = None
    theme: str = "dark"
    samples: int = 1
    backend: str = "auto"
    layout: Layout = "globe"
    title_card: bool = False
    start: float = 0.0
