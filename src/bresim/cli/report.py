"""``bresim report DIR …``: a page from finished jobs, several beside each other. Runs no job, so without Hydra."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bresim.cli import interrupt
from bresim.cli.failures import explain, job_language, spoken
from bresim.common.errors import InputError, Problem, nearest, said

if TYPE_CHECKING:
    from bresim.common.progress import Progress
    from bresim.common.text import Language
    from bresim.report.jobs import Jobs
    from bresim.results import JobFolder, Result

HELP = """\
bresim report DIR [DIR ...] [KEY=VALUE ...]

Puts finished jobs of 'bresim compare' beside each other on one page: what differs in their configuration, what stays
and what changes in the outcomes, and the same tables and pictures of each. Changes are counted from the first DIR. Of
one DIR the report and figures are made again from the tables that the job left.

  out=FOLDER              where the page goes; a new folder under results/report if left out
  overwrite=true          replace an earlier page of 'bresim report' in out
  lang=nl|en              language of the page; that of the first job if left out

examples:
  bresim report results/calm results/strong
  bresim report results/compare/2026-01-31_120000_000000 lang=en out=results/again

exit codes: 0 done, 2 bad input or jobs that cannot be compared, 1 anything else
"""

#: Key → what it may be; None: anything.
KEYS: dict[str, tuple[str, ...] | None] = {"out": None, "overwrite": ("true", "false"), "lang": ("nl", "en")}


def run(arguments: Sequence[str]) -> int:
    """Run the command; the exit code."""
    if not arguments or {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return 0
    words = spoken(arguments)
    interrupt.speak(words)
    try:
        folders, given = _parsed(arguments)
        words = job_language(folders[0], words) if "lang" not in given else words
        _run(folders, given, words)
    except Exception as error:
        return explain("report", error, words)
    return 0


def _parsed(arguments: Sequence[str]) -> tuple[list[Path], dict[str, str]]:
    """The folders and the keys."""
    keys = [text for text in arguments if "=" in text and text.partition("=")[0] in KEYS]  # a folder may be called out
    given = dict(text.partition("=")[::2] for text in keys)
    folders = [text for text in arguments if text not in keys]
    problems = []
    for text in folders:
        if "=" in text and not Path(text).exists():
            problems.append(
                Problem(
                    text,
                    said("is no key of 'bresim {command}'", command="report"),
                    nearest(text.partition("=")[0], KEYS),
                )
            )
    if not folders:
        what = said("no folder is given")
        problems.append(Problem("DIR", what, said("give the folder that 'bresim compare' left: its out")))
    for key, value in given.items():
        allowed = KEYS[key]
        if allowed is not None and value not in allowed:
            what = said("'{value}' is not allowed", value=value)
            problems.append(Problem(key, what, said("allowed: {names}", names=", ".join(allowed))))
    if problems:
        raise InputError(problems)
    return [Path(text).expanduser() for text in folders], given


def _run(folders: list[Path], given: Mapping[str, str], words: Language) -> None:
    from bresim.common.progress import progress_bar
    from bresim.results import JobFolder
    from bresim.results.finished import read_jobs

    started = datetime.now(UTC)
    results = read_jobs(folders, words)
    out = Path(given["out"]).expanduser() if "out" in given else new_folder(results)
    _check_out(out, folders)
    with JobFolder(out, given.get("overwrite") == "true") as folder, progress_bar("auto") as progress:
        if len(results) == 1:
            _again(results[0], folder, words, progress)
        else:
            _beside(results, folders, folder, words, progress)
        folder.publish(_manifest(results, folders, words, started))
    print(f"{words.gettext('Report')}: {out / 'report.html'}")


def _again(result: Result, folder: JobFolder, words: Language, progress: Progress) -> None:
    """Figures and report of one job, as 'bresim compare' makes them."""
    from bresim.cli.commands import pictures
    from bresim.results.finished import configuration

    config = configuration(result).model_copy(update={"figures": True, "report": True, "lang": words.code})
    pictures(config, result, folder, progress)


def _beside(
    results: Sequence[Result], folders: Sequence[Path], folder: JobFolder, words: Language, progress: Progress
) -> None:
    """The page of several jobs."""
    from bresim.report import beside
    from bresim.report.jobs import beside as put

    jobs: Jobs = put(results, folders, words)
    progress.stage(words.gettext("Figures"))
    figures = beside.draw(jobs, folder.stage / "figures")
    progress.stage(words.gettext("Report"))
    beside.write(jobs, figures, folder.stage)


def new_folder(results: Sequence[Result]) -> Path:
    """A new folder whose name says when, and what the jobs were about: their scenarios, undercurrents and measures."""
    from bresim.results.finished import configuration

    words = []
    for config in map(configuration, results):
        measures = [name for name, strength in config.measures.items() if strength]
        words += [str(config.scenario.get("name", "")), config.undercurrent.label, *measures]
    about = [re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") for word in words]
    names = "_".join(dict.fromkeys(name for name in about if name))
    return Path("results", "report", f"{datetime.now():%Y-%m-%d_%H%M%S_%f}_{names[:60]}".rstrip("_-"))


def _check_out(out: Path, folders: Sequence[Path]) -> None:
    """The page must not go where a job lies, nor replace the results of one."""
    from bresim.results.manifest import read_manifest

    places = {folder.resolve() for folder in folders}
    here = out.resolve()
    if here in places or places & set(here.parents):
        what = said("'{out}' holds a job that the page is made of", out=out)
        raise InputError(Problem("out", what, said("give another folder")))
    manifest = read_manifest(out)
    if manifest and manifest.get("command") != "report":
        what = said("'{out}' holds the results of 'bresim {command}'", out=out, command=manifest.get("command"))
        raise InputError(Problem("out", what, said("give another folder")))


def _manifest(results: Sequence[Result], folders: Sequence[Path], words: Language, started: datetime) -> dict[str, Any]:
    """What the page was made of."""
    import hashlib
    import platform

    import bresim
    from bresim.results.manifest import git_state, times

    made_of = [str(result.manifest["config_hash"]) for result in results]
    return {
        "bresim": bresim.__version__,
        "command": "report",
        **times(started, datetime.now(UTC)),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "git": git_state(),
        "config": {"lang": words.code, "jobs": [str(folder.resolve()) for folder in folders]},
        "config_hash": hashlib.sha256(" ".join([words.code, *made_of]).encode()).hexdigest(),
        "jobs": [
            {key: result.manifest.get(key) for key in ("bresim", "git", "config_hash", "finished")}
            for result in results
        ],
    }
