"""Messages of errors, as sentences for the person."""

from __future__ import annotations


def sentence(text: str) -> str:
    """Return `text` with a capital, unless it begins with the name of a file."""
    before, colon, _ = text.partition(":")
    return text if colon and "." in before else text[:1].upper() + text[1:]
