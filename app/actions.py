"""Every menu entry, button and key, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from app.theme import icons

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from app.theme.palette import Theme


@dataclass(frozen=True, slots=True)
class Command:
    """An action of a menu, a button or a key.

    Attributes
    ----------
    id : str
        Name in code.
    text : str
        Name on screen; ends in an ellipsis if a dialog follows.
    menu : str
        Its menu; a separator is drawn where `part` changes.
    call : str
        The method it calls, such as ``"session.undo"``.
    keys : str
        Shortcuts separated by blanks; menus show the first.
    icon : str
        A file of assets/icons.
    tip : str
        What it does, in one sentence, where the text is not enough.
    args : tuple
        Arguments of the call.
    checkable, repeats : bool
        Whether it is a switch, and whether holding its key repeats it.
    """

    id: str
    text: str
    menu: str
    call: str
    keys: str = ""
    icon: str = ""
    tip: str = ""
    args: tuple[Any, ...] = ()
    part: int = 0
    checkable: bool = False
    repeats: bool = False


PAIR_TEXTS = (
    ("beta", "β = 1 | β = 9"),
    ("sums", "SA | USA"),
    ("hardmax", "Softmax | hardmax"),
    ("signs", "V = +I | V = −I"),
    ("masks", "Encoder | causal mask"),
    ("spaces", "Sphere | flat"),
    ("dynamics", "Attention | Hamiltonian | double bracket | diffusion"),
    ("integrators", "Euler | RK4"),
    ("precisions", "float32 | float64"),
)
"""Comparisons with a name: in code, and on screen."""

C = Command
COMMANDS = (
    C("new", "New", "File", "files.new", "Ctrl+N", "new", "The opening preset."),
    C("gallery", "Gallery…", "File", "files.gallery", "Ctrl+G", "gallery", "Presets."),
    C("open", "Open…", "File", "files.open", "Ctrl+O", "open",
      "Open a scenario, an export that carries one, or a table of embeddings."),
    C("open_model", "Open model folder…", "File", "files.open_model", "", "",
      "Open the checkpoint folder of a trained transformer."),
    C("save", "Save", "File", "files.save", "Ctrl+S", "save", part=1),
    C("save_as", "Save as…", "File", "files.save_as", "Ctrl+Shift+S", part=1),
    C("video", "Export video…", "File", "exports.video", "Ctrl+E", "video",
      "Render a video of any part of the run, frame by frame.", part=2),
    C("picture", "Export picture…", "File", "exports.picture", "Ctrl+P", "picture",
      "Render the frame on show as a picture.", part=2),
    C("data", "Export data…", "File", "exports.data", "Ctrl+D", "data",
      "Write the run as CSV tables.", part=2),
    C("quit", "Quit", "File", "files.quit", "Ctrl+Q", part=3),
    C("undo", "Undo", "Edit", "session.undo", "Ctrl+Z", "undo", repeats=True),
    C("redo", "Redo", "Edit", "session.redo", "Ctrl+Y Ctrl+Shift+Z", "redo",
      repeats=True),
    C("copy_latex", "Copy formula as LaTeX", "Edit", "formula.latex", "", "copy",
      part=1),
    C("copy_python", "Copy formula as Python", "Edit", "formula.python", "", "",
      "A program that computes the velocity of each token.", part=1),
    C("find", "Find token…", "Edit", "finder.open", "Ctrl+F", "find",
      "Find a token by its name, its number or its cluster.", part=2),
    C("pin", "Pin token", "Edit", "card.toggle_pin", "P", "",
      "Keep the token on the card marked, or no longer.", part=2),
    C("palette", "Command palette…", "Edit", "palette.open", "Ctrl+K", "",
      "Find a command, setting, preset, token or help page by typing.", part=1),
    C("add_token", "Add token", "Edit", "tokens.add", "Ins", "",
      "Add a token where the mouse is; a change of the run.", part=2),
    C("paint", "Paint tokens", "Edit", "painter.paint", "I", "",
      "Let strokes on the globe lay tokens: a new start at t = 0, more of them later.",
      part=2, checkable=True),
    C("remove_tokens", "Remove chosen tokens", "Edit", "tokens.remove", "Del", "",
      "Take the chosen tokens out of the run.", part=2),
    C("put_between", "Put between…", "Edit", "tokens.put_between", "", "",
      "Put a token between two others.", part=2),
    C("attention", "Attention", "Law", "law.flow", "A", "attention",
      "Return to the attention law.", args=("attention",)),
    C("flow", "Hamiltonian ⇄ double bracket", "Law", "law.toggle_flow", "H",
      "dynamics", "Conserve the energy or dissipate it: the two limits of the law."),
    C("sum", "SA ⇄ USA", "Law", "law.toggle_sum", "U", "",
      "Attention with or without normalised weights.", part=1),
    C("sign", "V = +I ⇄ V = −I", "Law", "law.toggle_sign", "V", "",
      "Let tokens attract or repel each other.", part=1),
    C("play", "Play", "Run", "player.toggle", "Space", "play"),
    C("step", "Step", "Run", "player.step", ".", "step",
      "Pause and advance by one step.", repeats=True),
    C("step_back", "Step back", "Run", "player.step_back", ",", "unstep",
      "Pause and go back by one step.", repeats=True),
    C("backwards", "Play backwards", "Run", "player.play_backwards", "Shift+Space", "",
      "Play the run towards its start."),
    C("to_start", "Start of the run", "Run", "player.to_start", "Ctrl+Left", "first",
      "Pause and go to the start.", part=1),
    C("to_end", "Latest moment", "Run", "player.to_end", "Ctrl+Right", "last",
      "Pause and go to the latest time that was reached.", part=1),
    C("next_merge", "Next merge", "Run", "merges.next", "M", "",
      "Pause and go to the next time at which clusters merge.", part=1),
    C("previous_merge", "Previous merge", "Run", "merges.previous", "Shift+M", "",
      "Pause and go back to the merge before.", part=1),
    C("again", "Play again as it was", "Run", "player.play_again", "Shift+R", "",
      "Play the run from its start, with its changes.", part=2),
    C("reset", "Reset", "Run", "player.restart", "R", "reset",
      "Begin a new run from the same tokens, with the settings in force.", part=2),
    C("sample", "New sample", "Run", "session.new_sample", "N", "sample",
      "Restart with a new random seed.", part=2),
    C("record", "Record", "Run", "recording.record", "Ctrl+R", "",
      "Record what is played, and the camera; stop to make a video.",
      part=3, checkable=True),
    C("compare", "Compare with…", "Compare", "lanes.compare", "C", "compare",
      "Play the run beside itself, with another value of a setting."),
    C("fork", "Fork", "Compare", "lanes.fork", "F", "",
      "Let a second lane go on from this moment, with its own changes."),
    C("take_over", "Let a law take over…", "Compare", "sentences.take_over", "", "",
      "Let a lane beside go on from this half layer of a trained model by a law."),
    C("duplicate", "One more lane", "Compare", "lanes.duplicate", "", "",
      "Show the chosen run once more, to change it."),
    C("twin", "Perturbed twin…", "Compare", "tokens.twin", "", "",
      "A lane that goes on from here with every token moved by ε."),
    *(C(f"pair_{name}", text, "Compare", "lanes.pair", args=(name,), part=1)
      for name, text in PAIR_TEXTS),
    C("next_lane", "Next lane", "Compare", "lanes.next", "Ctrl+Tab", "",
      "Let settings edit the next lane.", part=2),
    C("close_lane", "Close lane", "Compare", "lanes.close", "Ctrl+W", "",
      "Close the chosen lane; the others go on.", part=2),
    C("close_others", "Close other lanes", "Compare", "lanes.close_others", "", "",
      "Make the chosen lane the only run.", part=2),
    C("settings", "Settings", "View", "panels.show_settings", "F2", checkable=True),
    C("measures", "Curves and panels", "View", "panels.show_measures", "F3",
      checkable=True),
    C("next_panel", "Next panel", "View", "inspectors.turn", "F4", "",
      "The next panel below the curves.", args=(1,)),
    C("previous_panel", "Previous panel", "View", "inspectors.turn", "Shift+F4", "",
      "The previous panel below the curves.", args=(-1,)),
    C("large_panel", "Large panel", "View", "panels.enlarge", "F6", "enlarge",
      "The panel below the curves beside the picture, as large as that; it stays in a "
      "presentation.", checkable=True),
    C("layers", "Layers", "View", "panels.show_layers", "L", "",
      "The layers of the run as a strip below the picture.",
      checkable=True),
    C("formula", "Formula", "View", "panels.show_formula", "E", "",
      "The formula of the law, large; its symbols lead to their settings.",
      checkable=True),
    C("labs", "Labs", "View", "panels.show_labs", "Ctrl+L", "",
      "Small computations that explain attention, with their settings.",
      checkable=True),
    C("diagram", "Phase diagram…", "View", "diagrams.open", "Ctrl+Shift+D", "",
      "A measure over two settings, or a setting and time, from many runs."),
    C("present", "Present", "View", "panels.present", "F5", "present",
      "Show globe, values and curve so large that a hall can read them.", part=1,
      checkable=True),
    C("full", "Full screen", "View", "panels.full", "F11", part=1, checkable=True),
    C("leave", "Leave", "View", "panels.leave", "Esc", "",
      "Close labs or the formula, or leave presentation and full screen.", part=1),
    C("larger", "Larger", "View", "theme.grow", "Ctrl++ Ctrl+=", args=(1,), part=2),
    C("smaller", "Smaller", "View", "theme.grow", "Ctrl+-", args=(-1,), part=2),
    C("normal", "Normal size", "View", "theme.grow", "Ctrl+0", args=(0,), part=2),
    C("reduced_motion", "Reduce motion", "View", "theme.reduce_motion", "",
      "", "Stop the turning and easing of the camera.", part=2,
      checkable=True),
    C("system", "System theme", "View", "theme.choose", args=("system",),
      part=3, checkable=True),
    C("dark", "Dark theme", "View", "theme.choose", args=("dark",), part=3,
      checkable=True),
    C("light", "Light theme", "View", "theme.choose", args=("light",), part=3,
      checkable=True),
    C("next_cue", "Next cue", "Lesson", "lesson.next", "PgDown", "",
      "Show the answer to the question of the cue; then the next cue.", part=1),
    C("previous_cue", "Previous cue", "Lesson", "lesson.previous", "PgUp", "",
      "Show the cue before.", part=1),
    C("cue_again", "Back to the cue", "Lesson", "lesson.again", "Ctrl+Backspace", "",
      "Put the run of the cue in force again, without your edits.", part=1),
    C("answer", "Answer", "Lesson", "lesson.show_answer", "Ctrl+Return", "",
      "Show the answer, computed from the run of the cue.", part=1),
    C("notes", "Speaker notes", "Lesson", "lesson_controls.show_notes", "Shift+N", "",
      "Show notes and the next cue in the bar; the audience does not see them.",
      part=2, checkable=True),
    C("audience", "Audience window", "Lesson", "lesson_controls.show_audience",
      "Shift+F5", "",
      "Show the picture of a presentation in a second window, on a second screen.",
      part=2, checkable=True),
    C("end_lesson", "End lesson", "Lesson", "lesson.close", "", "",
      "Close the lesson; the run on show stays.", part=3),
    C("star_up", "Star setting up", "Present", "presentation.step_star", "Up", "",
      "Raise the setting that the presentation shows large.", args=(1,), part=1,
      repeats=True),
    C("star_down", "Star setting down", "Present", "presentation.step_star", "Down", "",
      "Lower the setting that the presentation shows large.", args=(-1,), part=1,
      repeats=True),
    C("blank", "Blank", "Present", "presentation.blank", "B", "",
      "Make the picture black, or show it again.", part=2),
    C("spotlight", "Spotlight", "Present", "presentation.spotlight", "S", "",
      "Darken all but a circle around the mouse.", part=2),
    C("pointer", "Laser pointer", "Present", "presentation.pointer", "D", "",
      "Put a bright dot where the mouse is.", part=2),
    C("keys", "Keyboard shortcuts", "Help", "files.keys", "F1 ?", "help",
      "All keyboard shortcuts on one page."),
    C("about", "About Attention Orrery", "Help", "files.about", part=1),
)  # fmt: skip
"""The table; menus show its entries in this order."""

MENUS = tuple(dict.fromkeys(c.menu for c in COMMANDS))


class Commands(QObject):
    """The actions of the table, for menus, buttons and keys alike."""

    def __init__(self, window: QWidget, parts: Mapping[str, object]) -> None:
        super().__init__(window)
        self._parts = parts
        self._actions = {c.id: self._action(c, window) for c in COMMANDS}

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> list[QAction]:
        """Return all actions, for another window in which their keys hold."""
        return list(self._actions.values())

    def of(self, menu: str) -> list[QAction | None]:
        """Return the actions of a menu; None is a separator."""
        out: list[QAction | None] = []
        part = 0
        for command in COMMANDS:
            if command.menu == menu:
                if command.part != part and out:
                    out.append(None)
                out.append(self._actions[command.id])
                part = command.part
        return out

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        side = round(icons.SIDE * scale)
        for command in COMMANDS:
            if command.icon:
                colour = theme.bad if command.icon == "record" else ""
                icon = icons.icon(command.icon, theme, colour, side)
                self._actions[command.id].setIcon(icon)

    def rename(self, name: str, text: str) -> None:
        """Give an action another text, and the tooltip that goes with it."""
        command = next(c for c in COMMANDS if c.id == name)
        self._actions[name].setText(text)
        self._actions[name].setToolTip(tip(command, text))

    def _action(self, command: Command, window: QWidget) -> QAction:
        action = QAction(command.text, window)
        action.setShortcuts([QKeySequence(k) for k in command.keys.split()])
        action.setAutoRepeat(command.repeats)
        action.setCheckable(command.checkable)
        action.setToolTip(tip(command, command.text))
        action.setStatusTip(command.tip)
        action.setMenuRole(_role(command.id))
        action.triggered.connect(self._caller(command))
        window.addAction(action)
        return action

    def _caller(self, command: Command) -> Callable[[bool], None]:
        part, _, name = command.call.partition(".")

        def call(checked: bool) -> None:
            target: Callable[..., object] = attrgetter(name)(self._parts[part])
            own = command.checkable and not command.args
            target(*((checked,) if own else command.args))

        return call


def tip(command: Command, text: str) -> str:
    """Return the tooltip: what it does, and its first key."""
    first = command.keys.partition(" ")[0]
    native = QKeySequence(first).toString(QKeySequence.SequenceFormat.NativeText)
    said = command.tip or text.removesuffix("…") + "."
    title = text.removesuffix("…")
    start = f"{title}: {said[0].lower()}{said[1:]}" if command.tip else said
    return f"{start.removesuffix('.')} ({native})" if first else start


def _role(name: str) -> QAction.MenuRole:
    roles = QAction.MenuRole
    known = {"quit": roles.QuitRole, "about": roles.AboutRole}
    return known.get(name, roles.NoRole)
