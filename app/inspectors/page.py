"""The base of all pages of the inspectors."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.figures.caption import frame_caption
from app.widgets.elided_label import ElidedLabel, ValueLabel
from app.widgets.throttle import Throttle
from app.widgets.view import NO_REQUEST, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent

    from app.figures.figure import Figure
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest
    from sim.scenario import Scenario


ROW_SPACING_PX = 8  # between a title and what is beside it


class Page(View):
    """A title, a short comment, and what the page draws of each frame.

    A page is a subclass in the table of `app.inspectors.tabs`: it has a name, says
    which scenarios it fits and what frames should hold for it, and draws frames.
    """

    has_figure: ClassVar[bool] = True

    kind: ClassVar[str] = ""
    """Its name in code and in saved settings."""
    title: ClassVar[str] = ""
    """Its name on screen."""
    icon: ClassVar[str] = ""
    """The file of assets/icons on its tab."""
    wants: ClassVar[FrameRequest] = NO_REQUEST
    """What frames should hold while it is visible."""
    rate: ClassVar[float] = 10.0
    """Most drawings per second."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frame: Frame | None = None
        self._throttle = Throttle(self, self.rate, self._draw)
        self._title, self._tip = QLabel(self.title), ElidedLabel(role="small")
        self._title.setProperty("role", "title")
        self._value, self._presented = ValueLabel(role="small"), False
        self._value.hide()
        self.setAccessibleName(self.title)
        self._title_row = QHBoxLayout()
        self._title_row.setSpacing(ROW_SPACING_PX)
        self._title_row.addWidget(self._title)
        self._title_row.addWidget(self._tip)
        self._title_row.addWidget(self._value)
        self._title_row.addStretch(1)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(12, 4, 12, 8)
        self._body.setSpacing(8)
        self._body.addLayout(self._title_row)

    @classmethod
    def fits(cls, scenario: Scenario) -> bool:
        """Return whether the page has anything to show of `scenario`."""
        return True

    @classmethod
    def flag(cls, scenario: Scenario) -> str:
        """Return a warning for the tab, in a sentence; an empty text for none."""
        return ""

    def present(self, on: bool) -> None:
        """Leave the comment out, for which large letters have no room, or not."""
        self._presented = on
        self.read_out(self._value.text())

    def read_out(self, text: str) -> None:
        """Show the value under the mouse in the place of the comment; at "" that.

        Where it has no room beside the title, it has that of the title.
        """
        self._value.setText(text)
        self._value.setVisible(bool(text))
        self._tip.setHidden(bool(text) or self._presented)
        self._title.show()
        self._title_row.invalidate()
        margins = self._body.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        fits = self._title_row.sizeHint().width() <= room
        self._title.setVisible(fits or not text)

    def request(self) -> FrameRequest:
        """Return what the next frames should hold: nothing while the page is hidden."""
        return self.wants if self.isVisible() else NO_REQUEST

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self._throttle.schedule()

    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Take the frame of the first lane, and draw it soon."""
        self._frame = frames[0]
        self._throttle.schedule()

    @abstractmethod
    def draw(self, frame: Frame) -> None:
        """Draw a frame; what it lacks of the page's request has yet to come."""

    def figure(self) -> Figure | None:
        """Return the page as a figure of the frame on show; None without one."""
        if self._frame is None:
            return None
        return self.figure_of(self._frame, frame_caption(self._frame))

    @abstractmethod
    def figure_of(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return the figure of a frame; None where it has nothing to show."""

    def _draw(self) -> None:
        if self._frame is not None:
            self.draw(self._frame)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Draw the frame that came while the page was hidden."""
        super().showEvent(event)
        self._throttle.schedule()
