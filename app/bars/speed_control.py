"""The speed of a run: its slider, and what is achieved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.document.look import Look
from app.widgets.controls import Slider
from app.widgets.elided_label import ElidedLabel
from app.widgets.slider_scale import TICKS, SliderScale
from sim.settings.knobs import knobs

if TYPE_CHECKING:
    from app.document.document import Document
    from app.document.session import Session
    from sim.engine import Pace

BEHIND_SHARE = 0.9  # of the speed asked for: below, what is achieved is said
SLOW_SPEED = 0.1  # slower speeds are shown with three decimals
NUDGE_TICKS = 20  # of one press of a key or turn of a wheel
SPEED = "look.speed"
SPEED_SCALE = SliderScale(knobs(Look)["speed"], 0.1, 10.0, False)


class SpeedSlider(Slider):
    """Sets the speed of the document."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName("Speed")
        self.setToolTip(SPEED_SCALE.knob.help)
        self.valueChanged.connect(self._slid)
        self.sliderReleased.connect(session.release)
        self.nudged.connect(self._nudge)
        self.reset.connect(self._reset_speed)

    def show_speed(self, document: Document) -> None:
        """Show the speed of `document`, unless the slider is being dragged."""
        if not self.isSliderDown():
            blocked = self.blockSignals(True)
            self.setValue(SPEED_SCALE.tick(document.look.speed))
            self.blockSignals(blocked)

    def _slid(self, tick: int) -> None:
        self._session.edit(SPEED, SPEED_SCALE.value(tick))

    def _nudge(self, steps: float) -> None:
        now = SPEED_SCALE.tick(self._session.document.look.speed)
        tick = min(max(round(now + NUDGE_TICKS * steps), 0), TICKS)
        self._session.edit(SPEED, SPEED_SCALE.value(tick))

    def _reset_speed(self) -> None:
        self._session.release()
        self._session.edit(SPEED, Look().speed)


class RateLabel(ElidedLabel):
    """Shows the speed, or what is achieved of it."""

    def __init__(self) -> None:
        super().__init__("", "")

    def show_rate(self, pace: Pace, requested: float) -> None:
        """Show the speed that was requested, or that of `pace` if it is behind."""
        behind = pace.playing and 0 < pace.rate < BEHIND_SHARE * requested
        shown = pace.rate if behind else requested
        self.setText(f"{shown:.2g}×" if shown >= SLOW_SPEED else f"{shown:.3f}×")
        self.setProperty("role", "warn" if behind else "")
        self.style().polish(self)
        tip = f"{requested:g} × wall-clock time"
        if behind:
            tip = (
                f"Requested {requested:g}×, achieved {pace.rate:.2g}×: a step takes "
                f"{pace.step_ms:.1f} ms. Use fewer tokens or a larger step h."
            )
        self.setToolTip(tip)
