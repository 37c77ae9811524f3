"""The command palette: commands, settings, presets, tokens and help, found by typing.

May import the settings panel, pages and what is below them.
"""
