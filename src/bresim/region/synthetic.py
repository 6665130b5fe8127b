"""Invented regions of any size, for tests and for experiments with the number of municipalities."""

from __future__ import annotations

from typing import Any

import numpy as np

from bresim.common.errors import Problem, inside
from bresim.region.problems import checked
from bresim.region.schema import Synthetic

#: Theme → (Dutch label, severity, scale weights, indirect share, money, contention, economic, societal, water board,
#: border).
_THEMES: dict[str, tuple[str, float, tuple[int, int, int, int], float, float, float, float, float, float, float]] = {
    "housing": ("wonen", 0.6, (2, 2, 1, 1), 0.3, 0.8, 0.5, 0.1, 0.4, 0.0, 0.2),
    "economy": ("economie", 0.6, (2, 3, 1, 1), 0.4, 0.4, 0.6, 0.5, 0.2, 0.0, 0.5),
    "social_domain": ("sociaal domein", 0.6, (1, 2, 2, 2), 0.2, 0.3, 0.4, 0.05, 0.4, 0.0, 0.1),
    "climate_energy": ("klimaat en energie", 0.6, (2, 3, 2, 1), 0.3, 0.8, 0.6, 0.25, 0.1, 0.4, 0.2),
    "liveability": ("leefbaarheid", 0.55, (1, 3, 2, 2), 0.2, 0.4, 0.3, 0.05, 0.3, 0.0, 0.2),
    "health": ("gezondheid", 0.8, (1, 3, 2, 2), 0.2, 0.6, 0.2, 0.05, 0.4, 0.0, 0.1),
    "safety": ("veiligheid", 0.55, (2, 1, 1, 1), 0.2, 0.3, 0.2, 0.05, 0.1, 0.0, 0.3),
    "cross_border": ("grensoverschrijdend", 0.6, (2, 2, 1, 2), 0.6, 0.2, 0.3, 0.15, 0.2, 0.0, 1.0),
}
#: Collaborations, the same number at every size, so that a member's load does not grow with the number of members.
COLLABORATIONS = 100
_FORMS = ("coordination", "network", "private_body", "wgr_body")


def expanded(content: dict[str, Any], where: str, problems: list[Problem]) -> dict[str, Any]:
    """A region file with its key ``synthetic`` replaced by the region that it asks for; other keys are kept."""
    asked = checked(Synthetic, content["synthetic"], inside(where, "synthetic"), problems)
    rest = {key: value for key, value in content.items() if key != "synthetic"}
    return {**(synthetic_mapping(asked.n, asked.subregions, asked.seed) if asked is not None else {}), **rest}


def synthetic_mapping(n: int, subregions: int = 3, seed: int = 0) -> dict[str, Any]:
    """The region file of ``n`` municipalities in ``subregions`` subregions; the same seed gives the same region.

    Populations are log-normal, the largest of each subregion is its centre, municipalities lie along
    a winding line so that each borders on the two beside it, and a hundred collaborations are drawn:
    a quarter with all, a quarter with one subregion, the rest with a few.
    """
    random = np.random.default_rng([n, subregions, seed])
    keys = [f"part_{index + 1}" for index in range(subregions)]
    home = [keys[index * subregions // n] for index in range(n)]
    population = np.round(np.exp(random.normal(10.0, 0.8, n)) + 5_000)
    names = [f"Town {index + 1}" for index in range(n)]
    centres = [max((i for i in range(n) if home[i] == key), key=lambda i: population[i]) for key in keys]
    rural = [names[i] for i in range(n) if i not in centres and population[i] < np.median(population)]
    main = [names[i] for i in centres]
    largest = [names[int(i)] for i in np.argsort(-population)[:3]]
    return {
        "name": "synthetic",
        "label_nl": f"Verzonnen regio van {n}",
        "label_en": f"Invented region of {n}",
        "subregions": {key: key.replace("_", " ").capitalize() for key in keys},
        "municipalities": [
            _municipality(random, i, names, home[i], float(population[i]), i in centres, names[i] in rural)
            for i in range(n)
        ],
        "groups": {
            "centres": main,
            "tripool": main[:3],
            "middengebied": rural or main,
            "steering_group": largest,
            "regio_deal": [name for i, name in enumerate(names) if i % 3 or name in largest],
        },
        "arenas": {
            "region": _arena("region", "regional", "all", "status_quo"),
            **{key: _arena(key, "subregional", key, "informal_centre") for key in keys},
        },
        "themes": {key: _theme(key) for key in _THEMES},
        "collaborations": [_collaboration(random, row, names, keys) for row in range(COLLABORATIONS)],
    }


def _municipality(
    random: np.random.Generator, i: int, names: list[str], home: str, population: float, centre: bool, rural: bool
) -> dict[str, Any]:
    width = 6
    row, place = divmod(i, width)
    east = place if row % 2 == 0 else width - 1 - place
    return {
        "name": names[i],
        "subregion": home,
        "population": population,
        "centre": centre,
        "rural": rural,
        "latitude": 0.1 * row,
        "longitude": 0.1 * east,
        "border": float(random.uniform(0.0, 0.5)),
        "council_seats": float(2 * int(random.integers(6, 20)) + 1),
        "local_party_share": float(random.uniform(0.3, 0.9)),
        "instability": float(random.uniform(0.0, 0.3)),
        "support": float(random.uniform(0.4, 0.6)),
        "orientation": float(random.uniform(0.4, 0.7)),
        "acceptance": float(random.uniform(0.4, 0.55)),
        "neighbours": [names[j] for j in (i - 1, i + 1) if 0 <= j < len(names)],
    }


def _arena(key: str, scale: str, members: str, institution: str) -> dict[str, Any]:
    label = key.replace("_", " ")
    return {"label_nl": label, "label_en": label, "scale": scale, "members": members, "institution": institution}


def _theme(key: str) -> dict[str, Any]:
    label, severity, weights, indirect, money, contention, economic, societal, water_board, border = _THEMES[key]
    return {
        "label_nl": label,
        "label_en": key.replace("_", " "),
        "severity": severity,
        "scale": dict(zip(("supraregional", "regional", "subregional", "local"), weights, strict=True)),
        "indirect_share": indirect,
        "money": money,
        "contention": contention,
        "economic": economic,
        "societal": societal,
        "water_board": water_board,
        "border": border,
        "source": "invented",
    }


def _collaboration(random: np.random.Generator, row: int, names: list[str], keys: list[str]) -> dict[str, Any]:
    kind = row % 4
    members: str | list[str]
    if kind == 0:
        members = "all"
    elif kind == 1:
        members = keys[row // 4 % len(keys)]
    else:
        count = int(random.integers(2, max(3, len(names) // 2)))
        members = [names[int(i)] for i in sorted(random.choice(len(names), count, replace=False))]
    themes = list(_THEMES)
    return {
        "name": f"Collaboration {row + 1}",
        "scale": "regional" if kind == 0 else "subregional",
        "domain": "other",
        "legal_form": _FORMS[int(random.integers(len(_FORMS)))],
        "mandatory": kind == 0 and row % 8 == 0,
        "external": kind == 3,
        "province": bool(random.random() < 0.2),
        "water_board": bool(random.random() < 0.05),
        "themes": [themes[int(random.integers(len(themes)))]],
        "members": members,
    }
