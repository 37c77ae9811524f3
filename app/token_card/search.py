"""Finds tokens by name or number.  No Qt."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.scene.scene_info import own_text, own_texts

if TYPE_CHECKING:
    from app.scene.scene_info import SceneInfo
    from sim.array_types import Ints

ALONE = -1  # the cluster of a token that is in none
MAX_LISTED = 200  # tokens in the list: of more, those that fit the text best
MAX_NAMED = 5  # tokens named in a message
MAX_COMPARED = 20_000  # names that are compared to find similar ones
OWN = re.compile(r".+ \(token \d{1,12}\)")  # as `numbered` writes it
NUMBER = re.compile(r"(?:token\s*)?#?\s*(\d{1,12})", re.IGNORECASE)


class TokenNotFoundError(ValueError):
    """No token, or more than one, has a name; says which there are."""


@dataclass(frozen=True, slots=True)
class Match:
    """A token that fits a text, and its cluster; −1 where it has none."""

    token: int
    row: int
    name: str
    cluster: int


def find(info: SceneInfo, text: str) -> int:
    """Return the id of the one token that `text` names: a name, or a number from 1.

    Names come before numbers, and upper and lower case count only where they must.

    Raises
    ------
    TokenNotFoundError
        If none or several have it; names the choices.
    """
    frame, wanted = info.frame, text.strip()
    if frame is None or not wanted:
        raise TokenNotFoundError("Type the name of a token, or its number.")
    rows = [k for k, name in enumerate(frame.names) if name == wanted]
    if not rows:
        folded = wanted.casefold()
        rows = [k for k, name in enumerate(frame.names) if name.casefold() == folded]
    if len(rows) > 1:
        raise TokenNotFoundError(_ambiguous(info, wanted, rows))
    if rows:
        return int(frame.ids[rows[0]])
    number = NUMBER.fullmatch(wanted)
    if number is not None:
        return _by_number(info, int(number[1]))
    if OWN.fullmatch(wanted):
        texts = own_texts(frame.ids.tolist(), frame.names)
        if (token := next((k for k in texts if texts[k] == wanted), None)) is not None:
            return token
    raise TokenNotFoundError(_missing(info, wanted))


def matches(info: SceneInfo, text: str) -> tuple[list[Match], int]:
    """Return tokens that fit a text, by cluster, and how many more there are.

    Those whose name begins with the text come before those that contain it; large
    clusters come first.  An empty text fits all.
    """
    frame = info.frame
    if frame is None:
        return [], 0
    wanted, labels = text.strip().casefold(), info.labels
    names = frame.names
    if wanted and not names and len(frame.ids) <= MAX_COMPARED:
        names = tuple(f"token {token + 1}" for token in frame.ids.tolist())
    rows = _fitting(names, frame.ids, wanted)
    shown = rows[:MAX_LISTED] if wanted else _by_size(labels, rows)[:MAX_LISTED]
    sizes = _cluster_sizes(labels)
    clusters = {k: int(labels[k]) if sizes[k] > 1 else ALONE for k in shown}
    order = sorted(shown, key=lambda k: (-sizes[k], clusters[k]))
    found = [
        Match(
            int(frame.ids[k]),
            k,
            own_text(int(frame.ids[k]), k, frame.names),
            clusters[k],
        )
        for k in order
    ]
    return found, len(rows) - len(found)


def _fitting(names: tuple[str, ...], ids: Ints, wanted: str) -> list[int]:
    if not wanted:
        return list(range(len(ids)))
    number = NUMBER.fullmatch(wanted)
    starts, inside = list[int](), list[int]()
    for k, name in enumerate(names):
        at = name.casefold().find(wanted)
        if at >= 0:
            (inside if at else starts).append(k)
    if number is not None:
        same = np.flatnonzero(ids == int(number[1]) - 1).tolist()
        starts = [*same, *(k for k in starts if k not in same)]
    return starts + inside


def _by_size(labels: Ints, rows: list[int]) -> list[int]:
    """Return rows by the size of their clusters, large ones first."""
    return np.lexsort((np.arange(len(rows)), labels, -_cluster_sizes(labels))).tolist()


def _cluster_sizes(labels: Ints) -> Ints:
    """Return the size of the cluster of each token, 1 for one in none: int (n,)."""
    _, which, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    return np.where(labels < 0, 1, sizes[which])


def _by_number(info: SceneInfo, number: int) -> int:
    frame = info.frame
    assert frame is not None
    if number - 1 in frame.ids:
        return number - 1
    known = f"from {int(frame.ids.min()) + 1:,} to {int(frame.ids.max()) + 1:,}"
    gone = 0 < number <= frame.id_count
    why = "has been removed, or is added later" if gone else "does not exist"
    raise TokenNotFoundError(
        f"Token {number:,} {why}: there are {len(frame.ids):,} tokens with numbers "
        f"{known}. Type one of those."
    )


def _ambiguous(info: SceneInfo, wanted: str, rows: list[int]) -> str:
    frame = info.frame
    assert frame is not None
    some = [f"token {int(frame.ids[k]) + 1:,}" for k in rows[:MAX_NAMED]]
    more = f" and {len(rows) - MAX_NAMED} more" if len(rows) > MAX_NAMED else ""
    return (
        f"{len(rows)} tokens are called “{wanted}”: {', '.join(some)}{more}. Choose "
        "one in the list, or type its number."
    )


def _missing(info: SceneInfo, wanted: str) -> str:
    frame = info.frame
    assert frame is not None
    shown = wanted if len(wanted) <= 40 else f"{wanted[:40]}…"  # noqa: PLR2004 - a line
    if not frame.names:
        return (
            f"No token is called “{shown}”: these tokens have no names. Type a number "
            f"from 1 to {frame.id_count:,}."
        )
    folded = dict[str, str]()
    for name in frame.names[:MAX_COMPARED]:
        folded.setdefault(name.casefold(), name)
    close = difflib.get_close_matches(wanted.casefold(), folded, MAX_NAMED, 0.5)
    inside = [folded[f] for f in folded if wanted.casefold() in f][:MAX_NAMED]
    names = list(dict.fromkeys((*inside, *(folded[f] for f in close))))[:MAX_NAMED]
    if not names:
        return f"No token is called “{shown}”. Choose one in the list."
    return f"No token is called “{shown}”. Similar names: {', '.join(names)}."
