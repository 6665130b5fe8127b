"""What holds where the user says nothing, before anything is composed."""

from __future__ import annotations

from bresim.common.paths import configs_dir
from bresim.common.yaml_files import read_mapping


def default_language() -> str:
    """The language of ``configs/job.yaml``."""
    return str(read_mapping(configs_dir() / "job.yaml")["lang"])
