"""The lanes of the document in force: added, closed, chosen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.document import lane_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from app.document.document import Document
    from app.document.edit_steps import EditSteps
    from app.document.engine_link import EngineLink
    from sim.engine import EngineGroup


class LaneControl:
    """Changes which lanes there are, as steps that can be undone.

    Parameters
    ----------
    link : EngineLink
        The document in force.
    steps : EditSteps
        Its edits.
    refuse : str -> None
        Takes why something was not done.
    """

    def __init__(
        self, link: EngineLink, steps: EditSteps, refuse: Callable[[str], None]
    ) -> None:
        self._link, self._steps, self._refuse = link, steps, refuse

    @property
    def engines(self) -> EngineGroup:
        """What runs them."""
        return self._link.engines

    @property
    def count(self) -> int:
        """How many there are; one, if nothing is compared."""
        return len(self._link.document.lanes)

    @property
    def edited_together(self) -> bool:
        """Whether an edit is made in every lane, and not in the chosen one alone."""
        return self._steps.in_all_lanes

    def edit_together(self, on: bool) -> None:
        """Make edits in every lane from now on; or in the chosen one alone."""
        self._steps.in_all_lanes = on

    def hold(self, seconds: float) -> None:
        """Take no frames until `release`, for so long at most: pictures are drawn."""
        self._link.hold(seconds)

    def release(self) -> None:
        """Take the newest frames soon."""
        self._link.release()

    def choose(self, place: int) -> None:
        """Let the lane at this place be the one that is edited.

        A run of edits, such as a drag, ends only where another lane was.
        """
        if place < self.count and place != self._link.document.place:
            self._steps.stack.release()
            self._link.choose(place)

    def compare(self, settings: Sequence[Mapping[str, Any]], text: str) -> bool:
        """Show the run in several lanes from the start, each with its own settings.

        Returns
        -------
        bool
            Whether it was possible; if not, the reason was reported.
        """
        return self.play_anew(partial(lane_edits.compared, settings=settings), text)

    def play_anew(self, how: Callable[[Document], Document], text: str) -> bool:
        """Play the runs that `how` makes of the document from the start, as one step.

        Returns
        -------
        bool
            Whether it was possible; if not, the reason was reported.
        """
        try:
            new = how(self._link.document)
        except (KeyError, ValueError, OSError) as error:
            self._refuse(str(error.args[0] if isinstance(error, KeyError) else error))
            return False
        self._steps.play(new, 0.0, text)
        return True

    def duplicate(self) -> None:
        """Show the chosen run once more, in a lane beside."""
        self.add(lane_edits.duplicated, "one more lane")

    def fork(self, text: str = "fork") -> None:
        """Let a lane beside go on from the moment on show, with its own changes."""
        self.add(lane_edits.forked, text)

    def close(self, place: int) -> None:
        """Close a lane; the others go on."""
        if self.count > 1:
            new = lane_edits.without_lane(self._link.document, place)
            self._set(new, f"close lane {place + 1}")

    def close_others(self, place: int) -> None:
        """Make a lane the only run."""
        if self.count > 1:
            new = lane_edits.lane_alone(self._link.document, place)
            self._set(new, f"close all but lane {place + 1}")

    def add(self, how: Callable[[Document, float], Document], text: str) -> bool:
        """Add a lane, by a function of the document and the time on show.

        Returns
        -------
        bool
            Whether it was possible; if not, the reason was reported.
        """
        try:
            new = how(self._link.document, self._link.t)
        except (KeyError, ValueError) as error:
            self._refuse(str(error.args[0]))
            return False
        self._set(new, text)
        return True

    def _set(self, new: Document, text: str) -> None:
        self._steps.set_lanes(new, text, self._link.document.place)
