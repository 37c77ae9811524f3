"""The dialog in which the columns of a table are chosen.

May import `app.widgets` and what is below it.
"""
