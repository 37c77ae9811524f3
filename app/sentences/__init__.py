"""Sentences in trained transformers: their fields, checkpoint folders, and forks.

May import `app.tables`, `app.widgets` and what is below them.
"""
