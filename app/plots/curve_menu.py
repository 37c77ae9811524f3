"""The menu of all observables that can be shown as curves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.annotations.hat import HAT
from app.plots.headings import heading
from sim.dynamics import Dynamics
from sim.observables import Observable

if TYPE_CHECKING:
    from app.plots.plot import Plot
    from sim.scenario import Scenario


def curve_menu(
    parent: QWidget, scenario: Scenario | None, shown: tuple[str, ...], limit: int
) -> QMenu:
    """Return a menu of every observable, of which one to `limit` can be shown."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    headings = {kind: heading(kind, scenario) for kind in Observable.kinds()}
    if energy_is_f_hat(scenario) and "f_hat" not in shown:
        del headings["f_hat"]  # it would be listed twice
    texts = menu_texts({kind: about.name for kind, about in headings.items()})
    for kind, about in headings.items():
        action = QAction(texts[kind], menu, checkable=True, checked=kind in shown)
        action.setToolTip(about.formula)
        action.setData(kind)
        action.setEnabled(len(shown) > 1 if kind in shown else len(shown) < limit)
        menu.addAction(action)
    return menu


def add_logarithmic_entry(menu: QMenu, plot: Plot, before: QAction) -> QAction:
    """Add an entry that sets whether the axis of `plot` is logarithmic; return it."""
    entry = QAction("Logarithmic axis", menu, checkable=True)
    entry.setChecked(plot.logarithmic)
    entry.toggled.connect(partial(setattr, plot, "logarithmic"))
    menu.insertAction(before, entry)
    menu.insertSeparator(before)
    return entry


def menu_texts(names: dict[str, str]) -> dict[str, str]:
    """Return the texts of curves by kind: their names, and a word for a hat.

    Menus set the hat of F̂ so low that it is easily taken for F.
    """
    plain = set(names.values())
    return {
        kind: f"{name}, normalised" if HAT in name and bare(name) in plain else name
        for kind, name in names.items()
    }


def bare(name: str) -> str:
    """Return `name` without hats."""
    return name.replace(HAT, "")


def energy_is_f_hat(scenario: Scenario | None) -> bool:
    """Return whether the energy of the law is F̂ itself."""
    law = None if scenario is None else scenario.dynamics
    return law is not None and law.energy_name == Dynamics.energy_name
