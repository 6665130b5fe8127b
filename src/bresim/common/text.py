"""Words and numbers in the reader's language: English in the code, Dutch from a gettext catalogue.

Every sentence in the code is English and is the key of its translation in ``locale/<code>.po``, the
usual gettext way, so that translators can work with the tools they know. Numbers, dates and lists are
formatted by Babel.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Protocol

from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bresim.common.errors import InputError, Problem, Said, Series, in_one_line, nearest, said

#: Language code → Babel locale.
LOCALES = {"nl": "nl_NL", "en": "en_GB"}
CATALOGUES = Path(__file__).parents[1] / "locale"
NOT_KNOWN = "–"


class Labelled(Protocol):
    """Anything with a Dutch and an English label: an outcome, a theme, an arena, a region."""

    @property
    def label_nl(self) -> str:
        """Dutch."""

    @property
    def label_en(self) -> str:
        """English."""


@lru_cache
def _translations(code: str) -> NullTranslations:
    """The catalogue of a language, compiled in memory; English needs none."""
    path = CATALOGUES / f"{code}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


@lru_cache(maxsize=4096)
def _decimal(value: float, pattern: str, locale: str) -> str:
    """Format by a Unicode number pattern, with a real minus; -0.0 was made 0.0 by the caller."""
    return str(format_decimal(value, format=pattern, locale=locale)).replace("-", "−")


@dataclass(frozen=True)
class Language:
    """A language: ``nl`` or ``en``. Make one with :func:`language`, which checks the code."""

    code: str

    @property
    def locale(self) -> str:
        """Babel's name of the locale."""
        return LOCALES[self.code]

    def gettext(self, message: str) -> str:
        """The message in this language (the English one if the catalogue lacks it)."""
        return _translations(self.code).gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of the message that goes with ``count``."""
        return _translations(self.code).ngettext(one, many, count)

    def label(self, thing: Labelled) -> str:
        """The label of an outcome, theme, arena or region."""
        return thing.label_nl if self.code == "nl" else thing.label_en

    def number(self, value: float | None, digits: int = 1) -> str:
        """``1234.56`` → ``1.234,6`` in Dutch; a dash if it is not known."""
        if value is None or not math.isfinite(value):
            return NOT_KNOWN
        return _decimal(round(value, digits) + 0.0, "#,##0" + ("." + "0" * digits if digits else ""), self.locale)

    def signed(self, value: float | None, digits: int = 1) -> str:
        """Like :meth:`number`, with a plus before what is above zero."""
        text = self.number(value, digits)
        return f"+{text}" if value is not None and math.isfinite(value) and round(value, digits) > 0 else text

    def percent(self, share: float | None, digits: int = 0) -> str:
        """``0.321`` → ``32%``. A share above 0 and below 1 is never rounded to 0 % or 100 %."""
        if share is None or not math.isfinite(share):
            return NOT_KNOWN
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        smallest = 10.0 ** -(digits + 2)
        if 0 < share < smallest / 2:
            return f"<{_decimal(smallest, pattern, self.locale)}"
        if 1 - smallest / 2 < share < 1:
            return f">{_decimal(1 - smallest, pattern, self.locale)}"
        return _decimal(round(share, digits + 2) + 0.0, pattern, self.locale)

    def points(self, difference: float | None, digits: int = 1) -> str:
        """A difference of shares in percentage points, signed, without the unit: ``0.0321`` → ``+3,2``."""
        return self.signed(None if difference is None else 100 * difference, digits)

    def points_range(self, low: float, high: float) -> str:
        """An interval of differences in percentage points: ``+2,9 tot +3,5``; bounds written alike are written once."""
        texts = [self.points(bound) for bound in (low, high)]
        if texts[0] == texts[1]:
            return texts[0]
        return self.gettext("{low} to {high}").format(low=texts[0], high=texts[1])

    def numeral(self, count: int) -> str:
        """Small counts in words, as good prose does; larger ones in digits."""
        _ = self.gettext
        words = (
            _("none"),
            _("one"),
            _("two"),
            _("three"),
            _("four"),
            _("five"),
            _("six"),
            _("seven"),
            _("eight"),
            _("nine"),
            _("ten"),
            _("eleven"),
            _("twelve"),
        )
        return words[count] if 0 <= count < len(words) else self.number(count, 0)

    def join(self, items: Iterable[str]) -> str:
        """``a, b en c``."""
        return str(format_list(list(items), locale=self.locale))

    def quarter(self, date: str | None, *, short: bool = False) -> str:
        """``2024-Q1`` → ``1e kwartaal 2024``, or short: ``K1 2024``."""
        if not date:
            return NOT_KNOWN
        year, quarter = date.split("-Q")
        day = datetime.date(int(year), 3 * int(quarter) - 2, 1)
        return str(format_date(day, format="QQQ y" if short else "QQQQ y", locale=self.locale))

    def day(self, moment: str) -> str:
        """``2025-11-29T13:03:56+00:00`` → ``29 november 2025``."""
        return str(format_date(datetime.datetime.fromisoformat(moment), format="long", locale=self.locale))


def translated(text: object, language: Language) -> str:
    """A message of an error in this language; as it is if the catalogue lacks it, as what comes from a library."""
    if isinstance(text, Said):
        values = {
            name: translated(value, language) if isinstance(value, (str, Series)) else value
            for name, value in text.values.items()
        }
        return language.gettext(text.template).format(**values) if text.template else ""
    if isinstance(text, Series):
        return str(Series(translated(part, language) for part in text))
    return str(text)


def told(problem: Problem, language: Language) -> str:
    """A problem in this language: where, what, and what to do."""
    return in_one_line(*(translated(text, language) for text in (problem.where, problem.what, problem.remedy)))


def capital(sentence: str) -> str:
    """The sentence with a capital first letter, the rest untouched; in Dutch a capital has no accent: Eén."""
    if sentence.startswith("één"):
        return "Eén" + sentence[3:]
    return sentence[:1].upper() + sentence[1:]


def language(code: str) -> Language:
    """The language of a code, or an error that says which there are."""
    if code not in LOCALES:
        raise InputError(
            Problem("lang", said("'{code}' is not a language of bresim", code=code), nearest(code, LOCALES))
        )
    return Language(code)
