"""The equations of motion of a scenario, composed from all parts that are in force."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sim.expressions.expression import TWO
from sim.expressions.formula import Equation, Formula, Motion
from sim.expressions.functions import norm
from sim.expressions.matrices import Row
from sim.expressions.symbols import Named, Symbol
from sim.expressions.tokens import Tokens

if TYPE_CHECKING:
    from sim.expressions.expression import Expression
    from sim.scenario import Scenario

NOISE = Symbol("noise", r"\xi", ("i",), note=r"\xi\ \mathrm{white\ noise}")
MAX_FORMULAS = 32  # kept, for those that are painted frame after frame


def formula(scenario: Scenario) -> Formula:
    """Return the equations of motion in force, as a tree.

    Where the integrator makes layers, an equation says what a layer does.
    """
    return _composed(scenario)


@lru_cache(maxsize=MAX_FORMULAS)
def _composed(scenario: Scenario) -> Formula:
    law, space = scenario.dynamics, scenario.space
    x = Tokens(law.token_letter, "x")
    motion = law.formula(space.input_formula(x))
    if scenario.integrator.discrete:
        return Formula(_layers(scenario, x, motion))
    noise = scenario.integrator.noise_formula(space.projection_formula(x("i"), NOISE))
    if motion.carrier == "edges" and space.euclidean and noise is None:
        return Formula(_of_all(motion))
    if motion.carrier == "tokens" and space.bounded:
        return Formula(_geodesic(scenario, x, motion, noise))
    velocity = space.velocity_formula(x("i"), _of_token(motion))
    return Formula((_token_equation(x, velocity, noise), *_momenta(motion)))


def _of_all(motion: Motion) -> tuple[Equation, ...]:
    """Return the equations of all tokens and edges, where nothing is projected."""
    if motion.both is not None:
        return (Equation(r"(\dot{q},\dot{p}) =", "all", motion.both),)
    return (Equation(r"\dot{q} =", "tokens", motion.tokens), *_momenta(motion))


def _momenta(motion: Motion) -> tuple[Equation, ...]:
    """Return the equation of momenta that nothing constrains, if there are any."""
    if motion.momenta is None:
        return ()
    if motion.carrier == "edges":
        return (Equation(r"\dot{p} =", "edges", motion.momenta),)
    return (Equation(r"\dot{p}_i =", "momentum", motion.momenta),)


def _of_token(motion: Motion) -> Expression:
    """Return the law's field at the token i."""
    return Row(motion.tokens, "i") if motion.carrier == "edges" else motion.tokens


def _token_equation(
    x: Tokens, velocity: Expression, noise: Expression | None
) -> Equation:
    right = velocity if noise is None else velocity + noise
    return Equation(rf"\dot{{{x.letter}}}_i =", "token", right)


def _geodesic(
    scenario: Scenario, x: Tokens, motion: Motion, noise: Expression | None
) -> tuple[Equation, ...]:
    """Return the equations of tokens with tangent momenta, turned with their spaces."""
    space = scenario.space.tangent_bundle()
    p = motion.tokens
    force = space.projection_formula(x("i"), motion.momenta or p)
    turned = force - norm(p) ** TWO * x("i")
    return (
        _token_equation(x, p, noise),
        Equation(r"\dot{p}_i =", "momentum", turned),
    )


def _layers(scenario: Scenario, x: Tokens, motion: Motion) -> tuple[Equation, ...]:
    """Return what a layer does, which projects nothing before it normalises."""
    h = Symbol("step", "h", (), "step", scenario.step)
    moved = scenario.space.layer_formula(x("i") + h * _of_token(motion))
    first = Equation(rf"{x.letter}_i \leftarrow", "token", moved)
    if motion.momenta is None:
        return (first,)
    if motion.carrier == "edges":
        p = Symbol("p", "p")
        return first, Equation(r"p \leftarrow", "edges", p + h * motion.momenta)
    turned = Symbol("p", "p", ("i",)) + h * motion.momenta
    if scenario.space.bounded:
        new = Named(Symbol("new", f"{x.letter}^{{+}}", ("i",)), moved)
        turned = scenario.space.projection_formula(new, turned)
    return first, Equation(r"p_i \leftarrow", "momentum", turned)
