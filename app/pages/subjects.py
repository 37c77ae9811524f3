"""The subjects under which the gallery shows presets, in the order to read them."""

from __future__ import annotations

START, MORE = "Start here", "More"
SUBJECTS: dict[str, tuple[str, ...]] = {
    START: ("opening", "collapse", "metastable", "words"),
    "Clusters and long time": (
        *("five-tokens", "staircase", "ramp", "von-mises", "noise", "hardmax"),
        *("orthogonal", "phase-diagram", "long-context", "circle-modes"),
        *("kuramoto", "negative-temperature", "repulsion-platonic", "million"),
    ),
    "Heads, values and perceptrons": (
        *("heads", "tug-of-war", "rotating", "mlp", "layers", "polytope"),
        *("three-planes", "dictionary", "sinkhorn"),
    ),
    "Masks: decoders": (
        *("causal", "causal-axis", "causal-circle", "causal-spread"),
        *("causal-turning", "parking"),
    ),
    "Layer norm": ("layernorm", "ln-race"),
    "Graphs": ("karate-diffusion", "karate-waves", "graph-wave", "wave-k6"),
    "Energy: Hamiltonian, double bracket": (
        *("ring-toggle", "graph-double-bracket", "metriplectic", "inertial"),
        "spin-bridge",
    ),
    "Sentences and trained models": ("sentence", "apple", "bank"),
}
"""File names without suffix; presets that are in none are shown last."""


def subject_of(name: str) -> str:
    """Return the subject of a preset."""
    return next((s for s, names in SUBJECTS.items() if name in names), MORE)


def place_of(name: str) -> tuple[int, int, str]:
    """Return the place of a preset in the gallery, to sort by."""
    for k, names in enumerate(SUBJECTS.values()):
        if name in names:
            return k, names.index(name), name
    return len(SUBJECTS), 0, name
