"""The package: what it declares is what it imports, what it locks and what its wheel holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")
VERSIONS = ("3.11", "3.12", "3.13")
PLATFORMS = ("linux", "darwin")


def entries(lock: str) -> Iterator[tuple[Requirement, list[str]]]:
    """The requirements of a lock file, each with its hashes."""
    text = re.sub(r"\\\n\s*", "", (ROOT / lock).read_text())
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            requirement, *options = line.split(" --hash=")
            yield Requirement(requirement), options


def pins(lock: str, version: str, platform: str) -> dict[str, list[str]]:
    """Name → versions that the lock installs on that Python and platform."""
    environment = {
        "python_version": version, "python_full_version": f"{version}.5", "sys_platform": platform,
        "platform_system": platform.capitalize(), "os_name": "posix", "platform_machine": "x86_64",
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
    }  # fmt: skip
    found: dict[str, list[str]] = {}
    for requirement, _ in entries(lock):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            (pin,) = requirement.specifier
            found.setdefault(canonicalize_name(requirement.name), []).append(pin.version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_with_hashes(lock: str) -> None:
    for requirement, hashes in entries(lock):
        (pin,) = requirement.specifier
        assert pin.operator == "==", requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value.strip()) for value in hashes), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index_a_host_or_a_path(lock: str) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host| @ ", (ROOT / lock).read_text())


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_locks_hold_what_the_project_declares(version: str, platform: str) -> None:
    extras = [requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra]
    core, dev = pins("requirements.lock", version, platform), pins("requirements-dev.lock", version, platform)
    for lock, declared in ((core, PROJECT["dependencies"]), (dev, PROJECT["dependencies"] + extras)):
        for requirement in map(Requirement, declared):
            locked = lock.get(canonicalize_name(requirement.name), [])
            assert len(locked) == 1, f"{requirement} is locked as {locked}; run make lock"
            assert requirement.specifier.contains(locked[0]), f"{requirement} is locked as {locked}; run make lock"
    assert core.items() <= dev.items()


def test_the_core_install_stays_small() -> None:
    core = {canonicalize_name(requirement.name) for requirement, _ in entries("requirements.lock")}
    assert not core & {"ortools", "pytest", "mypy", "ruff", "hypothesis", "import-linter", "dask", "solara"}


def imported(path: Path) -> Iterator[str]:
    """Top-level names that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def test_the_package_declares_what_it_imports() -> None:
    extras = [needs for extra, needs in PROJECT["optional-dependencies"].items() if extra != "dev"]
    declared = [*PROJECT["dependencies"], *(need for needs in extras for need in needs)]
    names = {canonicalize_name(Requirement(text).name) for text in declared}
    providers = packages_distributions()
    for path in sorted((ROOT / "src").rglob("*.py")):
        for module in set(imported(path)) - sys.stdlib_module_names - {"bresim"}:
            provided = {canonicalize_name(name) for name in providers.get(module, [module])}
            assert provided & names, f"{path.relative_to(ROOT)} imports {module}, which pyproject.toml does not declare"


def test_one_version_everywhere() -> None:
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == PROJECT["version"]
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text()


def test_documents_link_to_what_is_there() -> None:
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / link).exists(), f"{document.relative_to(ROOT)} links to {link}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built as pip builds it, with the locked build tools."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
         "--disable-pip-version-check", "--wheel-dir", str(folder), str(ROOT)],
        check=True, timeout=120,
    )  # fmt: skip
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def kept(folder: Path) -> set[str]:
    """Files below ``folder`` that belong to the project."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".pyc", ".nbi", ".nbc"}
    }


def test_the_wheel_holds_package_data_and_configs_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    expected = {f"bresim/{name}" for name in kept(ROOT / "src" / "bresim")}
    expected |= {f"hydra_plugins/{name}" for name in kept(ROOT / "src" / "hydra_plugins")}
    expected |= {f"bresim/configs/{name}" for name in kept(ROOT / "configs")}
    assert inside == expected
    assert {"bresim/configs/compare.yaml", "bresim/py.typed"} <= inside


def test_the_wheel_has_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    info = {Path(name).name: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "bresim = bresim.cli:entry" in wheel.read(info["entry_points.txt"]).decode()
    assert "Apache License" in wheel.read(info["LICENSE"]).decode()
    assert "Requires-Python: <3.14,>=3.11" in wheel.read(info["METADATA"]).decode()
