"""The abstract view: what the window passes frames, scenes and themes to."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.widgets.figure_menu import figure_menu
from sim.frame import FrameRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QContextMenuEvent

    from app.document.document import Document
    from app.figures.figure import Figure
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame

NO_REQUEST = FrameRequest(observables=frozenset(), clusters=False)
"""The request of a view that needs nothing but tokens."""

_QtMeta: Any = type(QWidget)


class AbstractWidget(ABCMeta, _QtMeta):
    """The metaclass of widgets with abstract methods, which Qt's own does not check."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Return a new widget; only of a class that implements every method."""
        if missing := cls.__abstractmethods__:
            names = ", ".join(sorted(missing))
            raise TypeError(f"{cls.__name__} does not implement {names}")
        return super().__call__(*args, **kwargs)


class View(QWidget, metaclass=AbstractWidget):
    """Shows frames.  The window keeps its views in an `app.widgets.view_set.ViewSet`.

    Lanes are runs that are shown beside each other.  A view is passed the frame of the
    lane that is edited, or with `shows_all_lanes` one of each.  `View` has to be the
    first Qt class of its subclasses: Qt does not know the signals of a second one.

    Attributes
    ----------
    has_figure : bool
        Whether a figure for a report can be made of it.
    shows_run : bool
        Whether it shows the run, which a figure of it then carries.
    shows_all_lanes : bool
        Whether frames of all lanes are passed, in their order.
    shows_hidden : bool
        Whether frames are passed while the view is hidden, to be shown later.
    keeps_pace : bool
        Whether each frame is passed while several lanes play; to other views so many a
        second as can be read, which hold all that views request.
    enlarges : bool
        Whether the view's text is larger in a presentation.
    """

    has_figure: ClassVar[bool] = False
    shows_run: ClassVar[bool] = True
    shows_all_lanes: ClassVar[bool] = False
    shows_hidden: ClassVar[bool] = False
    keeps_pace: ClassVar[bool] = False
    enlarges: ClassVar[bool] = False

    request_changed = Signal()
    """`request` returns something else now."""
    tokens_chosen = Signal(tuple)
    """Tokens that were chosen in the view; all views mark them."""
    tokens_hovered = Signal(tuple)
    """Tokens under the mouse: none, one or the two of a pair."""
    look_edited = Signal(str, object)
    """A setting of the look, by its path, and its new value."""
    time_chosen = Signal(float)
    """A time that was chosen in the view, to go back to."""
    figure_requested = Signal(object, str)
    """This view, and what to do with its figure; see `app.widgets.figure_menu`."""
    scenes_built = Signal(tuple)
    """A `SceneInfo` for each lane; all views are passed them."""

    @abstractmethod
    def request(self) -> FrameRequest:
        """Return what the next frames should hold."""

    @abstractmethod
    def show_frames(self, frames: Sequence[Frame]) -> None:
        """Show the frames of one moment: of all lanes, or of the one that is edited."""

    @abstractmethod
    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`, and text `scale` times as large."""

    def request_between(self) -> FrameRequest:
        """Return what frames hold between whole ones, if it shows them too."""
        return self.request()

    def needs_scene(self, frame: Frame) -> bool:
        """Return whether the scene of `frame` must be built even if it is outdated."""
        return False

    def build_scene(self, frame: Frame) -> None:
        """Build the scene of `frame` before the next, where the view builds scenes."""

    def show_scenes(self, scenes: Sequence[SceneInfo]) -> None:
        """Take how frames are drawn: the clusters and colours of their tokens.

        Scenes are built on another thread, so they come after their frames, and of
        frames in quick succession only the last has one unless a view needs it.
        """

    def show_document(self, document: Document) -> None:
        """Take the present settings: scenario and appearance."""

    def figure(self) -> Figure | None:
        """Return what is on show as a figure for a report, with all of its data."""
        return None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer the figure to copy or to save, if there is one."""
        if self.has_figure:
            figure_menu(self, self).popup(event.globalPos())
        else:
            super().contextMenuEvent(event)

    def choose(self, tokens: tuple[int, ...]) -> None:
        """Mark `tokens`, which were chosen in some view."""

    def hover(self, tokens: tuple[int, ...]) -> None:
        """Light up the tokens under the mouse in some view; none if there are none."""
