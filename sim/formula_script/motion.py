"""The function of a program that gives the velocity, or tokens after a layer."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

from sim.expressions.sums import Iterated
from sim.expressions.symbols import Named
from sim.formula_script.pieces import names_in

if TYPE_CHECKING:
    from sim.expressions.formula import Formula

FIRST = {  # of the function, by the name that it reads
    "noise": "noise = np.zeros(x.shape) if noise is None else noise",
    "kept": "kept = kept_in(t)",
    "half_layer": "half_layer = half_layer_of(SETTINGS, x, t)",
}
CLOCKED = {"kept", "half_layer"}  # those that need the time
OF_EACH = """\
def {name}(i):
    return {right}
{subject} = np.zeros(x.shape)
for i in range(size_i):
    {subject}[i] = {name}(i)"""
RESULTS = {  # what an equation is of, and where it is put
    "token": "tokens",
    "tokens": "tokens",
    "momentum": "momenta",
    "edges": "momenta",
}


def motion(formula: Formula, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the function and its parameters: of x, and p, t or noise where they are.

    It returns tokens, (n, d), and momenta if there are any.
    """
    defined, late = _definitions(formula)
    results: list[str] = []
    for equation in formula.equations:
        right, subject = equation.right.python(), equation.subject
        if subject == "all":
            late.append(f"whole = {right}")
            results += ["whole[:size_i]", "whole[size_i:]"]
            continue
        result = RESULTS[subject]
        if subject in ("token", "momentum"):
            part = f"the_{subject}"
            late.append(OF_EACH.format(name=part, right=right, subject=result))
        else:
            late.append(f"{result} = {right}")
        results.append(result)
    body = [_tidied(text) for text in (*defined, *late)]
    body.append(f"return {', '.join(results)}")
    return _function(name, "\n\n".join(body))


def _definitions(formula: Formula) -> tuple[list[str], list[str]]:
    """Return what names stand for, and loops that compute others after those."""
    defined: dict[str, None] = {}
    late: dict[str, None] = {}
    for node in formula.nodes():
        if isinstance(node, Named):
            defined[_with_sums_apart(node.python_definition())] = None
        elif isinstance(node, Iterated):
            late[node.python_definition()] = None
    return list(defined), list(late)


def _function(name: str, body: str) -> tuple[str, tuple[str, ...]]:
    """Return a function of what its body reads of x, p, t and noise."""
    read = names_in(body)
    first = [line for key, line in FIRST.items() if key in read]
    clocked = "t" in read or bool(read & CLOCKED)
    parameters = ("x", *(p for p in ("p", "noise") if p in read))
    given = [{"noise": "noise=None"}.get(p, p) for p in parameters]
    if clocked:
        parameters, given = (*parameters, "t"), [*given, "t=0.0"]
    inside = textwrap.indent("\n".join((*first, body)), "    ")
    return f"def {name}({', '.join(given)}):\n{inside}", parameters


def _with_sums_apart(text: str) -> str:
    """Return the cached function of a text, its sums in functions of what they need.

    A weight Aᵢⱼ has a sum over k that is the same for every j: made once, it leaves a
    program of n² steps and not n³.
    """
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    apart = _SumsApart(function)
    apart.visit(function)
    parts = (*apart.sums, ast.unparse(function))
    return "\n\n".join(f"@functools.cache\n{part}" for part in parts)


class _SumsApart(ast.NodeTransformer):
    """Takes sums out of a function that need fewer arguments than it has."""

    def __init__(self, function: ast.FunctionDef) -> None:
        self.name = function.name
        self.arguments = [argument.arg for argument in function.args.args]
        self.sums: list[str] = []

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not (isinstance(node.func, ast.Name) and node.func.id == "sum"):
            return self.generic_visit(node)
        read = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        needed = [argument for argument in self.arguments if argument in read]
        if len(needed) == len(self.arguments):
            return node
        name = f"{self.name}_sum_{len(self.sums) + 1}"
        given = ", ".join(needed)
        self.sums.append(f"def {name}({given}):\n    return {ast.unparse(node)}")
        return ast.parse(f"{name}({given})", mode="eval").body

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node  # what is in it may need the argument of it

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return node


def _tidied(text: str) -> str:
    """Return Python without brackets that it does not need."""
    return ast.unparse(ast.parse(text))
