"""The name of the lane that panels are of, after a sample of its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.theme.palette import LANE_DASHES
from app.widgets.elided_label import ElidedLabel
from app.widgets.line_sample import LineSample

if TYPE_CHECKING:
    from app.theme.palette import Theme


class LaneName(QWidget):
    """Says which lane is asked about; hidden where there is one run alone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._samples = [LineSample(dashes) for dashes in LANE_DASHES]
        self._title = ElidedLabel(role="small")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 4, 0)
        box.setSpacing(6)
        for part in (*self._samples, self._title):
            box.addWidget(part)
        self.set_theme(theme)
        self.show_lane(0, "")

    @property
    def text(self) -> str:
        """The name; empty if it is hidden."""
        return self._title.text()

    def show_lane(self, place: int, title: str) -> None:
        """Name the lane at `place`, from 0; hide the name without a title."""
        self._title.setText(title)
        self.setToolTip(f"Of lane {place + 1}: {title}")
        for k, sample in enumerate(self._samples):
            sample.setVisible(k == place)
        self.setVisible(bool(title))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        for sample, colour in zip(self._samples, theme.lanes, strict=True):
            sample.set_colour(colour)
