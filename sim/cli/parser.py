"""The parser of the command line: refusals of one line, hints, examples."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sim.cli.guard import EXIT_BAD_INPUT
from sim.settings.near_misses import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence


ONE_FILE = "Put a name that has blanks in quotation marks."
SETTING = re.compile(r"[a-z_.]+=", re.IGNORECASE)
NO_NUMBER = re.compile(r"argument (\S+): invalid (int|float) value: (.+)")
NO_VALUE = re.compile(r"argument (\S+): expected .*arguments?")
NUMBERS = {"int": "a whole number", "float": "a number"}


class Parser(argparse.ArgumentParser):
    """A parser whose refusals are one line, and whose help ends with examples."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, **kwargs)

    def show_examples(self, *lines: str) -> None:
        """Let the help end with complete command lines."""
        self.epilog = "examples:\n" + "\n".join(f"  {line}" for line in lines)

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong, and end the program."""
        message = self._plain(message)
        name = self.prog.split()[0]
        hint = f"See {self.prog} --help."
        end = "" if message.endswith((".", "?")) else "."
        self.exit(EXIT_BAD_INPUT, f"{name}: {message}{end} {hint}\n")

    def parse_known_args(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, args: Any = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Parse, and refuse what is not known here, where the flags are known."""
        found, extras = super().parse_known_args(args, namespace)
        if extras:
            self.error(self._unknown(extras[0]))
        file = getattr(found, "file", None)
        if file and self._sets(file) and not Path(file).exists():
            self.error(f"there is no file {file!r}. {_set(file)}")
        return found, extras

    def _plain(self, message: str) -> str:
        """Return what argparse says of a value in the words of the other refusals."""
        if found := NO_NUMBER.fullmatch(message):
            return f"{found[1]} must be {NUMBERS[found[2]]}, got {found[3]}"
        if found := NO_VALUE.fullmatch(message):
            flags = found[1].split("/")
            action = next(a for a in self._actions if flags == [*a.option_strings])
            return f"{found[1]} needs {_values(action)}"
        return message

    def _sets(self, word: str) -> bool:
        """Whether a word looks like a setting, and this command takes settings."""
        return SETTING.match(word) is not None and "--set" in self._flags()

    def _flags(self) -> list[str]:
        return [f for action in self._actions for f in action.option_strings]

    def _unknown(self, word: str) -> str:
        if not word.startswith("-"):
            hint = _set(word) if self._sets(word) else ONE_FILE
            return f"nothing more was expected, got {word!r}. {hint}"
        flag = word.partition("=")[0]
        return f"no option {flag!r}.{did_you_mean(flag, self._flags())}"

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a value that is not one of the choices, with what was meant."""
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        raise argparse.ArgumentError(
            action,
            f"{value!r} is not one of {', '.join(known)}."
            f"{did_you_mean(str(value), known)}",
        )


def _values(action: argparse.Action) -> str:
    """Return what stands for the values of a flag in its help."""
    if action.choices is not None:
        return " or ".join(map(str, action.choices))
    names = action.metavar or action.dest.upper()
    return names if isinstance(names, str) else " ".join(names)


def _set(word: str) -> str:
    """Return how a setting that is written as one word is changed."""
    from sim.scenario import Scenario
    from sim.settings.search import meant_path

    path, equals, value = word.partition("=")
    meant = meant_path(Scenario(), path, exact=True) or path
    return f"To change a setting, write --set {meant}{equals}{value}."


def unknown_command(word: str, commands: Sequence[str]) -> str:
    """Return what to say of a first word that is neither a command nor a file."""
    near = did_you_mean(word, commands)
    return f"no command {word!r}; there are {', '.join(commands)}.{near}"
