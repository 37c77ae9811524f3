"""Settings that name a model: its folder, and the digest of its weights."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.models.checkpoint import CONFIG, read_json
from sim.models.language_model import folder_of, open_model
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from pathlib import Path

    from sim.models.language_model import LanguageModel

PATH = Knob(
    "path",
    help="Folder of a checkpoint (config.json, tokenizer.json, model.safetensors), or "
    "asset:minilm for the encoder of the program.",
)
SHA256 = Knob(
    "SHA-256",
    help="Digest of the weights that the run was made with; empty takes any.",
)
SHOWN_DIGITS = 12
SHOWN_TEXT = 60  # characters of a title


def checked_model(path: str, sha256: str) -> LanguageModel:
    """Return the model in a folder, with the weights of a digest.

    Raises
    ------
    ValueError, OSError
        If it cannot be read, or its weights have another digest.
    """
    model = open_model(path)
    if sha256 and model.files.sha256 != sha256.strip().lower():
        raise ValueError(
            f"{path}: the weights have changed since this run was made: their SHA-256 "
            f"is {model.files.sha256[:SHOWN_DIGITS]}…, not {sha256[:SHOWN_DIGITS]}…. "
            "Use the weights of the run, or leave sha256 empty to take these."
        )
    return model


def model_settings(model: LanguageModel, path: str) -> dict[str, Any]:
    """Return the settings of a run in which a model moves the tokens of a sentence.

    By path, for the preset `sentence`; `path` is the folder of the model.
    """
    digest = model.files.sha256
    return {
        "initial": "sentence",
        "initial.path": path,
        "initial.sha256": digest,
        "space": "flat",
        "dynamics": "trained",
        "dynamics.path": path,
        "dynamics.sha256": digest,
        "duration": 2 * model.transformer.layers,
        "reference": model.about(),
        "note": "",
    }


def sentence_title(text: str) -> str:
    """Return a sentence as the title of its run."""
    return text if len(text) <= SHOWN_TEXT else f"{text[: SHOWN_TEXT - 1]}…"


def dimension_of(path: str) -> int:
    """Return the dimension of a model's states, without reading its weights.

    Raises
    ------
    ValueError, OSError
        If there is no such model, or its configuration has no dimension.
    """
    return _count(path, ("hidden_size", "n_embd"))


def layers_of(path: str) -> int:
    """Return how many layers a model has; see `dimension_of`."""
    return _count(path, ("num_hidden_layers", "n_layer"))


def heads_of(path: str) -> int:
    """Return how many heads a layer of a model has; see `dimension_of`."""
    return _count(path, ("num_attention_heads", "n_head"))


def _count(path: str, names: tuple[str, ...]) -> int:
    config = folder_of(path) / CONFIG
    if not config.is_file():
        open_model(path)  # says what is missing
    return _in_config(config, config.stat().st_mtime_ns, names)


@lru_cache(maxsize=16)
def _in_config(config: Path, _changed: int, names: tuple[str, ...]) -> int:
    data = read_json(config)
    value = next((data[name] for name in names if name in data), None)
    if type(value) is not int or value < 1:
        raise ValueError(
            f"{config}: it must give {' or '.join(names)}, got {value!r}. "
            "Choose the folder of a transformer."
        )
    return value
