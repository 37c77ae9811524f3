"""Plays a cue without a window, and evaluates its checks and its answer."""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.lessons.expression import CueExpression
from sim.lessons.measured import Measured, Wanted
from sim.lessons.plate_values import PlateValues

if TYPE_CHECKING:
    from sim.lessons.cue import Cue
    from sim.lessons.expression import ValueSource
    from sim.plate import Plate

PART = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
"""An expression in an answer, and how its value is written."""
DIGITS = ".3g"
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Whether a check holds, and what it compares."""

    text: str
    line: int
    holds: bool
    values: str = ""

    def __str__(self) -> str:
        found = f" ({self.values})" if self.values else ""
        return f"{'holds' if self.holds else 'FAILS'}: {self.text}{found}"


def answer_parts(answer: str) -> list[CueExpression]:
    """Return the expressions in an answer."""
    return [CueExpression(found[1]) for found in PART.finditer(answer)]


def source_of(cue: Cue) -> ValueSource:
    """Play the runs of a cue, or compute its lab, for all of its expressions.

    Raises
    ------
    KeyError, ValueError, OSError
        If the cue cannot be run, or an expression asks for what it has not.
    """
    if cue.lab:
        return PlateValues(_plate_of(cue))
    wanted = Wanted(cue.comparison)
    for expression in (*cue.checks, *answer_parts(cue.answer)):
        expression.value(wanted)
    return Measured(cue.comparison, wanted)


def _plate_of(cue: Cue) -> Plate:
    plate = cue.made_lab.compute()
    count = len(plate.panels)
    if any(panel > count for panel in cue.panels):
        raise ValueError(
            f"panels: the lab {cue.lab} has {count} panels, got {max(cue.panels)}. "
            f"Give numbers from 1 to {count}."
        )
    return plate


def check_cue(cue: Cue) -> tuple[list[CheckResult], str]:
    """Return the results of the checks of a cue, and its answer with all numbers.

    Raises
    ------
    KeyError, ValueError, OSError
        As `source_of`.
    """
    if not cue.checks and not cue.answer:
        if not cue.lab:
            cue.comparison  # noqa: B018 - refuses what cannot be run
        elif cue.panels:
            _plate_of(cue)
        return [], ""
    source = source_of(cue)
    results = [
        CheckResult(c.text, c.line, bool(c.value(source)), compared(c, source))
        for c in cue.checks
    ]
    return results, filled(cue.answer, source)


def answer_of(cue: Cue) -> str:
    """Return the answer to the question of a cue, computed from its run."""
    return check_cue(cue)[1]


def filled(answer: str, source: ValueSource) -> str:
    """Return an answer with the values of its expressions."""

    def write(found: re.Match[str]) -> str:
        return written(CueExpression(found[1]).value(source), found[2] or "")

    return PART.sub(write, answer)


def written(value: Any, form: str = "") -> str:
    """Return a value as text: whole numbers without decimals."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if form:
        return _with_power(format(value, form))
    whole = math.isfinite(value) and value == round(value) and abs(value) < 1e6  # noqa: PLR2004 - longer ones get an exponent
    return _with_power(f"{value:,.0f}" if whole else f"{value:{DIGITS}}")


def _with_power(text: str) -> str:
    """Return a number with a true minus, and its exponent as a power of ten."""
    number, exponent, power = text.partition("e")
    if exponent and power[1:].isdecimal():
        text = f"{number}·10{str(int(power)).translate(RAISED)}"
    return text.replace("-", "−")


def compared(check: CueExpression, source: ValueSource) -> str:
    """Return the values of both sides of a comparison, for a message."""
    tree = check.tree
    if not isinstance(tree, ast.Compare):
        return ""
    sides = (tree.left, *tree.comparators)
    calls = [s for s in sides if any(isinstance(n, ast.Call) for n in ast.walk(s))]
    texts = [ast.unparse(side) for side in calls]
    values = [written(CueExpression(text).value(source)) for text in texts]
    return ", ".join(f"{t} = {v}" for t, v in zip(texts, values, strict=True))
