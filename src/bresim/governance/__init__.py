"""Governance designs as data: Ostrom's seven rule types, measures, and their numbers."""

from bresim.governance.codings import Readings
from bresim.governance.compile import Institution, compile_design, read_values, with_measures
from bresim.governance.library import (
    design_descriptions,
    design_labels,
    design_names,
    inspect_design,
    load_design,
    measures,
    shipped_designs,
    successor_of,
)
from bresim.governance.schema import Coding, Design, Measure

__all__ = [
    "Coding",
    "Design",
    "Institution",
    "Measure",
    "Readings",
    "compile_design",
    "design_descriptions",
    "design_labels",
    "design_names",
    "inspect_design",
    "load_design",
    "measures",
    "read_values",
    "shipped_designs",
    "successor_of",
    "with_measures",
]
