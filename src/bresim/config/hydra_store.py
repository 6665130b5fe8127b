"""Hydra groups without a file: those made from tables in the code, and users' files given by path."""

from __future__ import annotations

from functools import cache
from typing import Any

from hydra.core.config_store import ConfigStore

from bresim.common.paths import configs_dir
from bresim.governance.schema import RULE_TYPES
from bresim.parameters import PARAMETERS
from bresim.scenario import FromPolicyStart

#: Where parameters come from: the plausible set, the priors, or the one documented point.
PARAMETER_SOURCES = ("plausible", "prior", "point")


def measure_names() -> list[str]:
    """Names of the shipped measures."""
    return sorted(path.stem for path in (configs_dir() / "measure").glob("*.yaml"))


@cache
def register() -> None:
    """Register the groups ``parameters`` and ``measures`` and the defaults of a design. Once is enough."""
    store = ConfigStore.instance()
    for source in PARAMETER_SOURCES:
        put("parameters", source, {"source": source})
    put("measures", "none", dict.fromkeys(measure_names(), 0.0))
    # Every parameter, and every field of a design and scenario: `governance.payoff.binding=0.9` works also where the
    # file does not set it. Stored once, because Hydra copies the whole store each time it composes.
    store.store(name="parameter_defaults", node={"parameters": dict.fromkeys(PARAMETERS)})
    fields = {name: rules().model_dump(mode="json") for name, rules in RULE_TYPES.items()}
    store.store(name="governance_defaults", node={"governance": {"name": None, **fields}})
    factors = {"from_policy_start": FromPolicyStart().model_dump(mode="json")}
    store.store(name="scenario_defaults", node={"scenario": factors})


def share_store() -> None:
    """Let Hydra's copies of its search path share the one store of this process.

    Hydra 1.3 copies the store, content and all, for every group it lists: two of the three seconds that
    ``bresim compare --help`` would take. Such a copy is never changed.
    """
    ConfigStore.__deepcopy__ = lambda store, memo: store  # type: ignore[attr-defined]


def put(group: str, name: str, content: dict[str, Any], package: str | None = None) -> None:
    """Make ``group=name`` compose to ``content``, below the key ``group`` or that of ``package``."""
    ConfigStore.instance().store(group=group, name=name, node=content, package=package)


def take_away(group: str, name: str) -> None:
    """Undo :func:`put`."""
    ConfigStore.instance().repo.get(group, {}).pop(f"{name}.yaml", None)
