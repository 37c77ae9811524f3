"""How settings are called on screen, and into which group of the panel they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.settings.knobs import get, knobs

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.settings.knobs import Settings

GROUPS = {
    "tokens": "Tokens",
    "attention": "Attention",
    "block": "Transformer block",
    "norm": "Layer norm",
    "dynamics": "Dynamics",
    "integrator": "Integrator",
    "look": "Look",
    "words": "Caption",
}
"""Icon and title of every group of the settings panel, from top to bottom."""

BLOCK = ("dynamics.heads.positions", "dynamics.heads.mlp", "dynamics.heads.depth")
"""What a transformer has besides attention and norm."""

NAMES = {
    "tokens": "Tokens n",
    "dimension": "Dim. d",
    "seed": "Seed",
    "initial": "Start",
    "encoding": "PE at start",
    "space": "Surface",
    "dynamics": "Law",
    "dynamics.heads.count": "Heads",
    "dynamics.heads.value": "Value V",
    "dynamics.heads.query": "Query Q",
    "dynamics.heads.key": "Key K",
    "dynamics.heads.scaled": "Scaled 1/√d_k",
    "dynamics.heads.mask": "Mask",
    "dynamics.heads.masses": "Masses",
    "dynamics.heads.positions": "PE in scores",
    "dynamics.heads.mlp": "MLP",
    "dynamics.heads.mlp.first": "MLP W₁",
    "dynamics.heads.mlp.second": "MLP W₂",
    "dynamics.heads.mlp.activation": "MLP σ",
    "dynamics.heads.mlp.bias": "MLP σ_b",
    "dynamics.heads.mlp.strength": "MLP c",
    "dynamics.heads.depth.ramp": "β ramp",
    "dynamics.heads.depth.ramp.end": "Ramp × r",
    "dynamics.heads.depth.ramp.start": "Ramp start",
    "dynamics.heads.depth.ramp.length": "Ramp length",
    "dynamics.keys": "Keys",
    "integrator": "Method",
    "clock": "Clock",
    "step": "Step h",
    "duration": "Duration T",
    "precision": "Precision",
    "look.projection": "Seen along",
}
"""Names of settings that have no knob, or need more than its letter."""

HELP = {
    "initial": "Where tokens begin.",
    "encoding": "What tokens carry of their positions from the start.  A change starts "
    "again from the beginning.",
    "space": "What layer normalisation keeps tokens on.",
    "dynamics": "The law of motion.",
    "dynamics.heads.value": "The value matrix V: what attention moves tokens by.  "
    "V = +I attracts, V = −I repels.",
    "dynamics.heads.query": "The query matrix Q.",
    "dynamics.heads.key": "The key matrix K.",
    "dynamics.heads.mask": "Who may attend to whom.",
    "dynamics.heads.masses": "How much each token counts for the others.",
    "dynamics.heads.positions": "What scores see of positions, at every depth.",
    "dynamics.heads.mlp": "A perceptron W₂σ(W₁x + b₁) + b₂ that moves tokens too: "
    "inside every head, or beside attention as in trained transformers.",
    "dynamics.heads.mlp.first": "The perceptron's first matrix W₁.",
    "dynamics.heads.mlp.second": "The perceptron's second matrix W₂.",
    "dynamics.heads.depth.ramp": "How β changes with depth, for laws that have one.",
    "dynamics.keys": "What tokens attend to: a dictionary that does not move.",
    "integrator": "How the equation is stepped.",
    "clock": "How fast simulated time passes while one watches.",
    "look.projection": "How more than three dimensions are seen in three.",
}
"""What settings without a knob are."""

WORD = 3  # letters: shorter labels are symbols, such as k, and stay as they are
SOFT = {
    "tokens": (2, 20_000),
    "dimension": (2, 1024),
    "dynamics.beta": (-16, 256),
    "step": (1e-3, 1),
    "duration": (1, 1000),
}
"""Bounds of sliders that are tighter than the knob's: beyond them, type."""


def group_of(path: str) -> str:
    """Return the icon of the group that the setting at `path` belongs to."""
    head, _, rest = path.partition(".")
    if path.startswith(BLOCK):
        return "block"
    if head == "dynamics" and rest.partition(".")[0] in ("beta", "heads"):
        return "attention"
    return {
        "tokens": "tokens",
        "dimension": "tokens",
        "seed": "tokens",
        "initial": "tokens",
        "encoding": "block",
        "space": "norm",
        "dynamics": "dynamics",
        "integrator": "integrator",
        "step": "integrator",
        "clock": "integrator",
        "duration": "integrator",
        "precision": "integrator",
        "look": "look",
    }.get(head, "words")


def name_of(document: Document, path: str) -> str:
    """Return what the setting at `path` is called."""
    if path in NAMES:
        return NAMES[path]
    owner, name = owner_of(document, path)
    knob = knobs(type(owner)).get(name)
    label = knob.label if knob else name
    word = len(label) >= WORD and label.isascii() and label.islower()
    return label[0].upper() + label[1:] if word else label


def owner_of(document: Document, path: str) -> tuple[Settings, str]:
    """Return the record that holds the setting at `path`, and its field's name."""
    record: Settings = document.scenario
    if path.startswith("look."):
        record, path = document.look, path.removeprefix("look.")
    above, _, name = path.rpartition(".")
    return (get(record, above) if above else record), name
