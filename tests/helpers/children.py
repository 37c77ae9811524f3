"""Processes that a test starts, and that do not outlive it."""

import subprocess
from contextlib import contextmanager

from helpers.paths import ROOT


@contextmanager
def started(*command):
    """Start a process in the repository's root; kill it if it still runs."""
    child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()
