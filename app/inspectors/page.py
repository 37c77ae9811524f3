"""One readout below the curves, chosen by its tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.widgets.elided_label import ElidedLabel
from app.widgets.throttle import Throttle
from sim.frame import FrameRequest

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from app.theme.palette import Theme
    from sim.array_types import AnyArray
    from sim.frame import Frame
    from sim.scenario import Scenario


NOTHING = FrameRequest(observables=frozenset(), clusters=False)
"""The request of a page that is not visible."""


class Page(QWidget):
    """A title, a word on it, and what the page draws of each frame.

    A page is a subclass in the table of `app.inspectors.tabs`: it names itself, says
    which scenarios it fits and what frames should hold for it, and draws.
    """

    kind: ClassVar[str] = ""
    """Its name in code and in what is remembered."""
    title: ClassVar[str] = ""
    """Its name on screen."""
    icon: ClassVar[str] = ""
    """The file of assets/icons on its tab."""
    wants: ClassVar[FrameRequest] = NOTHING
    """What frames should hold while it is seen."""
    rate: ClassVar[float] = 10.0
    """Drawings a second, at most."""

    token_chosen = Signal(int)
    """A token was pointed out by a click."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Frame, AnyArray, AnyArray] | None = None
        self._throttle = Throttle(self, self.rate, self._draw)
        self._title, self._tip = QLabel(self.title), ElidedLabel(role="small")
        self._title.setProperty("role", "title")
        self._title_row = QHBoxLayout()
        self._title_row.setSpacing(8)
        self._title_row.addWidget(self._title)
        self._title_row.addWidget(self._tip)
        self._title_row.addStretch(1)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(12, 4, 12, 8)
        self._body.setSpacing(8)
        self._body.addLayout(self._title_row)

    @classmethod
    def fits(cls, scenario: Scenario) -> bool:
        """Return whether there is anything to show of `scenario`."""
        return True

    @classmethod
    def flag(cls, scenario: Scenario) -> str:
        """Return why the tab should carry a dot, in a sentence; empty for no dot."""
        return ""

    def request(self) -> FrameRequest:
        """Return what the next frames should hold: nothing unless the page is seen."""
        return self.wants if self.isVisible() else NOTHING

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self._throttle.schedule()

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark `tokens`, which were chosen."""

    def show_frame(self, frame: Frame, numbers: AnyArray, colours: AnyArray) -> None:
        """Take a frame, and draw it soon.

        Parameters
        ----------
        frame : Frame
            With what the page wants, if its last `request` has reached the engine.
        numbers : int, shape (n,)
            The cluster of each token, see `app.scene.cluster_ids`.
        colours : float, shape (n, 4)
            The colour of each token.
        """
        self._shown = frame, numbers, colours
        self._throttle.schedule()

    def draw(self, frame: Frame, numbers: AnyArray, colours: AnyArray) -> None:
        """Draw a frame, given as to `show_frame`; what it lacks has yet to come."""
        raise NotImplementedError

    def _draw(self) -> None:
        if self._shown is not None:
            self.draw(*self._shown)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up."""
        super().showEvent(event)
        self._throttle.schedule()
