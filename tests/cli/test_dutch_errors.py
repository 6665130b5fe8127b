"""What an adviser meets when something is wrong: a real process answers in Dutch, or in English where that is asked."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import bresim, environment

from bresim.common.paths import configs_dir

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = re.compile(
    r"\b(the|are|not|must|unknown|did|you|mean|known|allowed|give|write|cannot|check|there|has|and|or|it|with)\b"
)
QUOTED = re.compile(r"'[^']*'|\([^)]*\)|\[[^]]*\]|/\S+")  # names and words of libraries


def files(folder: Path) -> None:
    """A region with a wrong table, a design with wrong codings, and one that is no YAML."""
    shutil.copytree(configs_dir() / "region" / "zuid_limburg", folder / "tables")
    towns = folder / "tables" / "municipalities.csv"
    text = towns.read_text("utf-8").replace(
        "Brunssum,GM0899,parkstad_limburg,27670", "Brunssum,GM0899,parkstd_limburg,many"
    )
    towns.write_text(text.replace(",36065,", ",36,"), "utf-8")
    region = (configs_dir() / "region" / "zuid_limburg.yaml").read_text("utf-8")
    (folder / "mine.yaml").write_text(
        region.replace("name: zuid_limburg", "name: mine").replace("zuid_limburg/", "tables/"), "utf-8"
    )
    text = "label_nl: a\nlabel_en: a\npayoff:\n"
    text += "  binding: {value: 0.4, range: [0.5, 0.6], evidence: inferred}\n  sanction: {as: regio_dael}\n"
    (folder / "coded.yaml").write_text(text, "utf-8")
    (folder / "table.yaml").write_text("label_nl: a\nlabel_en: [\n", "utf-8")


CASES = {
    "an unknown command": (["compar"], "er is geen opdracht 'compar'; bedoelt u 'compare'?"),
    "no option": (["compare", "--multirn"], "--multirn: onbekende optie; bedoelt u '--multirun'?"),
    "an unknown key": (["compare", "replicats=3"], "onbekende sleutel van 'bresim compare'; bedoelt u 'replicates'?"),
    "a list cut by the shell": (["compare", "designs=[a,", "b]"], "designs: onbekende samenwerkingsvorm 'b'; bekend"),
    "a list that is not closed": (["compare", "designs=[a,"], "designs=[a,: kan niet worden gelezen ("),
    "a table of a region": (
        ["region", "region=mine.yaml"],
        "municipalities.csv regel 3 (Brunssum): population: 'many' is niet toegestaan; moet een getal zijn",
    ),
    "no YAML": (["run", "governance=table.yaml"], "table.yaml: is geen geldige YAML op regel 3, kolom 1 ("),
    "codings of a design": (
        ["run", "governance=coded.yaml"],
        "payoff.sanction.as: onbekende samenwerkingsvorm 'regio_dael'; bedoelt u 'regio_deal'?",
    ),
    "a sweep of nothing": (["sweep"], "vary: is leeg; zeg wat varieert: +vary."),
    "values of a sweep": (
        ["sweep", "+vary.parameters.trust_gain=[0.05,lots]", "sweep.method=grid"],
        "vary.parameters.trust_gain: 'lots' is geen getal; toegestaan: 0.03 tot 0.07",
    ),
    "a sensitivity analysis": (["sensitivity", "method=sobol", "samples=100"], "samples: 100 is geen macht van twee"),
    "results of nothing": (["results", "nowhere"], "nowhere: is geen map; geef de map die een opdracht achterliet"),
    "keys of results": (["results", ".", "export=xls", "to=a"], "export: 'xls' kan niet; toegestaan: csv, parquet"),
    "a report of no job": (["report", "."], "hierin staat geen afgeronde vergelijking van bresim; geef de map die"),
    "keys of report": (["report", ".", "owt=a"], "owt=a: is geen sleutel van 'bresim report'; bedoelt u 'out'?"),
    "a municipality of a brief": (
        ["brief", "municipality=Val"],
        "municipality: de regio 'zuid_limburg' heeft geen gemeente 'Val'; bedoelt u 'Vaals'?",
    ),
    "a design of a brief": (["brief", "explain=regio"], "explain: 'regio' is niet een van de samenwerkingsvormen; "),
    "a language of a brief": (["brief", "lang=de"], "lang: 'de' is niet toegestaan; toegestaan: 'nl', 'en'"),
    "a horizon": (["compare", "time.end=2010-Q1"], "time.end=2010-Q1 moet na time.start=2019-Q1 liggen"),
    "jobs of a multirun": (["run", "--multirun", "governance=a,b"], "governance: onbekend: samenwerkingsvorm 'a'"),
    "a name of help": (["help", "trust_gian", "lang=nl"], "er is geen 'trust_gian'; bedoelt u 'trust_gain'?"),
}


@pytest.mark.parametrize(("arguments", "dutch"), CASES.values(), ids=CASES)
def test_it_is_said_in_dutch(arguments: list[str], dutch: str, tmp_path: Path) -> None:
    files(tmp_path)
    before = set(tmp_path.rglob("*"))
    done = bresim(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert dutch in done.stderr
    assert ENGLISH.findall(QUOTED.sub("", done.stderr)) == []
    assert set(tmp_path.rglob("*")) == before, "nothing is written"


@pytest.mark.parametrize(
    "arguments", [["designs=[a,", "lang=en"], ["lang=en", "replicats=3"], ["--multirn", "lang=en"], ["++lang=en", "a"]]
)
def test_it_is_said_in_english_where_that_is_asked_anywhere(arguments: list[str], tmp_path: Path) -> None:
    done = bresim("compare", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert ENGLISH.search(QUOTED.sub("", done.stderr)) or "unknown option" in done.stderr
    assert not re.search(r"\b(onbekende|geen|bedoelt|niet)\b", done.stderr)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["brief"], "er is geen map 'configs' naast '{package}': installeer bresim opnieuw, het is niet compleet"),
        (
            ["report", "x"],
            "er is geen map 'configs' naast '{package}': installeer bresim opnieuw, het is niet compleet",
        ),
        (
            ["compare", "lang=en"],
            "there is no folder 'configs' beside '{package}': install bresim again, it is not complete",
        ),
    ],
)
def test_an_installation_that_is_not_complete(arguments: list[str], told: str, tmp_path: Path) -> None:
    """Without the shipped files, where not even the usual language can be read."""
    for name in ("bresim", "hydra_plugins"):
        shutil.copytree(ROOT / "src" / name, tmp_path / "src" / name)
    done = subprocess.run(
        [sys.executable, "-m", "bresim", *arguments], cwd=tmp_path, text=True, capture_output=True, check=False,
        env=environment(PYTHONPATH=str(tmp_path / "src")),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == ["bresim: " + told.format(package=tmp_path / "src" / "bresim")]


def test_a_file_of_the_user_may_choose_the_language(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text("# @package _global_\nlang: en\nreplicates: 0\n", "utf-8")
    done = bresim("compare", "--config-dir", str(tmp_path), "+experiment=mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "replicates: 0 is not allowed; must be at least 1" in done.stderr
