"""Tokens in files of arrays: which array holds them, and which their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.tables.arrays import Header, finite, headers, texts
from sim.tables.report import Report
from sim.tables.titles import GROUPS, NAMES
from sim.tables.tokens import MAX_NUMBERS, MAX_ROWS, TokenTable, check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TOKENS = ("tokens", "x")
"""Names of the array of tokens, in order of preference."""
VECTORS = ("embeddings", "embedding", "vectors", "emb")
"""Other names that say as much, if no second array has one of them."""
OF_AXES = ("columns", "feature_names", "features", "axes", "dims", "dimensions")
"""Names of arrays of texts that say what axes are, not rows."""
TOKEN_AXES = 2
SKIPPED = ("scenario", "momenta")


def read_arrays(place: Path, limit: int = 0, array: str = "") -> TokenTable:
    """Read the tokens of an .npy or .npz file.

    Raises
    ------
    ValueError
        If no array, or more than one, may hold them; names those that may.
    """
    found = headers(place)
    chosen = _chosen(place, found, array)
    n = chosen.shape[0]
    if n > MAX_ROWS or chosen.shape[0] * chosen.shape[1] > MAX_NUMBERS:
        raise ValueError(
            f"{place.name}: has {n:,} rows of {chosen.shape[1]:,} numbers; at most "
            f"{MAX_ROWS:,} rows and {MAX_NUMBERS:,} numbers are read. Save fewer."
        )
    check(place.name, chosen.shape)
    x = finite(place, chosen)
    others = [h for h in found if h is not chosen]
    names = _texts_of(place, others, NAMES, n, spare=True)
    groups = _texts_of(place, [h for h in others if h is not names], GROUPS, n)
    end = limit or n
    x = x[:end]
    x.setflags(write=False)
    used = (chosen, names, groups)
    report = Report(
        place.name,
        len(x),
        x.shape[1],
        _called(names),
        _called(groups),
        tuple(
            f"{h.described()[:-1]}, {h.kind})"
            for h in found
            if h not in used and h.name not in SKIPPED
        ),
        (f"Read the array {chosen.described()}.",) if chosen.name else (),
    )
    return TokenTable(
        x,
        texts(place, names)[:end] if names else (),
        texts(place, groups)[:end] if groups else (),
        report,
    )


def _called(header: Header | None) -> str:
    return f"the array {header.name!r}" if header else ""


def _chosen(place: Path, found: Sequence[Header], array: str) -> Header:
    """Return the array of tokens."""
    by_name = {h.name: h for h in found}
    if array:
        if array not in by_name:
            raise ValueError(
                f"{place.name}: no array {array!r}; there are {_listed(found)}."
            )
        tables = [by_name[array]]
    else:
        known = [by_name[k] for k in TOKENS if k in by_name]
        known = [h for h in known if h.kind == "numbers" or len(found) == 1][:1]
        if known and len(known[0].shape) != TOKEN_AXES:  # perhaps the ids of tokens
            known = known if not any(map(_may_be_tokens, found)) else []
        tables = known or [h for h in found if _may_be_tokens(h)]
        said = [h for h in tables if h.name.lower() in VECTORS]
        tables = said if len(said) == 1 else tables
    if len(tables) > 1:
        raise ValueError(
            f"{place.name}: {_listed(tables)} may each be the tokens. Choose one by "
            "the setting array, or call it tokens."
        )
    if not tables or len(tables[0].shape) != TOKEN_AXES:
        raise ValueError(
            f"{place.name}: needs an array of shape (n, d), one token per row, got "
            f"{_listed(tables or found) or 'nothing'}. Name it tokens."
        )
    return tables[0]


def _may_be_tokens(header: Header) -> bool:
    sized = len(header.shape) == TOKEN_AXES and (
        not header.name or min(header.shape) > 1
    )
    return sized and (header.kind == "numbers" or not header.name)


def _listed(found: Sequence[Header]) -> str:
    return ", ".join(header.described() for header in found)


def _texts_of(
    place: Path,
    found: Sequence[Header],
    known: Sequence[str],
    n: int,
    *,
    spare: bool = False,
) -> Header | None:
    """Return the array of names or groups: by its name, else the only one of text."""
    readable = [h for h in found if not h.dtype.hasobject]
    by_name = {h.name.lower(): h for h in readable}
    named = next((by_name[k] for k in known if k in by_name), None)
    if named is not None:
        if named.shape != (n,):
            raise ValueError(
                f"{place.name}: {named.name} must have one entry per token, {n}, got "
                f"shape {named.shape}. Give as many as tokens, or leave it out."
            )
        return named
    columns = [
        h
        for h in readable
        if h.shape == (n,)
        and h.kind == "text"
        and h.name.lower() not in (*GROUPS, *OF_AXES)
    ]
    return columns[0] if spare and len(columns) == 1 else None
