"""Tokens during a run: their ids, and how they are moved, added and removed.

May import scenarios and what is below them.
"""
