"""Shows a run in a lecture hall: letters that the last row can read, and pointers.

May import the views of the window and what is below them; not the window.
"""
