"""Settings records: each setting is described once, beside its default."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    get_args,
    get_origin,
    get_type_hints,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Scale = Literal["linear", "log", "asinh"]

MIN_WORD = 3  # letters: shorter labels are symbols, such as k, and stay as they are


@dataclass(frozen=True, slots=True)
class Knob:
    """How one setting is named, bounded and shown.

    The type of the field determines the control: ``int`` and ``float`` are sliders,
    ``bool`` a switch, ``Literal`` a menu, ``str`` a line of text, a tuple of tuples of
    floats a table, a tuple of ints a list.

    Attributes
    ----------
    label : str
        Short name, as in the papers: ``"β"``, ``"d"``.
    lo, hi : float
        Inclusive bounds of a number, for validation and for the slider.
    scale : {"linear", "log", "asinh"}
        What equal slider travel means: equal steps, equal factors, or equal factors
        on both sides of zero.
    live : bool
        Whether a running simulation takes the change at once.  If False the change
        restarts from the initial condition.
    unit : str
        Shown after the number, such as ``" s"``.
    help : str
        What the quantity means and what increasing it does: the tooltip, the line of
        ``orrery list`` and the reference page.
    name : str
        What the setting is called on screen, where the label is only a symbol.
    soft : (float, float), optional
        Useful range of a slider that is narrower than `lo` and `hi`; what lies beyond
        is typed.
    """

    label: str
    lo: float = -math.inf
    hi: float = math.inf
    scale: Scale = "linear"
    live: bool = True
    unit: str = ""
    help: str = ""
    name: str = ""
    soft: tuple[float, float] | None = None

    @property
    def caption(self) -> str:
        """The name on screen; a label that is a lower-case word gets a capital."""
        word = len(self.label) >= MIN_WORD and self.label.isascii()
        capital = word and self.label.islower()
        return self.name or (self.label.capitalize() if capital else self.label)


@dataclass(frozen=True)
class Settings:
    """Base of every immutable settings record; validates on creation."""

    def __post_init__(self) -> None:
        for name, knob in knobs(type(self)).items():
            check(self, name, knob)
        for name, kind in groups(type(self)).items():
            if not isinstance(value := getattr(self, name), kind):
                raise ValueError(
                    f"{type(self).__name__}.{name} must be a {kind.__name__}, got "
                    f"{value!r}. Give one, or a kind by `sim.edit`."
                )

    def inactive(self) -> frozenset[str]:
        """Return the settings that change nothing while the others are as they are.

        They are named by their paths from here, such as ``"metric.beta"``; what is
        below them changes nothing either.
        """
        return frozenset()


@cache
def hints(cls: type) -> dict[str, Any]:
    """Return the resolved annotations of the settings record `cls`, by field."""
    found = get_type_hints(cls, include_extras=True)
    return {f.name: found[f.name] for f in dataclasses.fields(cls)}


@cache
def all_knobs(cls: type) -> dict[str, Knob]:
    """Return the knob of every field of `cls` that has one, in field order."""
    return {
        name: knob
        for name, hint in hints(cls).items()
        if get_origin(hint) is Annotated
        for knob in get_args(hint)[1:]
        if isinstance(knob, Knob)
    }


def knob_of(cls: type, name: str) -> Knob:
    """Return the knob of the field `name` of `cls`; without one, its name as label."""
    return all_knobs(cls).get(name) or Knob(name)


@cache
def knobs(cls: type) -> dict[str, Knob]:
    """Return the knobs of the fields of `cls` that are values, not settings records."""
    inner = groups(cls)
    return {name: knob for name, knob in all_knobs(cls).items() if name not in inner}


@cache
def groups(cls: type) -> dict[str, type[Settings]]:
    """Return the class of every field of `cls` that is a settings record itself."""
    kinds = {name: kind_of(cls, name) for name in hints(cls)}
    return {
        name: kind
        for name, kind in kinds.items()
        if isinstance(kind, type) and issubclass(kind, Settings)
    }


def kind_of(cls: type, name: str) -> Any:
    """Return the plain type of the field `name` of `cls`, such as ``float``."""
    hint = hints(cls)[name]
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def choices(cls: type, name: str) -> tuple[str, ...]:
    """Return the choices of the field `name` of `cls` if it is a menu, else none."""
    kind = kind_of(cls, name)
    return get_args(kind) if get_origin(kind) is Literal else ()


def check(record: Settings, name: str, knob: Knob) -> None:
    """Convert the field `name` of `record` to its type and validate it.

    Raises
    ------
    ValueError
        If it has a wrong type or is out of bounds; names the bound and the value.
    """
    cls, value = type(record), getattr(record, name)
    where = f"{cls.__name__}.{name} ({knob.label})"
    kind = kind_of(cls, name)
    if kind in (int, float):
        object.__setattr__(record, name, _number(where, kind, knob, value))
    elif kind is bool and not isinstance(value, bool):
        raise ValueError(f"{where} must be true or false, got {value!r}.")
    elif kind is str and not isinstance(value, str):
        raise ValueError(f"{where} must be text, got {value!r}.")
    elif (menu := choices(cls, name)) and value not in menu:
        raise ValueError(f"{where} must be one of {', '.join(menu)}; got {value!r}.")
    elif get_origin(kind) is tuple:
        read = _whole_numbers if get_args(kind)[0] is int else _table
        object.__setattr__(record, name, read(where, knob, value))


def _number(where: str, kind: type, knob: Knob, value: Any) -> Any:
    whole = kind is int
    if isinstance(value, bool) or not isinstance(value, Real):
        what = "a whole number" if whole else "a number"
        raise ValueError(f"{where} must be {what}, got {value!r}.")
    value = value if isinstance(value, int) else float(value)
    if whole and value != value // 1:
        raise ValueError(f"{where} must be a whole number, got {value!r}.")
    if not knob.lo <= value <= knob.hi or not math.isfinite(value):
        raise ValueError(f"{where} must be in {_bounds(knob)}, got {value!r}.")
    return kind(value)


def _bounds(knob: Knob) -> str:
    """Write the bounds without rounding: 2147483647, not 2.14748e+09."""
    lo, hi = (f"{v:.10g}" for v in (knob.lo, knob.hi))
    return f"[{lo}, {hi}]"


def _whole_numbers(where: str, knob: Knob, value: Any) -> tuple[int, ...]:
    if isinstance(value, list | tuple):
        if all(type(v) is int and knob.lo <= v <= knob.hi for v in value):
            return tuple(value)
    raise ValueError(
        f"{where} must be a list of whole numbers in {_bounds(knob)}, got {value!r}."
    )


def _table(where: str, knob: Knob, value: Any) -> tuple[tuple[float, ...], ...]:
    try:
        if isinstance(value, str) or any(isinstance(row, str) for row in value):
            raise TypeError
        rows = tuple(tuple(float(v) for v in row) for row in value)
    except (TypeError, ValueError):
        raise ValueError(
            f"{where} must be rows of numbers, such as 1,0;0,1, got {value!r}."
        ) from None
    if len({len(row) for row in rows}) > 1:
        lengths = ", ".join(str(len(row)) for row in rows)
        raise ValueError(f"{where} must have rows of the same length, got {lengths}.")
    for v in (v for row in rows for v in row):
        if not math.isfinite(v) or not knob.lo <= v <= knob.hi:
            raise ValueError(
                f"{where} must have entries in {_bounds(knob)}, got {v!r}."
            )
    return rows


def parse(record: Settings, name: str, text: str) -> Any:
    """Parse `text` as a value of the field `name`.

    Numbers may be written as ``9``, ``1e-3`` or ``-1``; switches as on, off, true,
    false, yes, no; tables as ``1,0;0,1``.

    Raises
    ------
    ValueError
        If it is not such a value.
    """
    cls = type(record)
    kind, knob = kind_of(cls, name), knobs(cls).get(name)
    where = f"{cls.__name__}.{name}" + (f" ({knob.label})" if knob else "")
    text = text.strip()
    if kind is bool:
        known = {"on": True, "true": True, "yes": True, "1": True}
        known |= {"off": False, "false": False, "no": False, "0": False}
        if text.lower() not in known:
            raise ValueError(f"{where} must be on or off, got {text!r}.")
        return known[text.lower()]
    if kind in (int, float):
        try:
            return int(text) if text.lstrip("+-").isdecimal() else float(text)
        except ValueError:
            raise ValueError(f"{where} must be a number, got {text!r}.") from None
    if get_origin(kind) is tuple and get_args(kind)[0] is int:
        numbers = text.replace(",", " ").split()
        return [int(v) if v.isdecimal() else v for v in numbers]
    if get_origin(kind) is tuple:
        rows = text.split(";") if text else []
        return [row.replace(",", " ").split() for row in rows]
    return text


def walk(record: Settings, path: str = "") -> Iterator[tuple[str, Settings, str]]:
    """Yield ``(dotted path, owner, field name)`` for every leaf and branch."""
    for field in dataclasses.fields(record):
        here = f"{path}{field.name}"
        yield here, record, field.name
        value = getattr(record, field.name)
        if isinstance(value, Settings):
            yield from walk(value, f"{here}.")


def used(
    record: Settings, path: str = "", inactive: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Settings, str]]:
    """Yield what `walk` yields, but for settings that are `inactive` at present."""
    inactive |= {path + name for name in record.inactive()}
    for field in dataclasses.fields(record):
        here = f"{path}{field.name}"
        if here in inactive:
            continue
        yield here, record, field.name
        value = getattr(record, field.name)
        if isinstance(value, Settings):
            yield from used(value, f"{here}.", inactive)


def get(record: Settings, path: str) -> Any:
    """Return the setting at the dotted `path`.

    Raises
    ------
    KeyError
        If the setting does not exist; lists those that do.
    """
    value: Any = record
    for name in path.split("."):
        known = [f.name for f in dataclasses.fields(value)] if _is_record(value) else []
        if name not in known:
            have = ", ".join(known) or "nothing below it"
            raise KeyError(f"no setting {path!r}: {name!r} is not one of {have}.")
        value = getattr(value, name)
    return value


def put(record: Any, path: str, value: Any) -> Any:
    """Return a copy of `record` with the setting at `path` replaced."""
    head, _, rest = path.partition(".")
    get(record, head)
    new = put(getattr(record, head), rest, value) if rest else value
    return dataclasses.replace(record, **{head: new})


def _is_record(value: Any) -> bool:
    return isinstance(value, Settings)
