"""Expressions over the observables of a run, such as ``clusters(10) == 1``.

Python's syntax, of which numbers, arithmetic, comparisons, ``and``, ``or``, ``not``
and the functions of `FUNCTIONS` are understood; nothing else is evaluated.
"""

from __future__ import annotations

import ast
import math
import operator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from sim.lessons.sentence_values import FUNCTIONS
from sim.observables import Observable
from sim.settings.near_misses import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
PLAIN: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "cos": math.cos,
    "sin": math.sin,
}
OF_LABS = ("bar", "curve", "cell", "total", "bars", "highest", "lowest")
NAMES = ("end", "pi", "e")
MAX_LENGTH = 400  # characters
PARAMETERS = {
    "rises": "rises(observable, from, to, lane)",
    "falls": "falls(observable, from, to, lane)",
    "least": "least(observable, from, to, lane)",
    "most": "most(observable, from, to, lane)",
    "spread": "spread(observable, from, to, lane)",
    "reached": "reached(observable, value, lane)",
    "cosine": "cosine(token, token, time, lane)",
    "moved": "moved(token, time, lane)",
    "length": "length(token, time, lane)",
    "distance": "distance(token, token, time, lane)",
    "weight": "weight(token, token, time, lane)",
    "word_cosine": "word_cosine(word, time, lane, lane)",
    "near": "near(a, b, tolerance)",
    **FUNCTIONS,
}


class ValueSource(Protocol):
    """What gives the values of functions over a run or a lab."""

    def number(self, name: str) -> float:
        """Return a named number, such as ``end``."""
        ...

    def value(self, name: str, args: tuple[Any, ...]) -> Any:
        """Return the value of a function that is not plain arithmetic."""
        ...


@dataclass(frozen=True)
class CueExpression:
    """An expression that has been read; see `read`."""

    text: str
    line: int = 0

    @cached_property
    def tree(self) -> ast.expr:
        """The syntax tree.

        Raises
        ------
        ValueError
            If it is none, or has what is not understood; says what.
        """
        if len(self.text) > MAX_LENGTH:
            raise ValueError(f"an expression has up to {MAX_LENGTH} characters.")
        try:
            tree = ast.parse(self.text.strip(), mode="eval").body
        except SyntaxError as error:
            at = f" at character {error.offset}" if error.offset else ""
            raise ValueError(
                f"{self.text!r} is no expression{at}. Write one such as "
                "clusters(10) == 1."
            ) from None
        for node in ast.walk(tree):
            _check(node)
        return tree

    def value(self, source: ValueSource) -> Any:
        """Return the value; every part is evaluated, so that a source sees all."""
        return _value(self.tree, source)


def read(text: str, line: int = 0) -> CueExpression:
    """Read an expression.

    Raises
    ------
    ValueError
        As `CueExpression.tree`.
    """
    made = CueExpression(text.strip(), line)
    made.tree  # noqa: B018 - refuses what is not understood now
    return made


def _check(node: ast.AST) -> None:
    """Refuse what is not understood."""
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise ValueError("functions are called as name(a, b), without keywords.")
        _check_function(node.func.id)
    elif isinstance(node, ast.Constant):
        if not isinstance(node.value, int | float | str):
            raise ValueError(f"{node.value!r} is neither a number nor a text.")
    elif not isinstance(
        node,
        ast.expr_context
        | ast.Name
        | ast.BinOp
        | ast.UnaryOp
        | ast.BoolOp
        | ast.Compare
        | ast.boolop
        | ast.unaryop,
    ) and not isinstance(node, (*BINARY, *COMPARE)):
        raise ValueError(
            f"{ast.unparse(node) if isinstance(node, ast.expr) else 'a sign'} is not "
            "understood. Use numbers, + - * / **, comparisons, and, or, not, and "
            "functions."
        )


def _check_function(name: str) -> None:
    known = [*PLAIN, *PARAMETERS, *OF_LABS, *Observable.kinds()]
    if name not in known:
        raise ValueError(
            f"there is no function or observable {name!r}.{did_you_mean(name, known)} "
            "Observables are listed by orrery lesson --observables."
        )


def _value(node: ast.expr, source: ValueSource) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return node.id if node.id in Observable.kinds() else source.number(node.id)
        case ast.UnaryOp():
            inner = _value(node.operand, source)
            if isinstance(node.op, ast.Not):
                return not inner
            return -inner if isinstance(node.op, ast.USub) else +inner
        case ast.BinOp():
            left, right = _value(node.left, source), _value(node.right, source)
            return BINARY[type(node.op)](left, right)
        case ast.BoolOp():
            parts = [bool(_value(part, source)) for part in node.values]
            return all(parts) if isinstance(node.op, ast.And) else any(parts)
        case ast.Compare():
            values = [_value(part, source) for part in (node.left, *node.comparators)]
            signs = [COMPARE[type(sign)] for sign in node.ops]
            pairs = zip(signs, values[:-1], values[1:], strict=True)
            return all(sign(a, b) for sign, a, b in pairs)
        case ast.Call(func=ast.Name(id=name)):
            args = tuple(_value(part, source) for part in node.args)
            return _call(name, args, source)
        case _:
            raise ValueError(f"{ast.unparse(node)} is not understood.")


def _call(name: str, args: tuple[Any, ...], source: ValueSource) -> Any:
    try:
        if name == "near":
            a, b, tolerance = args
            return abs(a - b) <= tolerance
        if name in PLAIN:
            return PLAIN[name](*args)
        return source.value(name, args)
    except (TypeError, IndexError) as error:
        form = PARAMETERS.get(name, f"{name}(time, lane)")
        raise ValueError(f"{name} is used as {form}: {error}.") from None
