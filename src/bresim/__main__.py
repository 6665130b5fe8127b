"""``python -m bresim`` is the command ``bresim``."""

import sys

from bresim.cli import main

sys.exit(main())
