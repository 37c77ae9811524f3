"""Edits of tokens as plain data, in the changes of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.tokens.edits import AddedToken, TokenEdits, id_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def plain_edits(edits: TokenEdits) -> dict[str, Any]:
    """Return `edits` as plain data, without what is empty."""
    added = [
        {"x": list(a.x)} | {k: v for k in ("name", "group") if (v := getattr(a, k))}
        for a in edits.add
    ]
    data = {
        "move": {str(token): list(x) for token, x in edits.move.items()},
        "add": added,
        "remove": list(edits.remove),
    }
    return {key: value for key, value in data.items() if value}


def edits_from_plain(data: Mapping[str, Any]) -> TokenEdits:
    """Return the edits that `plain_edits` wrote.

    Raises
    ------
    ValueError
        If they are none; says what is expected.
    """
    move, add, remove = (
        data.get("move", {}),
        data.get("add", []),
        data.get("remove", []),
    )
    if not isinstance(move, dict):
        raise ValueError(f'"move" must be {{id: [x, y, …]}}, got {move!r:.80}.')
    if not isinstance(add, list) or not all(_is_token(item) for item in add):
        raise ValueError(
            '"add" must be a list of {"x": [x, y, …], "name": …, "group": …}, got '
            f"{add!r:.80}."
        )
    if not isinstance(remove, list):
        raise ValueError(f'"remove" must be a list of ids, got {remove!r:.80}.')
    moved = {_id_of_text(token): x for token, x in move.items()}
    return TokenEdits(moved, tuple(AddedToken(**item) for item in add), tuple(remove))


def _is_token(item: Any) -> bool:
    known = {"x", "name", "group"}
    return isinstance(item, dict) and "x" in item and item.keys() <= known


def _id_of_text(text: str) -> int:
    """Return the id that a key of JSON holds."""
    return id_of(int(text) if text.isascii() and text.isdigit() else text)
