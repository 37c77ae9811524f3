"""Families of interchangeable parts.  A new member is one new file."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from sim.settings.knobs import Settings
from sim.settings.near_misses import did_you_mean
from sim.settings.values import short


@dataclass(frozen=True)
class Plugin(Settings):
    """A settings record that is one member of a family.

    A family is an abstract subclass made with ``package=__name__`` in the package's
    ``__init__``; its members are the classes with a `kind` in that package's modules.
    """

    kind: ClassVar[str] = ""
    """The member's name in files and flags; empty while abstract."""

    title: ClassVar[str] = ""
    """The member's name in menus; the kind if empty."""

    short_title: ClassVar[str] = ""
    """The member's name where there is little room; the title if empty."""

    live: ClassVar[bool] = True
    """Whether a running simulation may change to another member at once."""

    _package: ClassVar[str] = ""
    _members: ClassVar[dict[str, type[Any]]] = {}
    _found: ClassVar[list[str]] = []

    def __init_subclass__(cls, *, package: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if package:
            cls._package, cls._members, cls._found = package, {}, []
        elif "kind" in cls.__dict__:
            other = cls._members.get(cls.kind)
            if other is not None and other.__qualname__ != cls.__qualname__:
                raise TypeError(f"{cls!r} and {other!r} both have kind {cls.kind!r}")
            cls._members[cls.kind] = cls

    @classmethod
    def kinds(cls) -> dict[str, type[Self]]:
        """Return every member of the family, by kind, in alphabetical order."""
        if not cls._found:
            home = importlib.import_module(cls._package)
            for module in pkgutil.iter_modules(home.__path__):
                importlib.import_module(f"{cls._package}.{module.name}")
            cls._found.append(cls._package)
        return dict(sorted(cls._members.items()))

    @classmethod
    def member(cls, kind: str, where: str = "") -> type[Self]:
        """Return the member called `kind`.

        Raises
        ------
        ValueError
            If it does not exist; lists those that do.
        """
        if (known := cls._named(kind)) is not None:
            return known
        kinds = cls.kinds()
        if kind not in kinds:
            start = f"{where}: " if where else ""
            raise ValueError(
                f"{start}no kind {short(kind)}; there are {', '.join(kinds)}."
                f"{did_you_mean(kind, kinds)}"
            )
        return kinds[kind]

    @classmethod
    def _named(cls, kind: str) -> type[Self] | None:
        """Return the member in the module of its own name, without loading the others.

        None if it stands elsewhere, or does not exist.
        """
        if kind not in cls._members and not cls._found:
            home = importlib.import_module(cls._package)
            if kind in {module.name for module in pkgutil.iter_modules(home.__path__)}:
                importlib.import_module(f"{cls._package}.{kind}")
        return cls._members.get(kind)

    @classmethod
    def summary(cls) -> str:
        """Return the first line of the member's docstring."""
        return (cls.__doc__ or "").strip().partition("\n")[0].removesuffix("  [1]_.")
