"""The exit codes, named."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the process says to its caller; the comments are the documentation."""

    CLEAN = 0  # everything was read and nothing was found
    FINDINGS = 1  # everything was read and something was found
    USAGE = 2  # the command, an option, a policy or a disclaimer file is wrong; nothing was audited
    FAILURE = 3  # a file could not be read at all, or the model is unusable; what could be read was audited
    INTERRUPTED = 130  # stopped by the user; the report holds what was done until then and says so
