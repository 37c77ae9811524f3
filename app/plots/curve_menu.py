"""The menu of the curves that can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.plots.headings import heading
from sim.dynamics import Dynamics
from sim.observables import Observable

if TYPE_CHECKING:
    from sim.scenario import Scenario


def menu_of(
    parent: QWidget, scenario: Scenario | None, shown: tuple[str, ...], most: int
) -> QMenu:
    """Return a menu of every observable; at least one and at most `most` are shown."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    for kind in Observable.kinds():
        if kind == "f_hat" and energy_is_f_hat(scenario) and kind not in shown:
            continue  # it would stand there twice
        about = heading(kind, scenario)
        action = QAction(about.name, menu, checkable=True, checked=kind in shown)
        action.setToolTip(about.formula)
        action.setData(kind)
        action.setEnabled(len(shown) > 1 if kind in shown else len(shown) < most)
        menu.addAction(action)
    return menu


def energy_is_f_hat(scenario: Scenario | None) -> bool:
    """Whether the energy of the law in force is F̂ itself."""
    law = None if scenario is None else scenario.dynamics
    return law is not None and law.energy_name == Dynamics.energy_name
