"""The results of a job: its tables in memory and on disk, and the manifest with their provenance.

Names are imported when they are used: a message about bad input needs no tables.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bresim.results.folder import JobFolder, check_folder, discard_all
    from bresim.results.manifest import config_hash, make_manifest, write_manifest
    from bresim.results.result import TABLES, Result
    from bresim.results.tables import read_result, write_tables

__all__ = [
    "TABLES",
    "JobFolder",
    "Result",
    "check_folder",
    "config_hash",
    "discard_all",
    "make_manifest",
    "read_result",
    "write_manifest",
    "write_tables",
]

_HOMES = {
    "JobFolder": "folder",
    "check_folder": "folder",
    "discard_all": "folder",
    "config_hash": "manifest",
    "make_manifest": "manifest",
    "write_manifest": "manifest",
    "TABLES": "result",
    "Result": "result",
    "read_result": "tables",
    "write_tables": "tables",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"bresim.results.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'bresim.results' has no attribute '{name}'")
