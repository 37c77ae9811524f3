"""What a file holds: a scenario, its changes in time, and how it is looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.document.look import Look
from sim.io.atomic_write import atomic_write
from sim.scenario import Scenario, edit, parsed_json
from sim.schedule import Change, Run
from sim.schedule_file import plain_run, run_from_plain
from sim.settings.knobs import Settings, get, put
from sim.settings.serialise import plain_record, record, value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOK = "look."


@dataclass(frozen=True)
class Document(Settings):
    """A scenario and its look; immutable, so that undo is a list of documents.

    Attributes
    ----------
    scenario : Scenario
        The settings at the start.
    look : Look
        How it is shown.
    changes : tuple of Change
        Settings that change in time.
    """

    scenario: Scenario = field(default_factory=Scenario)
    look: Look = field(default_factory=Look)
    changes: tuple[Change, ...] = ()

    @property
    def run(self) -> Run:
        """The start and its changes."""
        return Run(self.scenario, self.changes)

    def get(self, path: str) -> Any:
        """Return the setting at `path`; ``look.…`` is the look's."""
        if path.startswith(LOOK):
            return get(self.look, path.removeprefix(LOOK))
        return get(self.scenario, path)

    def edit(self, changes: Mapping[str, Any]) -> Document:
        """Return a document with settings changed by path, as `sim.edit` does.

        Raises
        ------
        KeyError, ValueError
            If a setting, kind or value is not known or out of bounds.
        """
        look, rest = self.look, dict(changes)
        for path, value in changes.items():
            if path.startswith(LOOK):
                own = path.removeprefix(LOOK)
                look = put(look, own, value_at(look, own, value, LOOK))
                del rest[path]
        return replace(self, scenario=edit(self.scenario, rest), look=look)

    def to_json(self, indent: int | None = 2) -> str:
        """Write the document as JSON text, which `sim.open_run` reads as well."""
        data = {**plain_run(self.run), "look": plain_record(self.look)}
        return json.dumps(data, indent=indent, ensure_ascii=False)

    @staticmethod
    def from_json(text: str, folder: Path | None = None) -> Document:
        """Read a document; without a look it takes the default one.

        Relative file paths in it start from `folder`.

        Raises
        ------
        ValueError
            If the text is no document that can be read here; says why.
        """
        data = parsed_json(text)
        run = run_from_plain(data, folder)
        look = record(Look, data.get("look", {}), "look")
        return Document(run.start, look, run.changes)

    def save(self, path: str | Path) -> None:
        """Write the document to a file, aside first."""
        with atomic_write(path) as temporary:
            temporary.write_text(self.to_json() + "\n", encoding="utf-8")

    @staticmethod
    def load(path: str | Path) -> Document:
        """Read a document file; relative paths in it start from its folder.

        Raises
        ------
        OSError, ValueError
            If the file cannot be read or is no document; says why.
        """
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
            return Document.from_json(text, path.parent)
        except UnicodeDecodeError:
            raise ValueError(f"{path.name}: no scenario, not UTF-8 text.") from None
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path.name}: {error.args[0]}") from error
