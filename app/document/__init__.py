"""The document in force: settings, undo, playback, files and recovery.

May import `app.theme`, `app.actions` and `sim`; never a view.
"""
