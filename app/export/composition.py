"""A renderer with what its layout shows beside the globe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.export.curve_axis import CURVES, measured
from app.export.frame_times import NOTHING
from app.export.matrix_plot import REQUEST, why_no_matrix
from app.export.narrative import Narrative
from app.export.panels import Panels
from app.export.renderer import Renderer, application
from app.theme.palette import THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.document.document import Document
    from app.export.render_options import RenderOptions
    from sim.clocks import Clock
    from sim.frame import FrameRequest

STILL_TIMES = 400  # at which the curve of a still is measured


def request_of(options: RenderOptions) -> FrameRequest:
    """Return what frames must hold for a layout, besides what the globe shows."""
    if options.layout == "globe":
        return NOTHING
    return CURVES | REQUEST if options.layout == "matrix" else CURVES


def times_of_still(clock: Clock, end: float) -> list[float]:
    """Return the times, even on the clock, at which a still's curve is measured."""
    places = np.linspace(0.0, clock.coordinate(end), STILL_TIMES)[:-1]
    return [*map(clock.time, places.tolist()), end]


def composed_renderer(
    document: Document,
    options: RenderOptions,
    times: Sequence[float],
    report: Callable[[float], None],
) -> Renderer:
    """Return a renderer of `document`.

    Parameters
    ----------
    document : Document
        Scenario, changes and look.
    options : RenderOptions
        Size, layout and appearance.
    times : sequence of float
        Those of a film's frames, or the one of a still, whose curve starts at 0.
    report : callable
        Receives the share that is done, while the run is measured for the curve.

    Raises
    ------
    ValueError
        If the law has nothing that the layout shows.
    RuntimeError
        If there is no OpenGL to draw with.
    """
    o, theme, still = options, THEMES[options.theme], len(times) == 1
    if still and times[0] > 0:
        times = times_of_still(document.scenario.clock, times[0])
    span = times[0], times[-1]
    narrative, panels = Narrative(document.run, *span), None
    if o.layout != "globe":
        if o.layout == "matrix" and (why := why_no_matrix(document.scenario)):
            raise ValueError(why)
        application()
        axis, values = measured(document, times, o.backend, report)
        panels = Panels(o.layout, o.size, theme, axis, span, narrative)
        if still:
            panels.prepend(values)
    return Renderer(o.size, theme, document.look, o.samples, narrative, panels)
