"""How a key of the configuration is shown in a sentence or figure: in words, with the key itself beside it."""

from __future__ import annotations

import re
from functools import lru_cache

from bresim.common.text import Language
from bresim.governance import measures
from bresim.parameters import PARAMETERS, Parameter

#: A note on the equation at the end of a parameter's meaning: "(x2 around 1/2)", "(gamma)".
_FORM = re.compile(r" \([^()]*\)$")


def english(parameter: Parameter) -> str:
    """A parameter in a few words, made of its documented meaning. ``locale`` has the translation."""
    return _FORM.sub("", parameter.meaning)


def name(key: str) -> str:
    """The key without its section, for parameters and measures."""
    section, _, rest = key.partition(".")
    return rest if section in {"parameters", "measures"} else key


@lru_cache
def words_for(key: str, language: Language) -> str | None:
    """``inclination to join``; None for a key that has no words of its own."""
    _ = language.gettext
    section, _dot, rest = key.partition(".")
    if section == "parameters" and rest in PARAMETERS:
        return _(english(PARAMETERS[rest]))
    if section == "measures" and rest in measures():
        return _("measure {name}").format(name=language.label(measures()[rest]))
    knobs = {
        "undercurrent.parochialism": _("parochialism"),
        "undercurrent.cleavage": _("no equal partnership"),
        "undercurrent.negativity": _("negative collective memory"),
    }
    return knobs.get(key)


def described(key: str, language: Language, form: str = "{words}") -> str:
    """``inclination to join (join_base)``: in words of some form, and the key by which it is set."""
    words = words_for(key, language)
    return name(key) if words is None else f"{form.format(words=words)} ({name(key)})"
