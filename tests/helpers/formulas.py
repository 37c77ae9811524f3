"""Every equation of motion that turning settings can bring on screen."""

import itertools
import re

from app.theme.formulas import bare
from sim.dynamics import Dynamics
from sim.settings.knobs import choices, kind_of, knobs, put, walk
from sim.settings.serialise import family

TELLING = (-1.0, 0.0, 0.5, 1.0)  # values at which a formula may read differently
TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\S")


def reachable():
    """Return every formula that turning settings one by one can lead to."""
    found = {}
    fresh = [make() for make in Dynamics.kinds().values()]
    while fresh:
        law = fresh.pop()
        if law.formula() not in found:
            found[law.formula()] = law
            fresh.extend(neighbours(law))
    return {*found, *map(bare, found)}


def neighbours(law):
    """Yield `law` with one setting changed, for every setting and telling value."""
    for path, owner, name in walk(law):
        for value in values(owner, name):
            yield put(law, path, value)


def values(owner, name):
    kinds = family(owner, name)
    if kinds is not None:
        return [make() for make in kinds.kinds().values()]
    knob = knobs(type(owner)).get(name)
    if knob is None:
        return []
    kind = kind_of(type(owner), name)
    if kind is bool:
        return [False, True]
    if kind in (int, float):
        wanted = {*TELLING, knob.lo, knob.hi} if kind is float else {knob.lo, 2}
        return [kind(v) for v in wanted if knob.lo <= v <= knob.hi]
    return list(choices(type(owner), name))


def pairs(latex):
    """Return the pairs of LaTeX tokens that stand side by side in a formula."""
    tokens = TOKEN.findall(latex)
    return set(itertools.pairwise(tokens))


def covering(formulas):
    """Return a few formulas in which every pair of tokens of all of them occurs."""
    left = {latex: pairs(latex) for latex in sorted(formulas)}
    wanted, chosen = set().union(*left.values()), []
    while wanted:
        best = max(left, key=lambda latex: len(left[latex] & wanted))
        wanted -= left.pop(best)
        chosen.append(best)
    return chosen
