"""Colours, fonts, icons and typeset formulas: how everything on screen looks.

Imports no other room of `app`.
"""
