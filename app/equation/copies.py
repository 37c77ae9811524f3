"""Copies of the formula in force, for a document or a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.widgets.background import LatestWork
from sim.expressions.formula import to_latex
from sim.formula import formula
from sim.formula_script import script

if TYPE_CHECKING:
    from app.document.session import Session


class FormulaCopies(QObject):
    """Copies the formula of the document in force."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session, self._making = session, LatestWork(self)

    def latex(self) -> None:
        """Copy it as LaTeX."""
        self._copy(to_latex(formula(self._session.document.scenario)), "LaTeX")

    def python(self) -> None:
        """Copy it as a Python program, which is made in the background."""
        scenario = self._session.document.scenario

        def work(_: object) -> str:
            return script(scenario)

        making = self._making.start(work)
        making.done.connect(self._copy_program)
        making.failed.connect(self._session.reported)

    def _copy_program(self, text: str) -> None:
        self._copy(text, "Python")

    def _copy(self, text: str, language: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._session.reported.emit(f"The formula was copied as {language}.")
