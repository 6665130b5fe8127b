"""Files of users are opened in one place, ``bresim.common.user_files``; what else reads, reads what is ours."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bresim

PACKAGE = Path(bresim.__file__).parent
DOOR = "common/user_files.py"
#: Calls that read a file, or make values of one in another way than as plain data.
READS = {
    "open", "fdopen", "read_text", "read_bytes", "read_csv", "read_parquet", "read_table", "read_excel", "read_json",
    "read_pickle", "read_feather", "read_hdf", "read_xml", "read_html", "read_schema", "read_metadata", "ParquetFile",
    "dataset", "load", "safe_load", "loadtxt", "genfromtxt", "fromfile", "memmap",
}  # fmt: skip
#: Of these many have their own; that of a library is meant.
LIBRARIES = {"load": {"yaml", "OmegaConf", "np", "numpy", "json", "pd"}, "read_table": {"pd", "pq", "pa_csv"}}
#: Calls and modules that run what they are given, or go elsewhere.
NEVER = {
    "eval",
    "exec",
    "instantiate",
    "get_method",
    "get_class",
    "unsafe_load",
    "full_load",
    "read_pickle",
    "import_module",
}
NO_MODULES = {
    "pickle",
    "dill",
    "cloudpickle",
    "marshal",
    "shelve",
    "urllib.request",
    "http.client",
    "requests",
    "ftplib",
}
#: Packages import their own modules when they are asked for.
LAZY = ("__init__.py", "common/packages.py", "config/__init__.py", "results/__init__.py", "sensitivity/extras.py")
MAY = {module: {"import_module"} for module in LAZY}
#: A file of Hydra's, which was installed.
MAY["config/hydra_state.py"] = {"exec", "import_module"}
#: Module → the calls in it that read what users do not name.
OURS = {
    # files of the package
    "common/text.py": {"open"},
    "config/defaults.py": {"read_text", "safe_load"},
    "config/presets.py": {"read_text", "safe_load"},
    "config/hydra_state.py": {"read_text"},
    "judged.py": {"read_text"},
    "cli/memory.py": {"read_text"},  # of the system
    "config/files.py": {"read_bytes"},  # of the shipped file; the other one is read through the door
    "analysis/verdicts.py": {"read_text"},
    "plausible.py": {"read_table"},
    "kernel/jit.py": {"read_text"},
    "sweep/identity.py": {"read_bytes"},
    "rulebook/description.py": {"read_text"},
    "rulebook/glossary.py": {"read_text"},
    "rulebook/readers.py": {"read_text"},
    "rulebook/schedule.py": {"read_text"},
    "report/page.py": {"read_text", "read_bytes"},
    "report/brief/page.py": {"read_text"},
    "report/brief/pdf.py": {"read_text"},
    "page/content.py": {"read_text"},
    "page/document.py": {"read_text"},
    "page/build.py": {"read_text", "read_bytes"},
    # text that was read through the door, or that is part of a configuration
    "common/yaml_files.py": {"load"},
    "common/spreadsheet.py": {"read_csv"},
    "sweep/cluster.py": {"read_parquet"},
    # what a job has left in its own folder, checked to be plain files where a user names the folder
    "results/tables.py": {"read_parquet"},
    "results/contents.py": {"read_metadata"},
    "results/compacting.py": {"read_csv", "read_schema", "ParquetFile"},
    "results/leftovers.py": {"open", "read_schema"},
    "results/netcdf.py": {"read_table", "read_schema"},
    "results/cubes.py": {"dataset"},  # what a table is made into
    "results/publishing.py": {"open"},  # to sync what was written
    "results/claims.py": {"open", "read_text"},  # a new file only; of the system
    "results/locking.py": {"open"},  # without following a link or waiting for a pipe
    "api/jobs.py": {"read_parquet"},
    "results/store.py": {"open", "read_schema"},
    "sensitivity/evaluate.py": {"read_table"},
    "sweep/run.py": {"ParquetFile"},
    "brief/store.py": {"read_parquet"},
    "cli/kept.py": {"read_text"},
    "analysis/search.py": {"read_text", "read_parquet"},
    # streams of the process
    "cli/streams.py": {"open"},
}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def writes(call: ast.Call) -> bool:
    """Whether ``open`` has a mode that only writes."""
    modes = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(mode.strip("bt") in {"w", "x", "a"} for mode in modes)


def reads(text: str) -> set[str]:
    """The calls of a module that read, but those of the door."""
    found = set()
    for name, call in calls(ast.parse(text)):
        of = call.func.value if isinstance(call.func, ast.Attribute) else None
        owner = of.id if isinstance(of, ast.Name) else ""
        own = owner == "user_files" or owner not in LIBRARIES.get(name, {owner})
        if name in READS and not own and not (name == "open" and writes(call)):
            found.add(name)
    return found


MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.glob("**/*.py"))


@pytest.mark.parametrize("module", [module for module in MODULES if module != DOOR])
def test_only_the_door_opens_files_of_users(module: str) -> None:
    text = (PACKAGE / module).read_text(encoding="utf-8")
    assert reads(text) == OURS.get(module, set()), f"read what a user names by bresim.common.user_files ({module})"


@pytest.mark.parametrize("module", MODULES)
def test_nothing_runs_what_it_reads_or_goes_elsewhere(module: str) -> None:
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    found = {name for name, call in calls(tree) if name in NEVER}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & NO_MODULES
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module)} & NO_MODULES
    assert found <= MAY.get(module, set())


@pytest.mark.parametrize(
    "line",
    ["pd.read_csv(path)", "path.read_text()", "open(path)", "path.open('rb')", "np.load(path)", "OmegaConf.load(path)"],
)
def test_a_second_door_is_seen(line: str) -> None:
    assert reads(line)


@pytest.mark.parametrize("line", ["user_files.read_text(path, 5)", "path.open('w')", "path.write_text(text)"])
def test_the_door_and_writing_are_left_alone(line: str) -> None:
    assert not reads(line)
