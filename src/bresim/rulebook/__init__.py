"""The rules as they describe themselves, and what they read and change, taken from their source files.

Nothing here imports a rule: a description is parsed, and what a rule reads is derived from its syntax tree. So the
documents and ``bresim help`` cannot name a reader that does not read, and need no compiler to start.
"""

from bresim.rulebook.description import Equation, Rule, RulebookError, Symbol, read_rule, rule_files, shipped_rules
from bresim.rulebook.glossary import Entry, Glossary, glossary
from bresim.rulebook.notation import symbols_in, undeclared
from bresim.rulebook.readers import Uses, shipped_uses, uses_of
from bresim.rulebook.schedule import Call, Phase, order, schedule

__all__ = [
    "Call",
    "Entry",
    "Equation",
    "Glossary",
    "Phase",
    "Rule",
    "RulebookError",
    "Symbol",
    "Uses",
    "glossary",
    "order",
    "read_rule",
    "rule_files",
    "schedule",
    "shipped_rules",
    "shipped_uses",
    "symbols_in",
    "undeclared",
    "uses_of",
]
