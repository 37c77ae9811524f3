"""Runs side by side in the window: pictures, titles, and what they are compared by.

May import views, plots and the panel, and what is below them.
"""
