"""What holds where the user says nothing, before anything is composed."""

from __future__ import annotations

import yaml

from bresim.common.paths import configs_dir


def default_language() -> str:
    """The language of ``configs/job.yaml``."""
    return str(yaml.safe_load((configs_dir() / "job.yaml").read_text(encoding="utf-8"))["lang"])
