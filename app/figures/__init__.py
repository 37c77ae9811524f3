"""Figures for a report: what they show, how they are drawn, the files they become.

May import `app.annotations` and `app.theme`.
"""
