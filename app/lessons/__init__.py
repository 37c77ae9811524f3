"""Plays lessons in the window: cues, words, notes, and a window for the audience.

May import the views of the window, the presenter and what is below them.
"""
