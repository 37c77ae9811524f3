"""The lines of formulas that settings can bring on screen."""

import itertools
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from app.theme import formulas
from helpers.formula_parts import cases, scenario

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\S")
DIMENSION = 3


def reachable():
    """Return every line of the formulas of all laws with all parts."""
    found = set()
    with TemporaryDirectory() as folder:
        for kind, _, changes in cases():
            chosen = scenario(kind, changes, DIMENSION, Path(folder))
            found |= set(formulas.all_lines(chosen))
    return found


def pairs(latex):
    """Return the pairs of LaTeX tokens that stand side by side in a formula."""
    tokens = TOKEN.findall(latex)
    return set(itertools.pairwise(tokens))


def covering(lines):
    """Return a few lines in which every pair of tokens of all of them occurs."""
    left = {latex: pairs(latex) for latex in sorted(lines)}
    wanted, chosen = set().union(*left.values()), []
    while wanted:
        best = max(left, key=lambda latex: len(left[latex] & wanted))
        wanted -= left.pop(best)
        chosen.append(best)
    return chosen
