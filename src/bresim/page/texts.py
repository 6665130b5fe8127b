"""Texts of the catalogue in the languages of a page."""

from __future__ import annotations

from bresim.common.text import language

LANGUAGES = ("nl", "en")


def both(english: str) -> dict[str, str]:
    """A text of the catalogue in both languages."""
    return {lang: language(lang).gettext(english) for lang in LANGUAGES}
