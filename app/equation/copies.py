"""Copies of the formula in force, for a document or a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from sim.expressions.formula import to_latex, to_python
from sim.formula import formula

if TYPE_CHECKING:
    from app.document.session import Session


class FormulaCopies(QObject):
    """Copies the formula of the document in force."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def latex(self) -> None:
        """Copy it as LaTeX."""
        self._copy(to_latex(formula(self._session.document.scenario)), "LaTeX")

    def python(self) -> None:
        """Copy it as a Python program."""
        self._copy(to_python(formula(self._session.document.scenario)), "Python")

    def _copy(self, text: str, language: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._session.reported.emit(f"The formula was copied as {language}.")
