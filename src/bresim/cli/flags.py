"""The options of a command, which begin with dashes. They are Hydra's; what is wrong with them is reported by us."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from typing import NoReturn

from hydra._internal.utils import get_args_parser

from bresim.common.errors import InputError, Problem, nearest, said


class _Parser(ArgumentParser):
    """Raises InputError where argparse prints its usage, in English, and leaves."""

    def error(self, message: str) -> NoReturn:
        raise InputError(
            Problem("", said("the options cannot be read ({reason})", reason=message), said("for help: --help"))
        )


def parse(arguments: Sequence[str]) -> Namespace:
    """The options and ``overrides`` of a command line; InputError for options that there are not."""
    parser = _Parser(parents=[get_args_parser()], add_help=False)
    parsed, rest = parser.parse_known_intermixed_args(arguments)
    known = [name for action in parser._actions for name in action.option_strings if name.startswith("--")]
    if rest:
        raise InputError(
            [Problem(text, said("unknown option"), nearest(text.partition("=")[0], known)) for text in rest]
        )
    _refuse_replacing(parsed)
    return parsed


def without_folder(arguments: Iterable[str]) -> list[str]:
    """The options of a command line without ``--config-dir DIR``: the user's files are ours to read, not Hydra's."""
    rest = list(arguments)
    for at, text in reversed(list(enumerate(rest))):
        name, has_value, _ = text.partition("=")
        if len(name) > len("--config-") and "--config-dir".startswith(name):
            del rest[at : at + (1 if has_value else 2)]
        elif text.startswith("-cd"):
            del rest[at : at + (1 if len(text) > len("-cd") else 2)]
    return rest


def asks_hydra(parsed: Namespace) -> bool:
    """Whether the command line needs Hydra itself: several jobs, help, or keys of Hydra."""
    nothing = vars(get_args_parser().parse_args([]))
    flags = any(
        value != nothing[name] for name, value in vars(parsed).items() if name not in {"overrides", "config_dir"}
    )
    return flags or any(text.lstrip("+~").startswith("hydra") for text in parsed.overrides)


def _refuse_replacing(parsed: Namespace) -> None:
    """Refuse options of Hydra that would replace the command's own configuration."""
    given = [name for name in ("config_path", "config_name", "experimental_rerun") if getattr(parsed, name) is not None]
    if given:
        what = said("is not supported: a command has its own configuration")
        remedy = said("add a folder of your own files with --config-dir DIR")
        raise InputError([Problem(f"--{name.replace('_', '-')}", what, remedy) for name in given])
