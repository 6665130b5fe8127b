"""What a file of a user can not do: run code, read other files or the environment, hang, or fill the memory."""

from __future__ import annotations

import json
import os
import pickle
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hydra.core.config_store import ConfigStore

import bresim
from bresim.common.errors import InputError
from bresim.common.paths import configs_dir
from bresim.config.files import check_file
from bresim.config.schema import RunConfig
from bresim.sweep.job import SweepJob

SECRET = "s3cret-canary"
DESIGN = "label_nl: Mijn\nlabel_en: Mine\n"
GROUPS = ("governance", "region", "scenario", "undercurrent")
HEAD = "# @package _global_\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, beside a secret that no file in it may reach; afterwards nothing was run."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CANARY", SECRET)
    monkeypatch.setattr(ConfigStore, "__deepcopy__", lambda store, memo: store, raising=False)  # as commands do
    (tmp_path / "secret.yaml").write_text(DESIGN.replace("Mine", SECRET))
    (tmp_path / "secret.csv").write_text(f"{SECRET},seed\n1,2\n")
    yield folder
    assert not (tmp_path / "EXECUTED").exists()


def refused(command: str, *overrides: str, config_dir: str | None = None) -> str:
    """The one thing that is wrong; it took no time and tells no secret."""
    began = time.monotonic()
    with pytest.raises(InputError) as caught:
        bresim.load(command, list(overrides), config_dir)
    assert time.monotonic() - began < 10  # on a busy machine; what is not refused takes minutes
    told = str(caught.value)
    assert SECRET not in told
    assert len(caught.value.problems) == 1, told
    return told


def refused_by_itself(group: str, path: Path) -> str:
    """The same of a file as every way to choose one reads it, without the job around it."""
    began = time.monotonic()
    with pytest.raises(InputError) as caught:
        check_file(group, path)
    assert time.monotonic() - began < 5
    told = str(caught.value)
    assert SECRET not in told
    assert len(caught.value.problems) == 1, told
    return told


# --- files that are none ---------------------------------------------------------------------------------------------
def special(kind: str) -> Path:
    path = Path("special.yaml")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(path))
    elif kind == "device":
        return Path("/dev/zero")
    elif kind == "of the system":
        return Path("/proc/self/environ")
    elif kind == "circle":
        path.symlink_to(path)
    elif kind == "link out":
        path.symlink_to("../secret.yaml")
    elif kind == "link to a device":
        path.symlink_to("/dev/zero")
    elif kind == "large":
        with path.open("wb") as file:
            file.truncate(10**11)  # takes no room
    else:
        path.mkdir()
    return path


SPECIAL = ("pipe", "socket", "device", "of the system", "circle", "link out", "link to a device", "large", "folder")


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_plain_file(kind: str) -> None:
    path = special(kind)
    if path.suffix != ".yaml":  # only a name that ends so is taken for a path
        Path("named.yaml").symlink_to(path)
        path = Path("named.yaml")
    for group in (*GROUPS, "experiment"):
        assert str(path) in refused_by_itself(group, path)
    assert str(path) in refused("run", f"governance={path}", "region=teaching")


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_plain_file_among_data(kind: str) -> None:
    path = special(kind)
    with pytest.raises(InputError) as caught:
        bresim.load("region", ["region=teaching", f"region.boundaries={path.absolute()}"])
    assert SECRET not in str(caught.value)
    with pytest.raises(InputError) as caught:
        SweepJob(bresim.load("sweep", ["region=teaching", "sweep.method=list", f"sweep.points={path.absolute()}"]))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", [kind for kind in SPECIAL if not kind.startswith(("device", "of"))])
def test_what_is_no_plain_file_in_a_folder(kind: str) -> None:
    path = special(kind)
    for group, chosen in (("governance", "governance=special"), ("experiment", "+experiment=special")):
        (Path("cfg") / group).mkdir(parents=True)
        path.rename(Path("cfg") / group / path.name)
        assert "special.yaml" in refused("run", "region=teaching", chosen, config_dir="cfg")
        (Path("cfg") / group / path.name).rename(path)


# --- YAML that is more than plain values ----------------------------------------------------------------------------
def _bomb() -> str:
    lines = ["a0: &a0 [x]"]
    return "\n".join(lines + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)])


def _merged() -> str:
    lines = ["a0: &a0 {x: 1}"]
    return "\n".join(lines + [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}" for i in range(1, 12)])


MORE_THAN_PLAIN = {
    "an object": ("!!python/object/apply:os.system ['touch ../EXECUTED']", "has a tag"),
    "a module": ("a: !!python/module:os", "has a tag"),
    "a set": ("!!set {parochialism, cleavage}", "has a tag"),
    "a tag that does not fit": ("a: !!int x", "has a tag"),
    "bytes": ("a: !!binary aGk=", "has a tag"),
    "the environment": ('label_nl: "${oc.env:CANARY}"', "refers to something else"),
    "the environment in a key": ('"${oc.env:CANARY}": 1', "refers to something else"),
    "the environment in a list": ("a: [[b, '${oc.env:CANARY}']]", "refers to something else"),
    "a value that is made": ('a: "${oc.create:{b:1}}"', "refers to something else"),
    "another key": ("a: ${label_nl}", "refers to something else"),
    "an open reference": ('a: "${ "', "refers to something else"),
    "aliases that multiply": (_bomb(), "more than 10000 values"),
    "merged aliases": (_merged(), "more than 10000 values"),
    "a list in itself": ("a: &a [*a]", "an alias of itself"),
    "all in itself": ("&a {b: *a}", "an alias of itself"),
    "many values": (f"a: [{'1,' * 20_000}]", "more than 10000 values"),
    "deep lists": (f"a: {'[' * 100_000}", "nested too deeply"),
    "deep mappings": ("\n".join(f"{' ' * i}a:" for i in range(300)), "nested too deeply"),
    "a long number": (f"a: {'9' * 400}", "digits"),
    "a longer number": (f"a: {'9' * 5000}", "cannot be read"),
    "a hexadecimal number": (f"a: 0x{'f' * 300}", "digits"),
    "a long key": (f"{'k' * 300}: 1", "300 characters"),
    "a key that is a list": ("? [a]\n: b", "not valid YAML"),
    "no key": ("null: b", "no word"),
    "an unseen sign": ('a: "\\e[2J"', "cannot be seen"),
}


@pytest.mark.parametrize("case", MORE_THAN_PLAIN)
def test_more_than_plain_values(case: str) -> None:
    text, told = MORE_THAN_PLAIN[case]
    Path("mine.yaml").write_text(f"{text}\n")
    for group in GROUPS:
        found = refused_by_itself(group, Path("mine.yaml"))
        assert found.startswith("mine.yaml")
        assert told in found
    Path("cfg/experiment").mkdir(parents=True)
    Path("cfg/experiment/mine.yaml").write_text(f"{HEAD}{text}\n")
    assert told in refused("run", "region=teaching", "+experiment=mine", config_dir="cfg")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"])
def test_another_encoding(encoding: str) -> None:
    Path("mine.yaml").write_bytes("label_nl: é\n".encode(encoding))
    assert "UTF-8" in refused("run", "region=teaching", "governance=mine.yaml")


def test_aliases_that_save_typing_stay() -> None:
    Path("mine.yaml").write_text("label_nl: &label Mijn\nlabel_en: *label\n")
    config = bresim.load("run", ["region=teaching", "governance=mine.yaml"])
    assert isinstance(config, RunConfig)
    assert config.design.label_en == "Mijn"


# --- experiments -----------------------------------------------------------------------------------------------------
class _Runs:
    def __reduce__(self) -> Any:
        return os.system, ("touch ../EXECUTED",)


CALLBACK = "{x: {_target_: pandas.read_pickle, filepath_or_buffer: x.pkl}}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"hydra: {{callbacks: {CALLBACK}}}", "hydra: does not belong"),
        ("hydra: {searchpath: [file:///etc]}", "hydra: does not belong"),
        ("hydra: {job: {env_set: {PATH: x}}}", "hydra: does not belong"),
        ("out: /tmp/elsewhere", "out: does not belong"),
        ("engine: {name: dask, scheduler: 'tcp://203.0.113.1:8786'}", "engine: does not belong"),
        ("defaults: [{override /engine: dask}]", "does not choose an option"),
        ("defaults: [{override hydra/launcher: basic}]", "does not choose an option"),
        ("defaults: [{/scenario@hydra.callbacks: history}]", "does not choose an option"),
        ("defaults: [{/scenario: ../../../secret}]", "does not choose an option"),
        ("defaults: [/scenario/history]", "does not choose an option"),
        ("sweep: {method: list, points: ../../../secret.csv}", "lies outside"),
        ("sweep: {method: list, points: /etc/passwd}", "lies outside"),
        ("sweep: {method: list, points: link.csv}", "lies outside"),
        ("designs: [../../../secret.yaml]", "lies outside"),
        ("vary: {region: [../../../secret.yaml]}", "lies outside"),
        ("region: {folder: /etc}", "lies outside"),
        ("region: {municipalities: ../../../secret.csv}", "lies outside"),
        ("_target_: os.system", "_target_: unknown key"),
    ],
)
def test_an_experiment_says_what_is_computed_and_no_more(text: str, told: str) -> None:
    Path("x.pkl").write_bytes(pickle.dumps(_Runs()))
    Path("cfg/experiment").mkdir(parents=True)
    Path("cfg/experiment/link.csv").symlink_to("../../../secret.csv")
    Path("cfg/experiment/mine.yaml").write_text(f"{HEAD}{text}\n")
    assert told in refused("sweep", "+experiment=mine", config_dir="cfg")


def test_an_experiment_may_name_what_lies_beside_it_and_choose_options() -> None:
    Path("cfg/experiment").mkdir(parents=True)
    Path("cfg/scenario").mkdir()
    Path("cfg/experiment/mine.yaml").write_text(
        f"{HEAD}defaults:\n  - override /region: teaching\n  - override /scenario: calm\n"
        "sweep: {method: list, points: points.csv}\ndesigns: [status_quo, design.yaml]\n"
    )
    Path("cfg/experiment/points.csv").write_text("seed\n4\n")
    Path("cfg/experiment/design.yaml").write_text(DESIGN)
    Path("cfg/scenario/calm.yaml").write_text("label_nl: Kalm\nlabel_en: Calm\n")
    job = SweepJob(bresim.load("sweep", ["+experiment=mine"], "cfg"))
    assert job.region.name == "teaching"
    assert job.config.scenario["label_en"] == "Calm"
    assert [design.label_en for design in job.config.designs] == ["Status quo", "Mine"]
    assert job.points["seed"].tolist() == [4]


def test_options_of_one_call_are_not_those_of_the_next() -> None:
    Path("cfg/governance").mkdir(parents=True)
    Path("cfg/governance/mine.yaml").write_text(DESIGN)
    bresim.load("run", ["region=teaching", "governance=mine"], "cfg")
    assert "unknown design 'mine'" in refused("run", "region=teaching", "governance=mine")


def test_other_folders_beside_the_groups_are_not_read() -> None:
    for group in ("hydra/launcher", "engine", "anything"):
        (Path("cfg") / group).mkdir(parents=True)
        (Path("cfg") / group / "evil.yaml").write_text("# @package hydra\n_target_: os.system\n")
    for override in ("hydra/launcher=evil", "engine=evil", "+anything=evil"):
        refused("sweep", override, config_dir="cfg")


@pytest.mark.parametrize("group", ["governance", "region", "engine", "+experiment", "hydra/launcher"])
def test_an_option_is_no_path(group: str) -> None:
    assert "is not the name of an option" in refused("sweep", f"{group}=../../secret")


# --- overrides -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "override",
    [
        "governance.label_nl='${oc.env:CANARY}'",
        "governance.label_nl=${oc.env:CANARY}",
        "governance.label_nl=${oc.decode:${oc.env:CANARY}}",
        "governance={label_nl: '${oc.env:CANARY}'}",
        "+${oc.env:CANARY}=1",
        "out=${oc.env:CANARY}",
        "hydra.job.name=${oc.env:CANARY}",
        "seed=${",
    ],
)
def test_an_override_refers_to_keys_only(override: str) -> None:
    assert "refers to something else than a key" in refused("run", "region=teaching", override)


@pytest.mark.parametrize(
    "override",
    ["seed=range(0,1e7)", "seed=range(10000000)", "seed=shuffle(range(0,1e9))", "seed=range(0,1,1e-7)"],
)
def test_more_jobs_than_can_be_listed(override: str) -> None:
    assert "more than 100,000 jobs" in refused("run", "region=teaching", override)


@pytest.mark.parametrize("key", ["governance", "region", "scenario", "undercurrent", "governance.name", "seed"])
@pytest.mark.parametrize("value", ["9" * 5000, "a" * 300, "a" * 5000 + ".yaml"])
def test_long_values_are_told_like_others(key: str, value: str) -> None:
    with pytest.raises(InputError):
        bresim.load("run", [f"{key}={value}", *([] if key == "region" else ["region=teaching"])])
    with pytest.raises(InputError):
        bresim.load("run", [f"{value}{key}=1", "region=teaching"])


# --- regions, points, boundaries -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "key", ["municipalities", "collaborations", "published", "memberships", "boundaries", "folder"]
)
@pytest.mark.parametrize("name", ["../secret.csv", "SECRET", "link.csv", "link/secret.csv", "~/x.csv", "a\0b"])
def test_a_region_names_files_in_its_own_folder(tmp_path: Path, key: str, name: str) -> None:
    Path("link.csv").symlink_to("../secret.csv")
    Path("link").symlink_to("..")
    region = (configs_dir() / "region" / "teaching.yaml").read_text().replace("name: teaching", "name: mine")
    lines = [line for line in region.splitlines() if not line.startswith(("folder:", "boundaries:"))]
    named = json.dumps(name if name != "SECRET" else str(tmp_path / "secret.csv"))
    text = "\n".join(lines)
    if key in ("municipalities", "collaborations"):
        text = text.replace(f"\n{key}:", "\nunused:")
    Path("mine.yaml").write_text(f"{text}\n{key}: {named}\n")
    found = refused("region", "region=mine.yaml")
    assert f"mine.yaml: {key}" in found
    assert "lies outside" in found or "cannot be seen" in found


def test_a_list_of_points_names_files_in_its_own_folder() -> None:
    for name in ("../secret.yaml", "/etc/region.yaml"):
        Path("points.csv").write_text(f"scenario\n{name}\n")
        assert "lies outside" in refused("sweep", "sweep.method=list", "sweep.points=points.csv")


@pytest.mark.parametrize("name", ["points.pkl", "points.npy", "points.csv.gz", "points.csv", "points.parquet"])
def test_points_are_text_or_parquet(name: str) -> None:
    """Whatever a file is called: no loader is chosen by its name, and none that runs code is there at all."""
    Path(name).write_bytes(pickle.dumps(_Runs()))
    with pytest.raises(InputError, match="cannot be read"):
        SweepJob(bresim.load("sweep", ["region=teaching", "sweep.method=list", f"sweep.points={name}"]))


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/points.csv", "s3://bucket/points.parquet", "file:///etc/passwd"]
)
def test_points_are_not_fetched(address: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        SweepJob(bresim.load("sweep", ["region=teaching", "sweep.method=list", f"sweep.points={address}"]))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (pa.table({"seed": pa.nulls(20_000_000, pa.int8())}), "20000000 rows"),
        (pa.table({f"k{at}": [1] for at in range(3000)}), "3000 columns"),
        (pa.table({"scenario": pa.DictionaryArray.from_arrays(np.zeros(500, np.int8), ["x" * 10**6])}), "1000000 char"),
        (pa.table({"seed": [[1], [2]]}), "holds no numbers or text"),
        (pa.table({"seed": pa.array([1], pa.timestamp("s"))}), "holds no numbers or text"),
    ],
    ids=["rows", "columns", "texts", "lists", "times"],
)
def test_a_small_table_that_holds_very_much(table: pa.Table, told: str) -> None:
    pq.write_table(table, "points.parquet")
    assert Path("points.parquet").stat().st_size < 10**6
    with pytest.raises(InputError, match=told):
        SweepJob(bresim.load("sweep", ["region=teaching", "sweep.method=list", "sweep.points=points.parquet"]))


def test_points_in_parquet_are_read_as_before() -> None:
    table = pd.DataFrame({"scenario": ["history", "austerity"], "seed": [1, 2]}, index=[5, 6])
    table.to_parquet("points.parquet")
    job = SweepJob(bresim.load("sweep", ["region=teaching", "sweep.method=list", "sweep.points=points.parquet"]))
    assert job.points.to_dict("list") == table.to_dict("list")
