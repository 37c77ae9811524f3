"""A checkpoint folder: its configuration, its arrays, its licence and its digest."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.models.quantised import Quantised
from sim.models.safetensors import Tensor, read_tensors

if TYPE_CHECKING:
    from pathlib import Path

    from sim.array_types import AnyArray

CONFIG, TOKENIZER = "config.json", "tokenizer.json"
WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
MAX_TEXT = 64 * 2**20  # bytes of a JSON file: vocabularies of 10⁵ words have 10⁷
MAX_COUNT = 2**24  # of a size in a configuration
CHUNK = 2**20
LISTED = 3  # names in a message
TO_CONVERT = (
    "Load it where it comes from and save it as safetensors, with "
    "model.save_pretrained(folder, safe_serialization=True)."
)
LICENCE = re.compile(r"^license:\s*[\"']?([\w.+-]+)", re.MULTILINE)
HEAD_OF_README = 4096  # characters, in which the licence stands


@dataclass(frozen=True)
class CheckpointFolder:
    """The files of one trained model.

    Attributes
    ----------
    folder : Path
        Where they are.
    config : dict
        The configuration.
    files : tuple of Path
        The files of weights, in the order of their names.
    """

    folder: Path
    config: dict[str, Any]
    files: tuple[Path, ...]

    @cached_property
    def tensors(self) -> dict[str, Tensor]:
        """The arrays of all files, by name."""
        return {k: v for file in self.files for k, v in read_tensors(file).items()}

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the weights, file after file."""
        found = hashlib.sha256()
        for file in self.files:
            with file.open("rb") as content:
                while chunk := content.read(CHUNK):
                    found.update(chunk)
        return found.hexdigest()

    @property
    def kind(self) -> str:
        """The model type that the configuration gives."""
        return str(self.config.get("model_type", ""))

    @property
    def licence(self) -> str:
        """The licence that the folder states; empty if it states none."""
        readme = self.folder / "README.md"
        if not readme.is_file():
            return ""
        text = readme.read_text(encoding="utf-8", errors="replace")[:HEAD_OF_README]
        found = LICENCE.search(text)
        return found.group(1) if found else ""

    def count(self, *names: str, default: int | None = None) -> int:
        """Return a size of the configuration, by the first of some names that it has.

        Raises
        ------
        ValueError
            If it is missing, or is no positive whole number.
        """
        value = next((self.config[n] for n in names if n in self.config), default)
        if type(value) is not int or not 0 < value <= MAX_COUNT:
            raise ValueError(
                f"{CONFIG}: {names[0]} must be a whole number from 1 to {MAX_COUNT:,}, "
                f"got {value!r}."
            )
        return value

    def number(self, name: str, default: float) -> float:
        """Return a number of the configuration that must be above 0."""
        value = self.config.get(name, default)
        if not isinstance(value, int | float) or not 0 < value < float("inf"):
            raise ValueError(f"{CONFIG}: {name} must be above 0, got {value!r}.")
        return float(value)

    def tensor(self, name: str, shape: tuple[int, ...]) -> Tensor | Quantised:
        """Return an array that must have a shape.

        Raises
        ------
        ValueError
            If it is missing, or has another shape.
        """
        if name not in self.tensors:
            raise ValueError(
                f"{self.folder.name}: the weights have no {name}, which a model of "
                f"type {self.kind} needs. The folder is incomplete: copy it again."
            )
        found = self.tensors[name]
        if found.shape != shape:
            got, want = (" × ".join(map(str, s)) for s in (found.shape, shape))
            raise ValueError(
                f"{found.where} has the shape {got}, but {CONFIG} asks for {want}. "
                "They belong to different models: copy the folder again."
            )
        scale = self.tensors.get(f"{name}.scale")
        if found.kind == "I8" and scale is not None:
            return Quantised(found, scale)
        return found

    def array(self, name: str, *shape: int) -> AnyArray:
        """Return an array of a shape as float32."""
        return self.tensor(name, shape).floats()


def open_checkpoint(folder: Path) -> CheckpointFolder:
    """Return the checkpoint in a folder; arrays are read when they are used.

    Raises
    ------
    ValueError
        If a file is missing or damaged, or the weights are pickles.
    OSError
        If the folder or a file cannot be read.
    """
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "there is no such folder"
        raise FileNotFoundError(
            f"{folder}: {what}. Give the folder of a checkpoint, with {CONFIG}, "
            f"{TOKENIZER} and {WEIGHTS}."
        )
    files = _weights(folder)
    for name in (CONFIG, TOKENIZER):
        if not (folder / name).is_file():
            raise ValueError(
                f"{folder}: there is no {name} beside the weights. Copy it from where "
                "the model comes from."
            )
    config = read_json(folder / CONFIG)
    if "quantization_config" in config:
        raise ValueError(
            f"{folder.name}: its weights are quantised, which is not read. "
            "Use the checkpoint in float32, float16 or bfloat16."
        )
    return CheckpointFolder(folder, config, files)


def _weights(folder: Path) -> tuple[Path, ...]:
    """Return the files of weights."""
    if (folder / INDEX).is_file():
        named = read_json(folder / INDEX).get("weight_map")
        if isinstance(named, dict) and named:
            return _shards(folder, sorted({str(name) for name in named.values()}))
        raise ValueError(f"{INDEX}: it must name the files of weights in weight_map.")
    if (folder / WEIGHTS).is_file():
        return (folder / WEIGHTS,)
    pickles = sorted(p.name for p in folder.iterdir() if p.suffix in PICKLES)
    if pickles:
        raise ValueError(
            f"{folder}: its weights are pickles ({', '.join(pickles[:LISTED])}), which "
            f"can run any program when they are read, so they are refused. {TO_CONVERT}"
        )
    raise ValueError(
        f"{folder}: there are no weights in it, {WEIGHTS} or {INDEX}. Give the folder "
        "of a checkpoint."
    )


def _shards(folder: Path, names: list[str]) -> tuple[Path, ...]:
    """Return the files that an index names, all inside the folder."""
    for name in names:
        if name in ("", ".", "..") or "/" in name or "\\" in name:
            raise ValueError(f"{INDEX}: {name!r} is not the name of a file beside it.")
        if not (folder / name).is_file():
            raise ValueError(
                f"{folder}: {name} is missing, one of {len(names)} files of weights "
                f"that {INDEX} names. Copy it too."
            )
    return tuple(folder / name for name in names)


def read_json(path: Path) -> dict[str, Any]:
    """Return the group in a JSON file of a checkpoint.

    Raises
    ------
    ValueError
        If it is too large, or no JSON group.
    """
    if path.stat().st_size > MAX_TEXT:
        raise ValueError(f"{path.name}: it has more than {MAX_TEXT:,} bytes.")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise ValueError(
            f"{path.name}: it is damaged, no JSON group in UTF-8. Copy it again."
        )
    return data
