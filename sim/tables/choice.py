"""A choice of columns, as a setting keeps it: ``name=1 group=word coordinates=3-8``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.tables.titles import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

ROLES = ("name", "group", "coordinates", "titles")
HELP = "name=1 group=2 coordinates=3-8 titles=yes"
RANGE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
SIMPLE = re.compile(r"[^\s,=\-]+")
ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which columns a person wants.

    Attributes
    ----------
    name, group : str
        A column, by its title or its number from 1; empty for none.
    coordinates : tuple of str
        Columns, or ranges of numbers such as 3-8.
    titles : bool, optional
        Whether the first row holds titles; None where it is seen from the row.
    """

    name: str = ""
    group: str = ""
    coordinates: tuple[str, ...] = ()
    titles: bool | None = None

    def text(self) -> str:
        """Return it as the setting has it."""
        parts = [f"name={self.name}"] if self.name else []
        parts += [f"group={self.group}"] if self.group else []
        parts.append(f"coordinates={','.join(self.coordinates)}")
        if self.titles is not None:
            parts.append(f"titles={'yes' if self.titles else 'no'}")
        return " ".join(parts)


def parsed(text: str) -> ColumnChoice | None:
    """Return the choice that a setting holds; None if it is empty.

    Raises
    ------
    ValueError
        If it is not written as it must be; shows how.
    """
    if not text.strip():
        return None
    given: dict[str, str] = {}
    for part in text.split():
        role, equals, value = part.partition("=")
        if not equals or not value or role not in ROLES or role in given:
            raise _unclear(text)
        given[role] = value
    titles = given.get("titles", "")
    if "coordinates" not in given or (titles and titles not in ANSWERS):
        raise _unclear(text)
    return ColumnChoice(
        given.get("name", ""),
        given.get("group", ""),
        tuple(given["coordinates"].split(",")),
        ANSWERS.get(titles),
    )


def _unclear(text: str) -> ValueError:
    return ValueError(
        f"the columns must be written as {HELP}, got {text[:80]!r}. Titles of columns "
        "may be used instead of numbers; leave it empty to choose by the table."
    )


def places_of(
    name: str, columns: Sequence[str], titles: Sequence[str], width: int
) -> list[int]:
    """Return the places, from 0, of columns that are given by title or number.

    Raises
    ------
    ValueError
        If the table `name` has no such column, or two.
    """
    found = [
        place for column in columns for place in _places(name, column, titles, width)
    ]
    if len(set(found)) < len(found):
        raise ValueError(f"{name}: a column is chosen twice in {', '.join(columns)}.")
    return found


def _places(name: str, column: str, titles: Sequence[str], width: int) -> list[int]:
    if match := RANGE.fullmatch(column):
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= width:
            raise ValueError(
                f"{name}: has columns 1 to {width}, but the columns {column} are "
                "chosen. Choose others."
            )
        return list(range(first - 1, last))
    have = [plain(title) for title in titles]
    if have.count(plain(column)) != 1:
        number = "two columns" if have.count(plain(column)) else "no column"
        raise ValueError(
            f"{name}: has {number} with the title {column!r}. Choose columns by "
            f"number, from 1 to {width}."
        )
    return [have.index(plain(column))]


def short(places: Sequence[int], titles: Sequence[str]) -> tuple[str, ...]:
    """Return columns as a choice keeps them: by title where all titles are simple."""
    have = [plain(title) for title in titles]
    simple = all(
        SIMPLE.fullmatch(have[p])
        and not RANGE.fullmatch(have[p])
        and have.count(have[p]) == 1
        for p in places
        if p < len(have)
    )
    if have and simple:
        return tuple(have[p] for p in places)
    out: list[list[int]] = []
    for place in places:
        if out and out[-1][1] == place - 1:
            out[-1][1] = place
        else:
            out.append([place, place])
    return tuple(f"{a + 1}" if a == b else f"{a + 1}-{b + 1}" for a, b in out)
