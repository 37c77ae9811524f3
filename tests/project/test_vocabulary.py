"""Names and texts use the field's words: none of those coined here in the past."""

import io
import json
import re
import tokenize

import pytest
from helpers.paths import ROOT, SCENARIOS

COINED = frozenset(
    """
    calm company crew crown desk dress dressed dresser dressing errand errands heaps
    keepers lamp ledger march marched marches nobody pictured strand strands shelf
    tidy told uncounted unheard veil wardrobe wear wears worn
    """.split()
)
"""Words that stood for standard terms: see the glossary of ARCHITECTURE.md."""

PHRASES = (
    "as fast as on the wall",
    "every hand on it",
    "is held to",
    "is told of",
    "knows no ",
    "mend or remove",
    "no finite numbers any more",
    "stands together",
    "to and fro",
    "what it is held",
)
"""Inversions and idioms that a reader of English as a second language stumbles over."""

STORED_KEYS = frozenset({'"calm"'})
"""Keys of preferences that users have stored: they keep their names."""

PYTHON = sorted(p for room in ("app", "sim") for p in (ROOT / room).rglob("*.py"))
PAGES = sorted(
    [
        *(p for p in ROOT.glob("*.md")),
        *(ROOT / "assets" / "help").glob("*.md"),
        *(ROOT / "sim").rglob("*.md"),
    ]
)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def parts(name):
    """Return the words of an identifier: ``tidy_desk`` and ``TidyDesk`` have two."""
    return {word.lower() for word in WORD.findall(name)}


def identifiers(tokens):
    return {token.string for token in tokens if token.type == tokenize.NAME}


def prose(tokens):
    """Return the strings and comments among the `tokens` of Python text."""
    kinds = (tokenize.STRING, tokenize.COMMENT)
    return [token.string for token in tokens if token.type in kinds]


def coined(text):
    return COINED & {word.lower() for word in re.findall(r"[^\W\d_]+", text)}


def idioms(text):
    flat = " ".join(text.lower().split())
    return {phrase for phrase in PHRASES if phrase in flat}


def test_words_of_a_name_are_found():
    assert parts("TidyDesk") == parts("tidy_desk") == {"tidy", "desk"}
    assert coined("Nobody is told.") == {"nobody", "told"}
    assert idioms("It knows\n    no mask") == {"knows no "}


@pytest.mark.slow
@pytest.mark.parametrize("path", PYTHON, ids=lambda p: str(p.relative_to(ROOT)))
def test_code_has_no_coined_words(path):
    text = path.read_text(encoding="utf-8")
    tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
    names = {name for name in identifiers(tokens) if parts(name) & COINED}
    assert not names
    assert not parts(path.stem) & COINED
    said = "\n".join(s for s in prose(tokens) if s not in STORED_KEYS)
    assert not coined(said)
    assert not idioms(said)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_have_no_coined_words(path):
    text = path.read_text(encoding="utf-8")
    glossary = text.find("## Glossary")
    text = text if path.name != "ARCHITECTURE.md" else text[:glossary]
    assert not coined(text)
    assert not idioms(text)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.json")), ids=lambda p: p.stem)
def test_presets_have_no_coined_words(path):
    preset = json.loads(path.read_text(encoding="utf-8"))
    text = f"{preset['title']} {preset['note']}"
    assert not coined(text)
    assert not idioms(text)
