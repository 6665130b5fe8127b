"""The manifest of a job: everything needed to reproduce its numbers."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import bresim
from bresim.common import user_files
from bresim.common.errors import InputError
from bresim.common.paths import source_tree
from bresim.config.schema import JobConfig
from bresim.region.types import Region

if TYPE_CHECKING:
    from bresim.results.result import Result

MANIFEST = "manifest.json"
#: Keys of a design that say what it is, for readers: they change no number, and are left out of the hash too.
WITHOUT_EFFECT_DESIGN = (
    "label_nl", "label_en", "description_nl", "description_en", "example_nl", "example_en", "source", "passage",
)  # fmt: skip
#: Keys of a configuration that do not affect the numbers; they are left out of its hash.
WITHOUT_EFFECT = ("out", "workers", "progress", "overwrite", "lang", "figures", "report", "engine", "files", "dry_run")
#: The same for a sweep: how it is cut.
WITHOUT_EFFECT_SWEEP = ("chunk", "dry_run")

#: The same for a region: where its tables are (its content has a hash of its own), and boundaries for maps.
WITHOUT_EFFECT_REGION = ("folder", "boundaries")


def config_hash(config: JobConfig) -> str:
    """SHA-256 of everything in the configuration that changes a number: the same hash, the same numbers."""
    content = result_keys(config.model_dump(mode="json"))
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def result_keys(content: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a configuration that can change a number."""
    kept = {key: value for key, value in content.items() if key not in WITHOUT_EFFECT}
    for section, names in (("sweep", WITHOUT_EFFECT_SWEEP), ("region", WITHOUT_EFFECT_REGION)):
        if isinstance(kept.get(section), Mapping):
            kept[section] = {key: value for key, value in kept[section].items() if key not in names}
    if isinstance(kept.get("parameters"), Mapping) and isinstance(own := kept["parameters"].get("own"), Mapping):
        kept["parameters"] = {**kept["parameters"], "own": {"digest": own.get("digest")}}  # not the name of their file
    if isinstance(kept.get("sets"), Mapping):
        kept["sets"] = {name: {"digest": sets["digest"]} for name, sets in kept["sets"].items()}
    if isinstance(kept.get("designs"), list):
        kept["designs"] = [
            {key: value for key, value in design.items() if key not in WITHOUT_EFFECT_DESIGN}
            if isinstance(design, Mapping)
            else design
            for design in kept["designs"]
        ]
    return kept


def region_hash(region: Region) -> str:
    """SHA-256 of the region as the model reads it, including the tables that its file names."""
    digest = hashlib.sha256()
    for field in fields(region):
        value = getattr(region, field.name)
        plain = value.tolist() if isinstance(value, np.ndarray) else value
        digest.update(f"{field.name}={plain!r}\n".encode())
    return digest.hexdigest()


def make_manifest(result: Result, started: datetime, finished: datetime | None) -> dict[str, Any]:
    """The provenance of ``result``. ``finished`` is None as long as figures and report are still to be made.

    ``rows`` counts the rows of each table.
    """
    config = result.config
    return {
        "bresim": bresim.__version__,
        "command": config.command,
        **times(started, finished),
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "packages": package_versions(),
        "git": git_state(),
        "engine": result.engine,
        "threads": config.threads,
        "seed": config.seed,
        "region_hash": region_hash(result.region) if result.region is not None else None,
        "runs": len(result.runs) + len(result.undercurrent_runs),
        "failures": result.failures,
        "not_judged": list(result.not_judged),
        "rows": {name: len(table) for name, table in result.tables().items()},
        "config_hash": config_hash(config),
        "config_hash_leaves_out": [
            *WITHOUT_EFFECT,
            *(f"region.{key}" for key in WITHOUT_EFFECT_REGION),
            *(f"designs.{key}" for key in WITHOUT_EFFECT_DESIGN),
        ],
        "config": config.model_dump(mode="json"),
    }


def times(started: datetime, finished: datetime | None) -> dict[str, Any]:
    """When the job ran; ``wall_time`` in seconds, so far if it is not finished."""
    now = finished or datetime.now(UTC)
    return {
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds") if finished else None,
        "wall_time": round((now - started).total_seconds(), 3),
    }


def write_manifest(out: Path, manifest: Mapping[str, Any]) -> Path:
    """Write the manifest under a temporary name and rename it when it is complete."""
    path, partial = out / MANIFEST, out / f".{MANIFEST}.partial"
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
            file.flush()
            os.fsync(file.fileno())  # without it a power cut can leave an empty file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def is_ours(folder: Path) -> bool:
    """Whether a job of bresim left its manifest in ``folder``."""
    return bool(read_manifest(folder))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in ``folder``; empty if there is none that bresim wrote."""
    try:
        content = json.loads(user_files.read_text(folder / MANIFEST, user_files.JSON))
    except (OSError, ValueError, RecursionError, InputError):
        return {}
    if not isinstance(content, dict) or not {"bresim", "config", "config_hash"} <= content.keys():
        return {}
    content = {"command": "", "finished": None, **content}
    return content if _is_sound(content) else {}


#: Key of a manifest → what it holds, where it is there.
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "bresim": str, "command": str, "config": dict, "config_hash": str, "started": str, "finished": (str, type(None)),
    "wall_time": (int, float), "engine": str, "failures": int, "runs": int, "files": dict, "rows": dict, "sweep": str,
    "chunk": int, "chunks": int, "swept": list, "points_digest": str, "seed": int, "threads": int,
}  # fmt: skip
#: Most parts of a sweep.
_MOST_PARTS = 10_000_000


def _is_sound(content: Mapping[str, Any]) -> bool:
    """Whether a manifest has the form of ours: it may have been changed, or come from somebody else."""
    if any(key in content and not isinstance(content[key], kind) for key, kind in _KINDS.items()):
        return False
    if not all(isinstance(size, int) for size in content.get("files", {}).values()):
        return False
    if content["command"] != "sweep":
        return True
    needed = {"sweep", "runs", "chunk", "swept", "points_digest"} <= content.keys()
    return needed and content["chunk"] >= 1 and 0 <= content["runs"] <= _MOST_PARTS * content["chunk"]


def package_versions() -> dict[str, str]:
    """Versions of the packages that bresim needs to run."""
    try:
        needed = requires("bresim") or []
    except PackageNotFoundError:
        needed = []
    names = {re.split(r"[^A-Za-z0-9._-]", need, maxsplit=1)[0] for need in needed if "extra ==" not in need}
    found = {}
    for name in sorted(names or {"numpy", "numba", "pandas", "pyarrow", "hydra-core", "omegaconf", "pydantic", "mesa"}):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def git_state() -> dict[str, Any] | None:
    """Commit of the source tree that bresim runs from, and whether files differ from it; None if there is none."""
    top = source_tree()
    if top is None or not (top / ".git").exists():
        return None

    def git(*arguments: str) -> str | None:
        command = ["git", "-C", str(top), "--no-optional-locks", *arguments]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.strip()

    commit = git("rev-parse", "HEAD")
    if commit is None:
        return None
    return {"commit": commit, "changed": bool(git("status", "--porcelain", "--untracked-files=no"))}
