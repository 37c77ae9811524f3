"""The program: imports, numbers, the function, and its value at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.formula import formula
from sim.formula_script.literals import PRINTED
from sim.formula_script.motion import motion
from sim.formula_script.names import pieces_of
from sim.formula_script.pieces import names_in, reached
from sim.scenario import to_json

if TYPE_CHECKING:
    from sim.expressions.formula import Formula
    from sim.scenario import Scenario

SLOW = 500  # tokens from which on it is said that the program is slow
MODULES = ("functools", "itertools", "math")
START = {"x": "start", "p": "momenta"}
PARAMETERS = {
    "x": "x: the tokens, (n, d).",
    "p": "p: the momenta, one of each token or edge, in rows.",
    "noise": "noise: white noise, (n, d): normal numbers / sqrt(step), or none.",
    "t": "t: the time.",
}
SLOW_NOTE = "It is written to be read, a term at a time: so many tokens take long."
PACKAGED = """\
# Arrays of more than {printed} numbers are not printed here, nor is a trained model:
# the package of the program makes them (pip install attention-orrery).
from sim.formula_script import {names}

# The settings of the run.
SETTINGS = r\"\"\"{settings}\"\"\"
"""
SOURCES = {
    "numbers_of": "numbers_of",
    "half_layer_of": "half_layer as half_layer_of",
}


def script(scenario: Scenario) -> str:
    """Return the formula of a scenario as a program that runs by itself.

    It defines ``velocity(x)``, or ``next_layer(x)`` where the integrator makes layers;
    both take p, t and noise where the law has them, and return tokens, (n, d), or
    tokens and momenta.  It ends with their value at the start.

    Raises
    ------
    ValueError
        If the start or the law cannot be made.
    """
    equations = formula(scenario)
    name = "next_layer" if scenario.integrator.discrete else "velocity"
    function, parameters = motion(equations, name)
    arguments = ", ".join(START[p] for p in parameters if p in START)
    last = f"result = {name}({arguments})\nprint(result)"
    pieces = pieces_of(scenario, equations)
    parts = [pieces[key] for key in reached(f"{function}\n{last}", pieces)]
    read = names_in("\n".join((*parts, function)))
    imports = [f"import {module}" for module in MODULES if module in read]
    blocks = (
        _head(scenario, equations, parameters),
        "\n".join(
            (*imports, "", "import numpy as np") if imports else ("import numpy as np",)
        ),
        *_packaged(scenario, read),
        "\n".join(part for part in parts if not part.startswith("def ")),
        *(f"\n{part}" for part in parts if part.startswith("def ")),
        f"\n{function}",
        f"\n{last}\n",
    )
    return "\n\n".join(block for block in blocks if block)


def _packaged(scenario: Scenario, read: set[str]) -> tuple[str, ...]:
    """Return what a program reads of the package, if it does."""
    names = [source for name, source in SOURCES.items() if name in read]
    if not names:
        return ()
    settings = to_json(scenario, None)
    listed = ", ".join(names)
    return (PACKAGED.format(printed=PRINTED, names=listed, settings=settings),)


def _head(scenario: Scenario, equations: Formula, parameters: tuple[str, ...]) -> str:
    """Return the text of a program that says what it is."""
    n, d = scenario.tokens, scenario.dimension
    said = [f"{scenario.dynamics.title}: {n} tokens in {d} dimensions."]
    said += ["", *(PARAMETERS[p] for p in parameters)]
    if n >= SLOW:
        said += [SLOW_NOTE]
    lines = "\n".join(said)
    return f'r"""{lines}\n\nIn LaTeX: {equations.main()}\n"""'
