"""The base of the pages of a trained model."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.document.sentences import sentence
from app.inspectors.page import Page
from app.inspectors.trained.subject import NO_SENTENCE, concerns, subject_of
from app.inspectors.trained.work import ModelWork

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from app.figures.figure import Figure
    from app.inspectors.trained.subject import Subject
    from app.theme.palette import Theme
    from sim.frame import Frame
    from sim.scenario import Scenario


class ModelPage(Page):
    """A page of results that `wanted` names and `compute` finds on a thread.

    `content` has the widgets of the page; a text takes its place while there is
    nothing to show.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.result: Any = None
        self.subject: Subject | None = None
        self._asked: Hashable = None
        self._work = ModelWork(self)
        self._work.done.connect(self._take)
        self._work.failed.connect(self._refuse)
        self._work.progressed.connect(self._wait)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        ignored = QSizePolicy.Policy.Ignored
        self.said.setSizePolicy(ignored, QSizePolicy.Policy.Expanding)
        self.content = QWidget()
        self.rows = QVBoxLayout(self.content)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(6)
        self._body.addWidget(self.content, 1)
        self._body.addWidget(self.said, 1)
        self._say(NO_SENTENCE)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self.said.setStyleSheet(f"color: {theme.muted}")

    @classmethod
    def fits(cls, scenario: Scenario) -> bool:
        """Return whether there is a trained model."""
        return concerns(scenario)

    @abstractmethod
    def wanted(self, subject: Subject) -> Hashable:
        """Return what the result depends on besides the kind of the page."""

    @abstractmethod
    def compute(self, subject: Subject) -> Callable[[Callable[[float], None]], Any]:
        """Return the function that finds the result, to be called on a thread.

        It raises a ValueError or an OSError where there is none, with the reason.
        """

    @abstractmethod
    def show_result(self, frame: Frame) -> None:
        """Show `result` at the time of a frame."""

    @abstractmethod
    def result_figure(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return the figure of `result`."""

    def draw(self, frame: Frame) -> None:
        """Show what is known of the frame's sentence, and ask for what is not."""
        subject = subject_of(frame.scenario)
        if subject is None:
            self._forget()
            self._say(NO_SENTENCE)
            return
        key = (self.kind, self.wanted(subject))
        if key != self._asked:
            self._forget()
            self.subject, self._asked = subject, key
            self._work.ask(key, self.compute(subject))
        elif self.result is not None:
            self.show_result(frame)

    def figure_of(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return the page as a figure; None while there is nothing on it."""
        return None if self.result is None else self.result_figure(frame, caption)

    def _forget(self) -> None:
        self._work.cancel()
        self.result = self.subject = self._asked = None

    def _take(self, result: Any) -> None:
        self.result = result
        self.said.hide()
        self.content.show()
        if self._frame is not None:
            self.show_result(self._frame)

    def _refuse(self, why: str) -> None:
        self._say(sentence(why))

    def _wait(self, share: float) -> None:
        part = f" ({100 * share:.0f} %)" if share else ""
        self._say(f"The model is being read and the sentence passed through it{part}.")

    def _say(self, text: str) -> None:
        """Show a text in the place of the content."""
        self.said.setText(text)
        self.content.hide()
        self.said.show()
        self.setAccessibleDescription(text)
        self._tip.setText("")
