"""Formulas whose symbols are marked in LaTeX, to be found again in a drawing."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sim.expressions.conditions import Joined
from sim.expressions.expression import Expression
from sim.expressions.formula import Formula
from sim.expressions.symbols import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    Marker = Callable[[str], str]  # of the path of a setting


def marked(formula: Formula, start: Marker) -> Formula:
    r"""Return a formula in which every symbol that has a setting is marked.

    `start` returns the LaTeX that opens the mark of a path, up to its bracket, such as
    ``\textcolor{#0000a1}{``.
    """
    equations = (replace(e, right=_marked(e.right, start)) for e in formula.equations)
    return Formula(tuple(equations))


def _marked(node: Any, start: Marker) -> Any:
    """Return a node, or a tuple with nodes, with its marks; else what it is."""
    if isinstance(node, tuple):
        parts: tuple[Any, ...] = node
        new = tuple(_marked(part, start) for part in parts)
        same = all(a is b for a, b in zip(new, parts, strict=True))
        return parts if same else new
    if not isinstance(node, Expression):
        return node
    changed: dict[str, Any] = {}
    for one in fields(node):
        old = getattr(node, one.name)
        new = _marked(old, start)
        if new is not old:
            changed[one.name] = new
    if isinstance(node, Symbol | Joined) and node.path:
        opening = start(node.path).replace("{", "{{").replace("}", "}}")
        changed["around"] = f"{opening}{node.around}}}}}"
    return replace(node, **changed) if changed else node
