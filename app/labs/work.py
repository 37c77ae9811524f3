"""Computes labs on a thread: of those asked for meanwhile only the latest is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.widgets.background import BackgroundWork

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.labs import Lab
    from sim.plate import Plate


class LabWork(QObject):
    """Computes one lab at a time."""

    done = Signal(object, object)
    """The lab and its plate."""
    failed = Signal(object, str)
    """The lab, and why it has none."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._running: Lab | None = None
        self._next: Lab | None = None

    @property
    def busy(self) -> bool:
        """Whether something is being computed."""
        return self._running is not None

    def ask(self, lab: Lab) -> None:
        """Compute `lab`, now or after the one that is being computed."""
        if self._running is not None:
            self._next = lab
            return
        self._running = lab

        def compute(_report: Callable[[float], None]) -> Plate:
            try:
                return lab.compute()
            except (ArithmeticError, MemoryError) as error:
                raise ValueError(
                    f"these settings are too large to compute: {error}. Lower them, or "
                    "go back to the defaults."
                ) from error

        work = BackgroundWork(compute, self)
        work.done.connect(self._show)
        work.failed.connect(self._fail)

    def _show(self, plate: Plate) -> None:
        lab = self._leave()
        self.done.emit(lab, plate)
        self._go_on()

    def _fail(self, why: str) -> None:
        lab = self._leave()
        self.failed.emit(lab, why)
        self._go_on()

    def _leave(self) -> Lab | None:
        lab, self._running = self._running, None
        return lab

    def _go_on(self) -> None:
        lab, self._next = self._next, None
        if lab is not None:
            self.ask(lab)
