"""The parts of a presentation, and what its keys do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from app.actions import COMMANDS
from app.presenter.cover import Cover
from app.presenter.facts import star_text
from app.presenter.header_footer import PresentationFooter, PresentationHeader
from app.presenter.panel import PresentationPanel
from app.presenter.star import star_of, stepped

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGridLayout, QWidget

    from app.actions import Commands
    from app.document.document import Document
    from app.document.session import Session
    from app.presenter.cover import CoverMode
    from app.theme.palette import Theme

ONLY_PRESENTING = ("blank", "spotlight", "pointer", "star_up", "star_down")
"""Commands whose keys mean something else, or nothing, outside a presentation."""
NOT_SAID = frozenset({"present", "leave", "blank", "spotlight", "pointer", "full"})
"""Commands whose effect the audience sees anyway."""


class Presentation(QObject):
    """What surrounds the globe in a presentation.

    Parameters
    ----------
    session : Session
        Whose document is shown, and whose star setting is changed.
    page : QWidget
        What is covered by black, a spotlight or a pointer.
    """

    mode_changed = Signal(str)
    """What covers the picture now; see `Cover.show_mode`."""
    key_said = Signal(str, str)
    """A key, and what it does."""
    lab_stepped = Signal(int)
    """The star setting of the lab on show is to go up (1) or down (−1)."""
    titled = Signal(bool)
    """Whether a lesson gives the title of what is shown."""

    def __init__(self, session: Session, page: QWidget, theme: Theme) -> None:
        super().__init__(page)
        self._session = session
        self.header, self.footer = PresentationHeader(theme), PresentationFooter(theme)
        self.panel, self.cover = PresentationPanel(theme), Cover(page)
        self._shown, self._words, self.has_lab = False, ("", "", ""), False
        self.gives_way = False  # panel and formula, to one below the curves
        session.changed.connect(self._follow)
        self._follow(session.document, session.document)

    def place(self, grid: QGridLayout, columns: int) -> None:
        """Place the parts in a grid whose middle row has the globe."""
        grid.addWidget(self.header, 0, 0, 1, columns + 1)
        grid.addWidget(self.panel, 1, columns)
        grid.addWidget(self.footer, 4, 0, 1, columns + 1)

    def watch(self, commands: Commands) -> None:
        """Say which commands are called, and enable those of a presentation."""
        self._commands = commands
        for command in COMMANDS:
            if command.id not in NOT_SAID:
                action = commands[command.id]
                action.triggered.connect(partial(self._say, command.id))
        self.show_parts(False, 0, 0)

    def show_parts(self, shown: bool, width: int, height: int) -> None:
        """Show all parts in a window of a size, or none."""
        self._shown = shown
        for name in ONLY_PRESENTING:
            self._commands[name].setEnabled(shown)
        self.panel.fit(width)
        self._show_header()
        for part in (self.panel, self.footer):
            part.setVisible(shown and not (self.has_lab or self.gives_way))
        self.header.fit()
        self.footer.fit()
        if not shown and self.cover.mode:
            self._toggle("")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`; the panel is passed them as a view."""
        self.header.set_theme(theme)
        self.footer.set_theme(theme)

    def show_words(self, title: str, text: str = "", progress: str = "") -> None:
        """Show a title and text in place of the law's name; none to end that."""
        self._words = title, text, progress
        self.titled.emit(bool(title))
        self._follow(self._session.document, self._session.document)

    def blank(self) -> None:
        """Make the picture black, or show it again."""
        self._toggle("blank")

    def spotlight(self) -> None:
        """Darken all but a circle around the mouse, or no longer."""
        self._toggle("spotlight")

    def pointer(self) -> None:
        """Put a bright dot where the mouse is, or no longer."""
        self._toggle("pointer")

    def step_star(self, direction: int) -> None:
        """Change the star setting by one step up (1) or down (−1)."""
        if self.has_lab:
            self.lab_stepped.emit(direction)
            return
        document = self._session.document
        if path := star_of(document):
            self._session.edit(path, stepped(document, path, direction))

    def show_run(self, shown: bool) -> None:
        """Show what belongs to a run; without one, a lab takes the picture's place."""
        self.has_lab = not shown
        self._show_header()
        for part in (self.panel, self.footer):
            part.setVisible(self._shown and shown and not self.gives_way)

    def say(self, text: str) -> None:
        """Say for a while what was done."""
        self.footer.show_key("", text)

    def stop(self) -> None:
        """Stop what runs in the background."""
        self.footer.stop()

    def _show_header(self) -> None:
        """Show what the picture is of; a lab says that itself, unless in a lesson."""
        self.header.setVisible(
            self._shown and (bool(self._words[0]) or not self.has_lab)
        )

    def _toggle(self, mode: CoverMode) -> None:
        new: CoverMode = "" if mode == self.cover.mode else mode
        self.cover.show_mode(new)
        self.mode_changed.emit(new)

    def _follow(self, _old: Document, new: Document) -> None:
        scenario = new.scenario
        title, text, progress = self._words
        law = scenario.dynamics.title
        below = law if title else scenario.title
        self.header.show_words(title or law, text, progress)
        self._show_header()
        self.footer.show_law(scenario, below)

    def _say(self, name: str) -> None:
        """Show which key was pressed, and what it does."""
        if not self._shown:
            return
        action = self._commands[name]
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        text = action.text().removesuffix("…")
        if name.startswith("star_") and self.has_lab:
            return  # the lab shows it
        if name.startswith("star_"):
            keys = "↑" if name == "star_up" else "↓"
            text = " ".join(star_text(self._session.document))
        self.footer.show_key(keys, text)
        self.key_said.emit(keys, text)
