"""Which model and which sentence the pages of a scenario are about.  No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.dynamics.trained import Trained
from sim.initial.sentence import Sentence
from sim.models.model_settings import checked_model

if TYPE_CHECKING:
    from sim.models.encoding import Encoding
    from sim.models.interventions import Intervention
    from sim.models.language_model import LanguageModel
    from sim.models.transformer import Pass
    from sim.scenario import Scenario

NO_SENTENCE = (
    "These pages need a sentence. Choose Start ▸ Sentence among the settings of "
    "Tokens, or open “A sentence in a transformer” in the gallery."
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A sentence in a model.

    Attributes
    ----------
    path, sha256 : str
        The model.
    text : str
        The sentence.
    special : bool
        Whether the run has the tokens that the model adds, such as [CLS].
    start : int
        The half layer at the time 0.
    edits : tuple of Intervention
        What is changed in the forward pass.
    changed : str
        That in words; empty for nothing.
    """

    path: str
    sha256: str
    text: str
    special: bool
    start: int
    edits: tuple[Intervention, ...] = ()
    changed: str = ""

    def model(self) -> LanguageModel:
        """Return the model.

        Raises
        ------
        ValueError, OSError
            If it cannot be read, or its weights have changed.
        """
        return checked_model(self.path, self.sha256)

    def forward(self, model: LanguageModel) -> Pass:
        """Return the forward pass of the sentence, in float64."""
        return model.forward(self.text, np.float64, self.edits)

    def tokens(self, encoding: Encoding) -> tuple[int, ...]:
        """Return the id in the run of each token of the sentence; −1 where it has none.

        Those that the run starts with are counted from 0.
        """
        out: list[int] = []
        kept = 0
        for added in encoding.special:
            there = self.special or not added
            out.append(kept if there else -1)
            kept += there
        return tuple(out)

    def half_at(self, t: float) -> int:
        """Return how many half layers tokens have passed at a time, as a whole."""
        return self.start + max(0, int(t + 1e-9))

    def time_of(self, half: float) -> float:
        """Return when tokens have passed that many half layers."""
        return max(0.0, half - self.start)


def concerns(scenario: Scenario) -> bool:
    """Return whether a scenario has a trained model or a sentence."""
    law = scenario.dynamics
    return isinstance(scenario.initial, Sentence) or (
        isinstance(law, Trained) and bool(law.path)
    )


def subject_of(scenario: Scenario) -> Subject | None:
    """Return the sentence of a scenario, in its law's model or that of its start."""
    start, law = scenario.initial, scenario.dynamics
    if not isinstance(start, Sentence):
        return None
    text, special = start.text, start.special
    if isinstance(law, Trained) and law.path:
        changed = law.intervention
        edits, said = changed.edits(), changed.said()
        place = law.path, law.sha256
        return Subject(*place, text, special, law.start, edits, said if edits else "")
    return Subject(start.path, start.sha256, text, special, start.half)
