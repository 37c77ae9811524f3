"""The document in force: its settings, undo, playback, files and recovery.

Imports `sim`; knows no widget.
"""
