"""A command as a Hydra application, with error messages for users."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict

from bresim.cli import flags, interrupt, memory, streams
from bresim.cli.failures import as_given, explain, spoken
from bresim.common import user_files
from bresim.common.errors import InputError, Problem, Series, said
from bresim.common.paths import configs_dir
from bresim.common.text import Language
from bresim.config.compose import compose_common, composing, from_composed, problems_of, user_folders
from bresim.config.defaults import default_language
from bresim.config.files import Given, register_files
from bresim.config.hydra_store import register, share_store
from bresim.config.references import refuse_paths
from bresim.config.schema import JobConfig
from bresim.results.earlier import UNFINISHED, differences
from bresim.results.folder import check_folder
from bresim.results.leftovers import leftovers
from bresim.results.manifest import is_ours
from bresim.results.publishing import settle

#: What Hydra writes where several jobs go, before the first.
MULTIRUN = "multirun.yaml"
#: Commands that keep finished work in ``out`` when they are stopped.
KEEPING = {"brief", "sensitivity"}

#: Command → what ``--dry-run`` is short for.
DRY_RUN = {"sweep": "sweep.dry_run=true", "sensitivity": "dry_run=true"}


def run(command: str, arguments: Sequence[str]) -> int:
    """Run a command with Hydra's arguments; the exit code."""
    words = spoken(arguments)
    interrupt.speak(words)
    application = _Application(command, words)
    try:
        memory.check()
        return application.run(list(arguments))
    except Exception as error:
        if isinstance(error, OSError) and error.errno and error.filename is None and not application.several:
            raise  # Hydra could not print, as for --help
        given = [text.partition("=")[2] for text in arguments if text.startswith("out=")]
        return explain(command, error, words, next(reversed(given), None))


def joined(arguments: Sequence[str]) -> list[str]:
    """Arguments that the shell cut at a space within a list: ``designs=[a,`` and ``b]`` are ``designs=[a, b]``."""
    found: list[str] = []
    rest = list(arguments)
    while rest:
        ends = (end for end in range(1, len(rest) + 1) if _closed(" ".join(rest[:end])))
        end = next(ends, 1) if "=" in rest[0] else 1  # a list that is never closed stands as it is, and is refused
        found.append(" ".join(rest[:end]))
        rest = rest[end:]
    return found


def _closed(text: str) -> bool:
    return text.count("[") <= text.count("]")


def _goes_on(out: Path, overrides: Sequence[str]) -> bool:
    """Whether a folder holds what the same call with ``--multirun`` left; each job then looks into its own folder."""
    names = {path.name for path in out.iterdir()} if out.is_dir() else set()
    jobs = {name for name in names if name.isdigit() and (out / name).is_dir()}
    if MULTIRUN not in names or names - jobs - {MULTIRUN}:
        return False
    try:
        content = OmegaConf.create(user_files.read_text(out / MULTIRUN, user_files.YAML))
        asked = OmegaConf.to_container(content.hydra.overrides.task, resolve=False)
    except Exception:  # cut short by a kill: whatever a YAML parser may raise
        return not jobs
    return isinstance(asked, list) and sorted(map(str, asked)) == sorted(
        text for text in overrides if not text.startswith("hydra")
    )


class _Application:
    """One call of a command; with ``--multirun`` several jobs."""

    def __init__(self, command: str, words: Language):
        self.command, self.words = command, words
        self.folders: tuple[Path, ...] = ()
        self.codes: list[int] = []
        self.several = False

    def run(self, arguments: list[str]) -> int:
        """Let Hydra compose and call :meth:`task` for each job; the worst exit code."""
        os.environ["HYDRA_FULL_ERROR"] = "1"  # makes Hydra raise errors, which we explain; only Hydra reads it
        before, sys.argv = sys.argv, [f"bresim {self.command}"]
        arguments = joined(arguments)
        if self.command in DRY_RUN:  # a flag of ours among Hydra's
            arguments = [DRY_RUN[self.command] if argument == "--dry-run" else argument for argument in arguments]
        try:
            parsed = flags.parse(arguments)
            self.several = bool(parsed.multirun)
            register()
            share_store()
            self.folders, overrides = user_folders(parsed.config_dir, parsed.overrides)
            given = register_files(overrides)
            refuse_paths(given.overrides)
            if given.problems:
                rest = problems_of(self.command, given, self.folders, sweeps=parsed.multirun)
                raise InputError([*given.problems, *rest])
            options = flags.without_folder(argument for argument in arguments if argument not in parsed.overrides)
            sys.argv = [sys.argv[0], *options, *given.overrides]  # Hydra wants flags and overrides apart
            try:
                if parsed.multirun:
                    self._check_sweep(given)
                if flags.asks_hydra(parsed) or not self._called_once(given):
                    self._call()
            except (InputError, BrokenPipeError):
                raise
            except Exception:
                problems = problems_of(self.command, given, self.folders, sweeps=parsed.multirun)
                if problems:
                    raise InputError(problems) from None
                raise
        except SystemExit as leave:  # --help
            return leave.code if isinstance(leave.code, int) else int(leave.code is not None)
        finally:
            sys.argv = before
        return max(self.codes, default=0)

    def _called_once(self, given: Given) -> bool:
        """Run one job, composed as ``load`` does; False if it needs Hydra's own handling.

        Faster than ``hydra.main``, which composes every job twice.
        """
        with composing(self.command, given.overrides, self.folders) as composed:
            own = composed.hydra
            if own.mode is not None or own.callbacks or own.job.env_set or own.job.chdir or own.output_subdir:
                return False
            with open_dict(own):
                own.mode = RunMode.RUN
                own.runtime.output_dir = str(Path(own.run.dir).resolve())
            settings = HydraConfig.instance()
            before = settings.cfg
            settings.set_config(composed)
            try:
                self.codes.append(self._task(composed))
            finally:
                settings.cfg = before
            return True

    def _call(self) -> None:
        def task(composed: DictConfig) -> None:
            self.codes.append(self._task(composed))

        hydra.main(version_base="1.3", config_path=str(configs_dir()), config_name=self.command)(task)()

    def _check_sweep(self, given: Given) -> None:
        """Report problems before the first job runs, as far as they can be found without composing every job.

        Hydra writes ``multirun.yaml`` in ``out`` at once, so a folder that is taken must be refused here. The
        launcher ``ensemble`` checks every job itself before it writes anything.
        """
        from bresim.cli.multirun import takes  # imported late: loads pandas

        common = compose_common(self.command, given.overrides, self.folders)
        if takes(self.command, common.hydra.runtime.choices):
            return
        problems = problems_of(self.command, given, self.folders, sweeps=True)
        if not problems:
            out = Path(str(common.out))
            problems = [] if common.overwrite or _goes_on(out, given.overrides) else check_folder(out, overwrite=False)
        if problems:
            raise InputError(problems)

    def _task(self, composed: DictConfig) -> int:
        """Check and run one job. Errors are reported here, so that the other jobs of a multirun still run."""
        settings = HydraConfig.get()
        lang = composed.get("lang")  # which a file of the user may have set
        words = self.words if lang == default_language() else as_given(lang, self.words)
        changed: dict[str, Any] = {}
        if settings.mode is RunMode.MULTIRUN:
            changed["out"] = settings.runtime.output_dir  # a folder for each job
            values = " ".join(settings.overrides.task)
            job = words.gettext("job {number}: {values}").format(number=settings.job.num, values=values)
            streams.print_error(f"bresim {self.command}: {job}")
        try:
            config, done = self._checked(composed, settings.runtime, changed, words)
            from bresim.cli import commands  # imported late: loads pandas

            if done:
                again = words.gettext(
                    "'{out}' holds the results of this same job; nothing is run again; set overwrite=true to repeat it"
                )
                streams.print_error(f"bresim {self.command}: {again.format(out=config.out)}")
            commands.show(commands.earlier(config) if done else commands.execute(config))
        except BrokenPipeError:  # broken pipe: what was not printed is in `out`, as are later jobs
            streams.drop()
            return streams.CLOSED_PIPE
        except Exception as error:
            if "out" in changed:
                with suppress(OSError):  # Hydra made it for this job; remove it if it is empty
                    Path(changed["out"]).rmdir()
            return explain(self.command, error, words, changed.get("out", composed.get("out")))
        return 0

    def _settled(self, out: Path, words: Language) -> None:
        """Put in place what a job that was killed had finished in ``out``."""
        if settle(out):
            told = words.gettext("'{out}' held results that were whole but not all in place; they are now")
            streams.print_error(f"bresim {self.command}: {told.format(out=out)}")

    def _tell_replaced(self, out: Path, words: Language) -> None:
        """Say so where results without a manifest are about to be replaced."""
        if self.command != "sweep" and not is_ours(out) and leftovers(out):
            told = words.gettext("'{out}' holds results of a killed job, without a manifest; they are replaced")
            streams.print_error(f"bresim {self.command}: {told.format(out=out)}")

    def _checked(
        self, composed: DictConfig, runtime: Any, changed: dict[str, Any], words: Language
    ) -> tuple[JobConfig, bool]:
        """The configuration, and whether ``out`` holds its results; problems of both are reported together."""
        problems = []
        out, overwrite = changed.get("out", composed.get("out")), composed.get("overwrite")
        writes_nothing = composed.get("dry_run") is True
        if isinstance(out, str) and not writes_nothing:
            self._settled(Path(out), words)
        resumes = self.command == "sweep" or writes_nothing  # a sweep checks itself whether it can resume in a folder
        if isinstance(out, str) and isinstance(overwrite, bool) and not resumes:
            problems += check_folder(Path(out), overwrite, keeps=self.command in KEEPING)
        try:
            config = from_composed(self.command, composed, HydraConfig.get(), self.folders, **changed)
        except InputError as error:
            raise InputError([*error.problems, *problems]) from None
        if not problems:
            self._tell_replaced(config.out, words)
            return config, False
        different = None if config.overwrite or getattr(config, "dry_run", False) else differences(config)
        if different is None:
            raise InputError(problems)
        if different == [UNFINISHED]:  # the same job, stopped while figures were drawn
            again = words.gettext("'{out}' holds this job without all its figures; running it again")
            streams.print_error(f"bresim {self.command}: {again.format(out=config.out)}")
            return config.model_copy(update={"overwrite": True}), False
        if different:
            what = said(
                "'{out}' exists and is not empty; it holds another job: {keys}",
                out=config.out,
                keys=Series(different),
            )
            raise InputError(Problem("out", what, said("set overwrite=true or give another folder")))
        return config, True
