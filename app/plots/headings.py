"""Headings of plots: the name of an observable, and what is proved of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.annotations.number_format import superscript
from app.plots.heading import Heading, LaneTheory
from sim.checks.integrator import warning
from sim.observables import Observable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.dynamics import Dynamics
    from sim.scenario import Scenario
    from sim.schedule import Run
    from sim.theory import Theory

DIRECTIONS = {
    "ascends": ("rises", "It rises under this law."),
    "descends": ("falls", "It falls under this law."),
    "conserves": ("conserved", "This law conserves it."),
    "none": ("", "No theorem says that it rises or falls here."),
}
ENERGY = "Energy"
OVERFLOW = "numbers are too large"
NOISE = "Noise moves it both ways; only its drift follows the law."


def heading(
    kind: str,
    scenario: Scenario | None,
    run: Run | None = None,
    others: Iterable[Scenario] = (),
) -> Heading:
    """Return the heading of the plot of the observable `kind`.

    Where `run` changes to a law with another energy, or lanes beside it have `others`,
    curves are of both: the plot is then called energy, with the name that it has under
    `scenario` beside it.
    """
    member = Observable.member(kind)
    if scenario is None or not (member.partner or kind == "energy"):
        tip, formula = "", member.formula
        if scenario is not None:
            formula = member.formula_in(scenario.space)
            tip = member.threshold_in(scenario.space)
        formula = with_subscripts(formula)
        return Heading(with_subscripts(member.label), tip, formula, member.is_count)
    if member.partner:
        return _paired(member, scenario.dynamics)
    own = () if run is None else (run.start, *(s.scenario for s in run.stages))
    return _energy(scenario, (*own, *others))


def _energy(scenario: Scenario, shown: Sequence[Scenario]) -> Heading:
    """Return the heading of the energy of the law, or of those of all `shown`."""
    law = scenario.dynamics
    tip, sentence = DIRECTIONS[law.energy_behaviour(scenario.space)]
    if drift := warning(scenario):
        power = superscript(scenario.integrator.order)
        tip, sentence = f"{tip} to O(h{power})", f"{sentence} {drift}"
    if tip and scenario.integrator.random:
        tip, sentence = f"{tip}, except for noise", f"{sentence} {NOISE}"
    name, formula = law.energy_name, f"{law.energy_help}. {sentence}"
    if any(s.dynamics.energy_name != name for s in shown):
        name, now = ENERGY, name.removeprefix(f"{ENERGY} ")
        tip = ", ".join(filter(None, (f"now {now}", tip)))
        formula = f"Each law shown has an energy of its own; now {formula}"
    return Heading(name, tip, formula)


def with_subscripts(text: str) -> str:
    """Return plain text such as E_β with a true subscript."""
    return text.replace("_β", "ᵦ")


def _paired(member: type[Observable], law: Dynamics) -> Heading:
    """Return the heading of a plot with two curves, one of them dashed."""
    other = Observable.member(member.partner)
    return Heading(
        member.label,
        member.legend_name(law),
        f"{member.formula}; dashed: {other.legend_name(law)}",
        partner=other.legend_name(law),
        finest=member.resolution,
    )


def with_theory(about: Heading, theory: type[Theory]) -> Heading:
    """Return the heading of a plot that shows the prediction of `theory`, too."""
    formula = f"{about.formula}\nDashed: {named(theory)}"
    tip = "measured" if about.whole or not about.tip else about.tip
    source = source_of(theory)
    return replace(about, tip=tip, formula=formula, partner="theory", source=source)


def predicted(about: Heading, theory: type[Theory] | None, why: str) -> Heading:
    """Return a heading with `theory`, or with the reasons `why` there is none."""
    if theory is not None:
        return with_theory(about, theory)
    if not why:
        return about
    formula = f"{about.formula}\nNo curve of theory:\n{why}"
    return replace(about, formula=formula, missing=short_reasons(why))


def short_reasons(why: str) -> tuple[str, ...]:
    """Return lines such as ``r(t): it needs β = 0`` without names, each once."""
    reasons = [line.partition(": ")[2] or line for line in why.splitlines()]
    return tuple(dict.fromkeys(reasons))


def named(theory: type[Theory]) -> str:
    """Return name, formula and reference of a theory."""
    source = f" ({theory.reference})" if theory.reference else ""
    return f"{theory.label}, {theory.formula}{source}"


def source_of(theory: type[Theory]) -> str:
    """Return the formula of a theory and where it is proved."""
    return ", ".join(filter(None, (theory.formula, theory.reference)))


def in_lanes(about: Heading, said: Sequence[LaneTheory], tips: str) -> Heading:
    """Return a heading with what theory says in each of several lanes."""
    formula = f"{about.formula}\n{tips}" if tips else about.formula
    return replace(about, lanes=tuple(said), formula=formula)


def partner_kind(kind: str) -> str:
    """Return the kind of the dashed observable on the same plot, or an empty text."""
    return Observable.member(kind).partner


def undefined_reason(kind: str, scenario: Scenario | None) -> str:
    """Return why an observable is undefined under the law, where it is."""
    if scenario is None:
        return ""
    law, shape = scenario.dynamics, (scenario.tokens, scenario.dimension)
    why = Observable.member(kind).why_undefined(law, scenario.space, shape)
    return f"undefined: {why or OVERFLOW}"
