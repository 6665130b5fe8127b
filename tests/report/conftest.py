from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def made() -> object:
    """A synthetic result of all designs, 40 replicates."""
    import synthetic_result

    return synthetic_result.result()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a planted brief, made once: ``nl``, ``en``, ``harmful`` (labels), ``one`` (a municipality)."""
    import planted_brief as planted

    makers: dict[str, Callable[[], Any]] = {
        "nl": lambda: planted.brief(lang="nl"),
        "en": lambda: planted.brief(region="zuid_limburg"),
        "harmful": planted.harmful,
        "one": lambda: planted.brief(lang="nl", municipality="Molenkade"),
    }
    return cache(lambda kind: planted.written(makers[kind](), tmp_path_factory.mktemp(kind)))
