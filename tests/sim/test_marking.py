"""Marked formulas are the formulas, with every symbol that has a setting marked."""

import re

import pytest
from helpers.formula_parts import cases, scenario

from sim.expressions.formula import to_latex
from sim.expressions.marking import marked
from sim.formula import formula

CASES = list(cases())
OPENING = re.compile(r"\\mark\{([^}]*)\}\{")


def start(path):
    return rf"\mark{{{path}}}{{"


def stripped(latex):
    """Return LaTeX without marks, whose brackets are counted."""
    while found := OPENING.search(latex):
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(latex[end], 0)
            end += 1
        latex = latex[: found.start()] + latex[found.end() : end - 1] + latex[end:]
    return latex


@pytest.mark.slow
def test_marks_are_all_that_marked_formulas_have_more(tmp_path):
    marks = 0
    for kind, _, changes in CASES:
        try:
            plain = formula(scenario(kind, changes, 3, tmp_path))
        except ValueError:  # parts that do not fit together
            continue
        latex = to_latex(marked(plain, start))
        assert stripped(latex) == to_latex(plain)
        found = set(OPENING.findall(latex))
        assert found == {symbol.path for symbol in plain.symbols()}
        marks += len(found)
    assert marks > len(CASES)
