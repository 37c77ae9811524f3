"""Flags of the command line for changes in time, of settings and of tokens."""

from __future__ import annotations

import argparse
import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.schedule import Change
    from sim.tokens.edits import TokenEdits

POINT = re.compile(r"-[\d.].*,")
"""A point whose first coordinate is negative, which argparse takes for a flag."""
FORMS = {
    "--change": ("T", "PATH=VALUE"),
    "--ramp": ("T", "DURATION", "PATH=VALUE"),
    "--geometric-ramp": ("T", "DURATION", "PATH=VALUE"),
    "--move": ("T", "ID", "X,Y,Z"),
    "--add": ("T", "X,Y,Z[:NAME]"),
    "--remove": ("T", "ID"),
}
EXAMPLES = {
    "--change": "--change 5 dynamics.beta=60",
    "--ramp": "--ramp 5 3 dynamics.beta=60",
    "--geometric-ramp": "--geometric-ramp 5 3 dynamics.beta=60",
    "--move": "--move 5 12 0,0,1",
    "--add": "--add 5 0,0,1:bank",
    "--remove": "--remove 5 12",
}
RAMPS = {"--ramp": "linear", "--geometric-ramp": "geometric"}
HELP = {
    "--change": "change a setting at time T, such as {}",
    "--ramp": "let a number glide from time T on, in equal steps, such as {}",
    "--geometric-ramp": "let a number glide by equal factors, such as {}",
    "--move": "put the token ID, counted from 0, at a point at time T, such as {}",
    "--add": "add a token at time T, with a name or without, such as {}",
    "--remove": "take the token ID away at time T, such as {}",
}


class _Append(argparse.Action):
    """Appends a flag and its values to the changes, in the order of the line."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        so_far = getattr(namespace, self.dest)
        setattr(namespace, self.dest, [*so_far, (self.option_strings[0], *values)])


def add_change_flag(parser: argparse.ArgumentParser) -> None:
    """Add --change, --ramp, --geometric-ramp, --move, --add and --remove."""
    for flag, form in FORMS.items():
        parser.add_argument(
            flag,
            action=_Append,
            dest="change",
            nargs=len(form),
            default=[],
            metavar=form,
            help=HELP[flag].format(EXAMPLES[flag]),
        )


def with_points(argv: Sequence[str]) -> list[str]:
    """Return the words of a command line, of which none is a point like a flag."""
    return [f" {word}" if POINT.match(word) else word for word in argv]


def changes_in_time(flags: Iterable[Sequence[str]]) -> list[Change]:
    """Read flags, each with a time and what it does; those at one time are one change.

    Pairs without a flag are those of ``--change``.

    Raises
    ------
    ValueError
        If a time is not a number, or the rest has not the form of the flag.
    """
    from sim.schedule import Change

    out: list[Change] = []
    for given in flags:
        flag, time, *rest = given if given[0] in FORMS else ("--change", *given)
        try:
            t = float(time)
        except ValueError:
            t = math.nan
        if not 0 <= t < math.inf:
            raise _wrong(flag, (time, *rest))
        if flag in RAMPS:
            settings, over = _setting(flag, given[1:]), _duration(flag, given[1:])
            out.append(Change(t, settings, over=over, ramp=RAMPS[flag]))
            continue
        settings, edits = _read(flag, time, rest)
        if out and out[-1].t == t and not out[-1].over:
            before = out.pop()
            settings = {**before.settings, **settings}
            edits = before.tokens.then(edits)
        out.append(Change(t, settings, edits))
    return out


def _duration(flag: str, given: Sequence[str]) -> float:
    """Return how long a ramp takes."""
    try:
        over = float(given[-2])
    except ValueError:
        over = math.nan
    if not 0 < over < math.inf:
        raise _wrong(flag, given)
    return over


def _setting(flag: str, given: Sequence[str]) -> dict[str, str]:
    """Return the setting that a flag changes, which is the last word of it."""
    path, equals, value = given[-1].partition("=")
    if not equals or not path:
        raise _wrong(flag, given)
    return {path.strip(): value}


def _read(
    flag: str, time: str, rest: Sequence[str]
) -> tuple[dict[str, str], TokenEdits]:
    """Return what a flag changes: settings, or tokens."""
    from sim.tokens.edits import AddedToken, TokenEdits

    given = (time, *rest)
    if flag == "--change":
        return _setting(flag, given), TokenEdits()
    if flag == "--add":
        point, _, name = rest[0].partition(":")
        return {}, TokenEdits(add=(AddedToken(_point(point, flag, given), name),))
    if not (rest[0].isascii() and rest[0].isdigit()):
        raise _wrong(flag, given)
    token = int(rest[0])
    if flag == "--remove":
        return {}, TokenEdits(remove=(token,))
    return {}, TokenEdits({token: _point(rest[1], flag, given)})


def _point(text: str, flag: str, given: Sequence[str]) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise _wrong(flag, given) from None


def _wrong(flag: str, given: Sequence[str]) -> ValueError:
    """Return the error of a flag whose values have not its form."""
    kinds = {
        "--change": "PATH=VALUE",
        "--ramp": "a duration above 0, and PATH=VALUE",
        "--geometric-ramp": "a duration above 0, and PATH=VALUE",
        "--move": "the number of a token and its coordinates",
        "--add": "coordinates, with a name after a colon or without",
        "--remove": "the number of a token",
    }
    got = " ".join(repr(word.strip()) for word in given)
    return ValueError(
        f"{flag} needs a time, 0 or later, and {kinds[flag]}, such as "
        f"{EXAMPLES[flag]}; got {got}."
    )
