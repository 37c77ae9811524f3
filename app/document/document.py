"""What a file holds: a scenario, its changes in time, how it is looked at, and when."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.document.lane import Lane
from app.document.look import Look
from app.document.look_track import LookTrack
from app.document.moment import Moment
from sim.io.atomic_write import atomic_write
from sim.io.limits import IN_MEDIA, parsed_json
from sim.io.named_files import FILES, unpacked
from sim.io.packing import packed
from sim.io.run_files import read_file
from sim.lanes import Comparison, lanes_from_plain, plain_lanes
from sim.scenario import Scenario, edit
from sim.schedule import Change, Run
from sim.schedule_file import embedded_text, plain_run, run_from_plain
from sim.settings.knobs import Settings, get, put
from sim.settings.serialise import plain_record, record, value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LOOK = "look."


@dataclass(frozen=True)
class Document(Settings):
    """A scenario and its look; immutable, so that undo is a list of documents.

    Attributes
    ----------
    scenario : Scenario
        The settings in force; those at the start, if there is no log.
    look : Look
        How it is shown.
    log : Run, optional
        The start and the changes of the run, where it has changes.
    moment : Moment
        Where in the run it is looked at.
    track : LookTrack
        How it was looked at over its time, in a recording.
    others : tuple of Lane
        The lanes beside this run, from the first one on.
    place : int
        How many of them are before this run: it is the one that is edited.
    number : int
        What this run is known by among the lanes.
    forked_at : float, optional
        The time at which this run was forked from another lane.
    """

    scenario: Scenario = field(default_factory=Scenario)
    look: Look = field(default_factory=Look)
    log: Run | None = None
    moment: Moment = field(default_factory=Moment)
    track: LookTrack = field(default_factory=LookTrack)
    others: tuple[Lane, ...] = ()
    place: int = 0
    number: int = 0
    forked_at: float | None = None

    @staticmethod
    def of_run(
        run: Run, look: Look | None = None, moment: Moment | None = None
    ) -> Document:
        """Return the document of a run, with the settings in force at its start."""
        log = run if run.changes else None
        return Document(run.at(0.0), look or Look(), log, moment or Moment())

    @property
    def run(self) -> Run:
        """The start and its changes."""
        return self.lane.run

    @property
    def lane(self) -> Lane:
        """The run that is edited, as a lane."""
        return Lane(self.scenario, self.log, self.number, self.forked_at)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes in their order; one, if nothing is compared."""
        return (*self.others[: self.place], self.lane, *self.others[self.place :])

    @property
    def settings(self) -> tuple[Scenario, ...]:
        """The settings in force in every lane."""
        return tuple(lane.scenario for lane in self.lanes)

    def with_lanes(self, lanes: Sequence[Lane], place: int) -> Document:
        """Return the document with these lanes; the one at `place` is edited."""
        others = (*lanes[:place], *lanes[place + 1 :])
        return replace(self.with_lane(lanes[place]), others=others, place=place)

    def with_lane(self, lane: Lane) -> Document:
        """Return the document with another run that is edited, at the same place."""
        return replace(self, **vars(lane))

    @property
    def comparison(self) -> Comparison:
        """The runs of all lanes."""
        pairs = [(lane.run, lane.forked_at) for lane in self.lanes]
        return Comparison(*zip(*pairs, strict=True))

    def with_comparison(self, comparison: Comparison) -> Document:
        """Return the document of other lanes, looked at in the same way."""
        new = Document.of_run(comparison.first, self.look, self.moment)
        pairs = zip(comparison.others, comparison.forks[1:], strict=True)
        others = tuple(Lane.of_run(r, k, fork) for k, (r, fork) in enumerate(pairs, 1))
        return replace(new, track=self.track, others=others)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Settings that change in time."""
        return () if self.log is None else self.log.changes

    def get(self, path: str) -> Any:
        """Return the setting at `path`; ``look.…`` is the look's."""
        if path.startswith(LOOK):
            return get(self.look, path.removeprefix(LOOK))
        return get(self.scenario, path)

    def edit(self, changes: Mapping[str, Any]) -> Document:
        """Return a document with settings in force changed by path, as by `sim.edit`.

        The log is as it was: whoever plays the run adds the change to it.

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

    @property
    def window(self) -> dict[str, Any]:
        """Look, moment and lanes as plain data, as they stand beside a run."""
        parts = {
            "look": plain_record(self.look),
            "moment": self.moment.plain(),
            "track": self.track.plain(),
        }
        known = {name: part for name, part in parts.items() if part or name == "look"}
        lanes = self.comparison
        return {**known, **plain_lanes(lanes.runs, lanes.forks)}

    def look_at(self, t: float) -> Look:
        """Return how the run is looked at at the time `t`."""
        return self.track.at(t, self.look)

    def at(self, t: float) -> Document:
        """Return the document as it is looked at, at time `t`."""
        return replace(self, moment=replace(self.moment, t=t))

    def edit_start(self, changes: Mapping[str, Any]) -> Document:
        """Return a document whose run starts with other settings; its changes stay.

        Raises
        ------
        KeyError, ValueError
            As `edit`; or if a change of the run no longer applies.
        """
        start = Document(self.run.start, self.look).edit(changes)
        run = Run(start.scenario, self.changes)
        lane = Lane.of_run(run, self.number, self.forked_at)
        return replace(self, look=start.look).with_lane(lane)

    def to_json(self, indent: int | None = 2) -> str:
        """Write the document as JSON text, which `sim.open_run` reads as well.

        Files that it names are named where they are here.
        """
        data = {**plain_run(self.comparison.first), **self.window}
        return json.dumps(data, indent=indent, ensure_ascii=False)

    def embedded_text(self, folder: Path, limit: int = IN_MEDIA) -> str:
        """Return the line of JSON by which an export in `folder` carries the document.

        Files that it names travel inside, up to `limit` bytes of them.
        """
        return embedded_text(self.comparison.first, folder, limit, self.window)

    @staticmethod
    def from_json(text: str, folder: Path | None = None) -> Document:
        """Read a document; without a look it takes the default one.

        Relative file paths in it start from `folder`, and none may lead out of it;
        without one all are taken as they are.

        Raises
        ------
        ValueError
            If the text is no document that can be read here; says why.
        """
        return Document.from_plain(parsed_json(text), folder)

    @staticmethod
    def from_plain(data: Any, folder: Path | None = None) -> Document:
        """Read a document from plain data; see `from_json`.

        Raises
        ------
        ValueError
            If it is no document that can be read here; says why.
        """
        if folder is not None or (isinstance(data, dict) and FILES in data):
            data = unpacked(data, folder or Path.cwd(), folder is None).data
        run = run_from_plain(data)
        look = record(Look, data.get("look", {}), "look")
        moment = Moment.from_plain(data.get("moment", {}))
        track = LookTrack.from_plain(data.get("track", {}))
        document = replace(Document.of_run(run, look, moment), track=track)
        new = document.with_comparison(lanes_from_plain(run, data))
        return new.with_lanes(new.lanes, min(moment.lane, len(new.others)))

    def save(self, path: str | Path, *, local: bool = False) -> None:
        """Write the document to a file, aside first.

        Files that it names stay where they are if that is beside it; else small ones
        travel inside, and larger ones are named by a relative path.  With `local` the
        file is for this machine alone: they are named where they are.
        """
        path = Path(path)
        data = {**plain_run(self.comparison.first), **self.window}
        data = packed(data, path.parent, beside=True, local=local)
        with atomic_write(path) as temporary:
            text = json.dumps(data, indent=2, ensure_ascii=False)
            temporary.write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def load(
        path: str | Path,
        *,
        allow_files: bool = False,
        report: Callable[[str], None] | None = None,
    ) -> Document:
        """Read a document file; parameters and errors are those of `sim.open_run`."""
        return read_file(
            path, Document.from_plain, allow_files=allow_files, report=report
        )
