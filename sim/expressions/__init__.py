"""Expressions: trees of symbols and operations, of which formulas are made.

A tree is typeset, evaluated in plain NumPy index by index, and written as Python; its
symbols know their settings.  May import `sim.array_types` only: laws, masks, masses and
other parts write themselves in it.
"""
