"""``python -m bresim`` is the command ``bresim``."""

from bresim.cli import entry

entry()
