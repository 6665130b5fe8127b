"""``bresim results DIR``: list, check, compact and export the results of a job. Runs no job, so without Hydra."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bresim.cli import interrupt
from bresim.cli.failures import explain, job_language, spoken
from bresim.common.errors import InputError, Problem, nearest, said

if TYPE_CHECKING:
    from bresim.common.text import Language

HELP = """\
bresim results DIR [KEY=VALUE ...]

Lists what a job left in DIR: its tables, parts, rows, and whether it is finished.

  check=true              compare every part with the digest in its name; list what is damaged or missing
  compact=true            make one part of each table of a finished sweep
  export=csv|parquet|netcdf to=FILE
                          write a table as one file; netcdf holds the runs of a sweep as a cube: the keys
                          that vary (or the point) x design x replicate
  table=runs              the table to export
  lang=nl|en              language of the list; that of the job if left out. With export=csv, lang=nl writes the file
                          for a spreadsheet that is set to Dutch: semicolons, decimal commas

examples:
  bresim results results/onderstroom
  bresim results results/onderstroom check=true
  bresim results results/onderstroom export=csv to=runs.csv

exit codes: 0 done, 2 bad input, 1 a part is damaged or missing (fully looked for with check=true), or anything else
"""

#: Key → what it may be; None: anything.
KEYS: dict[str, tuple[str, ...] | None] = {
    "check": ("true", "false"),
    "compact": ("true", "false"),
    "export": ("csv", "parquet", "netcdf"),
    "to": None,
    "table": None,
    "lang": ("nl", "en"),
}


def run(arguments: Sequence[str]) -> int:
    """Run the command; the exit code."""
    if not arguments or {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return 0
    words = spoken(arguments)
    interrupt.speak(words)
    try:
        folder, given = _parsed(arguments)
        words = job_language(folder, words) if "lang" not in given else words
        return _run(folder, given, words)
    except Exception as error:
        return explain("results", error, words)


def _parsed(arguments: Sequence[str]) -> tuple[Path, dict[str, str]]:
    problems: list[Problem] = []
    # a folder may be called as a key is
    folders = [text for text in arguments if "=" not in text or text.partition("=")[0] not in KEYS]
    given = dict(text.partition("=")[::2] for text in arguments if text not in folders)
    for text in folders[1:]:
        problems.append(
            Problem(
                text, said("is no key of 'bresim {command}'", command="results"), nearest(text.partition("=")[0], KEYS)
            )
        )
    if not folders:
        problems.append(Problem("DIR", said("is missing"), said("give the folder that a job left: bresim results DIR")))
    for key, value in given.items():
        allowed = KEYS[key]
        if allowed is not None and value not in allowed:
            problems.append(
                Problem(
                    key,
                    said("'{value}' is not allowed", value=value),
                    said("allowed: {names}", names=", ".join(allowed)),
                )
            )
    if ("export" in given) != ("to" in given):
        problems.append(
            Problem("to" if "export" in given else "export", said("is missing"), said("write export=csv to=FILE"))
        )
    if problems:
        raise InputError(problems)
    return Path(folders[0]), given


def _run(out: Path, given: dict[str, str], words: Language) -> int:
    from bresim.cli.streams import print_error
    from bresim.cli.terminal import show_results
    from bresim.common.text import told, translated
    from bresim.results.contents import DUTCH_CSV, Results

    results = Results(out)
    if given.get("compact") == "true":
        results.compact()
        results = Results(out)
    if "export" in given:
        kind = DUTCH_CSV if (given["export"], given.get("lang")) == ("csv", "nl") else given["export"]
        rows, missing = results.export(kind, Path(given["to"]), given.get("table", "runs"))
        print(f"{given['to']}: {words.number(rows, 0)}")
        for problem in missing:  # an unfinished sweep may be exported as far as it is
            lacking = said("not in {file}: {problem}", file=given["to"], problem=told(problem, words))
            print_error(f"bresim results: {translated(lacking, words)}")
        return 0
    show_results(results, words.code)
    problems = results.check() if given.get("check") == "true" else results.obvious()
    for problem in problems:
        print_error(f"bresim results: {told(problem, words)}")
    return 1 if problems else 0
