"""Governance designs as data: Ostrom's seven rule types, measures, and their numbers."""

from bresim.governance.compile import Institution, compile_design, with_measures
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
from bresim.governance.schema import Design, Measure

__all__ = [
    "Design",
    "Institution",
    "Measure",
    "compile_design",
    "design_descriptions",
    "design_labels",
    "design_names",
    "inspect_design",
    "load_design",
    "measures",
    "shipped_designs",
    "successor_of",
    "with_measures",
]
