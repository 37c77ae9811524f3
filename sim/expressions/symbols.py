"""Symbols, and expressions that have a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.expressions.expression import (
    PRODUCT,
    TOTAL,
    Environment,
    Expression,
    grouped,
)

HEAD = "h"  # the index of heads, written above the line where others are below it


@dataclass(frozen=True)
class Symbol(Expression):
    """A letter with indices.

    Attributes
    ----------
    name : str
        What an environment calls its values.
    letter : str
        It in LaTeX, without indices.
    indices : tuple of str or Expression
        Letters of indices, or a number such as that of a layer.
    path : str
        The setting that it shows, empty if none.
    setting : object
        What that is set to.
    note : str
        What must be said of it, in LaTeX; empty if nothing.
    around : str
        What surrounds it in LaTeX, such as bars.
    drawn : bool
        Whether the setting only says how its values are drawn.
    """

    name: str
    letter: str
    indices: tuple[str | Expression, ...] = ()
    path: str = ""
    setting: Any = None
    note: str = ""
    around: str = "{}"
    drawn: bool = False

    def latex(self) -> str:
        below = [i for i in self.indices if isinstance(i, str) and i != HEAD]
        above = [f"({i.latex()})" for i in self.indices if isinstance(i, Expression)]
        if HEAD in self.indices:
            (above if below or "_" in self.letter else below).append(HEAD)
        top = f"^{{{''.join(above)}}}" if above else ""
        bottom = f"_{{{''.join(below)}}}" if below else ""
        return self.around.format(self.letter + top + bottom)

    def value(self, env: Environment) -> Any:
        found = env.values.get(self.name, self.setting)
        return found[self.places(env)] if self.indices else found

    def letters(self) -> tuple[str, ...]:
        """Return the letters among its indices."""
        return tuple(i for i in self.indices if isinstance(i, str))

    def places(self, env: Environment) -> tuple[int, ...]:
        """Return the values of its indices."""
        return tuple(
            env.at[i] if isinstance(i, str) else int(i.value(env)) for i in self.indices
        )

    def python(self) -> str:
        name = identifier(self.name)
        inside = [
            i if isinstance(i, str) else f"int({i.python()})" for i in self.indices
        ]
        return f"{name}[{', '.join(inside)}]" if inside else name


def identifier(name: str) -> str:
    """Return a Python name for that of a symbol."""
    return name.replace("*", "_star").replace(" ", "_")


@dataclass(frozen=True)
class Position(Expression):
    """The value of an index: the position 0, 1, … of a token."""

    letter: str

    def latex(self) -> str:
        return self.letter

    def value(self, env: Environment) -> Any:
        return env.at[self.letter]

    def python(self) -> str:
        return self.letter


@dataclass(frozen=True)
class Named(Expression):
    """A symbol and what it stands for; the body has no index that the symbol lacks.

    Attributes
    ----------
    symbol, body : Symbol, Expression
        The two.
    routine : bool
        Whether every reader knows it, such as the normalising sum Z.
    """

    symbol: Symbol
    body: Expression
    routine: bool = False

    def latex(self) -> str:
        return self.symbol.latex()

    def definition(self) -> str:
        """Return the line that defines it, in LaTeX."""
        return f"{self.symbol.latex()} = {self.body.latex()}"

    def value(self, env: Environment) -> Any:
        key = (self.symbol.name, self.symbol.places(env))
        if key not in env.known:
            env.known[key] = self.body.value(env)
        return env.known[key]

    def python(self) -> str:
        inside = [i if isinstance(i, str) else i.python() for i in self.symbol.indices]
        return f"{identifier(self.symbol.name)}({', '.join(inside)})"

    def python_definition(self) -> str:
        """Return the function that defines it, in Python."""
        return f"def {self.python()}:\n    return {self.body.python()}"


@dataclass(frozen=True)
class MapOf(Expression):
    """A map that has a name, of an argument.

    Attributes
    ----------
    letter : str
        The map in LaTeX.
    parameter : Symbol
        The letter of the argument in the map's body.
    body : Expression
        What the map is.
    argument : Expression
        What it is taken of.
    called : bool
        Whether the argument is in brackets, as that of a function.
    routine : bool
        Whether every reader knows it, such as a projection.
    """

    letter: str
    parameter: Symbol
    body: Expression
    argument: Expression
    called: bool = False
    routine: bool = False

    def level(self) -> int:
        return PRODUCT if not self.called else super().level()

    def latex(self) -> str:
        return self._of(self.argument)

    def _of(self, argument: Expression) -> str:
        if self.called:
            return rf"{self.letter}\left({argument.latex()}\right)"
        inside = grouped(argument, TOTAL)
        if argument.level() < TOTAL:
            return rf"{self.letter}\left[{argument.latex()}\right]"
        return rf"{self.letter}\,{inside}"

    def definition(self) -> str:
        """Return the line that defines it, in LaTeX."""
        return f"{self._of(self.parameter)} = {self.body.latex()}"

    def value(self, env: Environment) -> Any:
        argument = self.argument.value(env)
        return self.body.value(env.with_values(**{self.parameter.name: argument}))

    def python(self) -> str:
        name = identifier(self.parameter.name)
        return f"(lambda {name}: {self.body.python()})({self.argument.python()})"
