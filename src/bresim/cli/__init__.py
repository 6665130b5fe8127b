"""The command ``bresim``: its subcommands, messages and exit codes. Imports are late, so that help is quick."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

#: Command → what it does. Each but ``report``, ``results`` and ``help``, which run no job, is a Hydra application:
#: ``configs/COMMAND.yaml`` and a function in ``commands``.
COMMANDS = {
    "compare": "compare governance designs with the same random draws: tables, figures, report (the main job)",
    "brief": "the document for a conference: what each way of working together yields, takes and means, on one page",
    "page": "one file that runs the model in a browser, to play with and to share",
    "run": "simulate one design once and keep its full trace",
    "sweep": "run a design of experiments over any keys; resumes where it was stopped",
    "sensitivity": "what decides an outcome, and which of two designs does better",
    "region": "show the region as the model sees it, beside the published figures",
    "report": "put finished comparisons beside each other on one page, or make the page of one again",
    "results": "list, check, compact or export what a job left",
    "patterns": "check the model against the patterns of the report",
    "help": "what a parameter, field, measure, outcome, design, scenario or rule means, and which rules read it",
}

#: Thresholds of the garbage collector. The default first one, 700, makes imports slow.
GC_THRESHOLDS = (100_000, 20, 20)

HELP = """\
bresim: simulation of regional collaboration under alternative governance designs

usage: bresim COMMAND [KEY=VALUE ...]

{commands}

  bresim COMMAND --help     groups, keys and their defaults
  bresim --version          version

examples:
  bresim compare
  bresim brief
  bresim page
  bresim compare scenario=water_crisis undercurrent=strong replicates=200
  bresim run governance=regio_deal replicate=7
  bresim help trust_gain
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``bresim`` with ``argv`` (default: the command line).

    Exit codes: 0 done, 2 bad input, 141 broken pipe, 130 stopped by Ctrl-C (129 as the terminal closed, 143 by
    SIGTERM), 1 anything else.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        from bresim.cli import interrupt
    except KeyboardInterrupt:
        os._exit(130)  # as in interrupt.end
    try:
        with interrupt.interruptible():
            return _answered(arguments)
    except KeyboardInterrupt as stop:
        interrupt.end(getattr(stop, "__notes__", ()))


def _answered(arguments: list[str]) -> int:
    from bresim.cli import streams

    streams.prepare()
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # as in `bresim --help | head -1`
        streams.drop()
        return streams.CLOSED_PIPE
    except OSError as error:
        streams.drop()
        from bresim.cli.failures import spoken
        from bresim.common.errors import said
        from bresim.common.text import translated

        what = said("the output cannot be written ({reason})", reason=error.strerror or error)
        streams.print_error(f"bresim: {translated(what, spoken(arguments))}")
        return 1
    except Exception as error:
        from bresim.common.errors import BresimError  # here, as it takes a fifth of the time of --help

        if not isinstance(error, BresimError):
            raise
        # an installation of which not even the files that say the language are there
        from bresim.cli.failures import explain, spoken

        return explain("", error, spoken(arguments, "nl"))
    return code


def set_up_process() -> None:
    """Set garbage collection and threads; call it before NumPy is imported."""
    # a short process frees its memory by ending; fewer collections save an eighth of the start-up time
    gc.set_threshold(*GC_THRESHOLDS)
    # no large matrices are multiplied here, and idle BLAS threads spin: a fiftieth of the processor time of a short job
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def entry() -> NoReturn:
    """``bresim`` as a process."""
    set_up_process()
    code = main()
    gc.freeze()  # saves the interpreter half a second at its end
    sys.exit(code)


def _dispatch(arguments: list[str]) -> int:
    command = arguments[0] if arguments else "--help"
    if command in {"-h", "--help"}:
        width = max(map(len, COMMANDS))
        print(HELP.format(commands="\n".join(f"  {name:{width}}  {does}" for name, does in COMMANDS.items())), end="")
        return 0
    if "--version" in arguments:
        import bresim

        print(f"bresim {bresim.__version__}")
        return 0
    if command not in COMMANDS:
        from bresim.cli.failures import explain, spoken
        from bresim.common.errors import InputError, Problem, nearest, said

        problem = Problem("", said("there is no command '{command}'", command=command), nearest(command, COMMANDS))
        return explain("", InputError(problem), spoken(arguments))
    if command == "results":
        from bresim.cli import results

        return results.run(arguments[1:])
    if command == "report":
        from bresim.cli import report

        return report.run(arguments[1:])
    if command == "help":
        from bresim.cli import names

        return names.run(arguments[1:])
    from bresim.cli.application import run

    return run(command, arguments[1:])
