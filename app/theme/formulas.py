"""The equations of motion of a scenario, in lines of LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.formula import formula

if TYPE_CHECKING:
    from sim.scenario import Scenario


def equation(scenario: Scenario) -> str:
    """Return the equations of motion in one line, with names that need definitions."""
    return formula(scenario).main()


def lines(scenario: Scenario) -> tuple[str, ...]:
    """Return the equations of motion, and the definitions that say what is special.

    Those that every reader knows, such as a normalising sum, are left out.
    """
    found = formula(scenario)
    return (found.main(), *found.definitions(routine=False))


def all_lines(scenario: Scenario) -> tuple[str, ...]:
    """Return the equations of motion, and every definition that they need."""
    found = formula(scenario)
    return (found.main(), *found.definitions())
