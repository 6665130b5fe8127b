"""What the spread between the futures comes from, in a sentence: chance, mechanisms, and the reading of the designs."""

from __future__ import annotations

import pandas as pd

from bresim.common.text import Language


def split_sentence(summary: pd.DataFrame, language: Language, sets: int) -> str:
    """The three parts of the variance, over the designs; ``sets``: number of parameter sets."""
    _ = language.gettext
    if sets == 1:
        return _("All futures have the same parameters: that we do not know them is not in their spread.")
    parts = ("knowledge", "coding", "luck")
    shares = {part: summary[f"variance_{part}"].dropna() for part in parts}
    if any(share.empty for share in shares.values()):
        return _("Which part of the spread is luck and which is not knowing could not be determined in this job.")
    apart = {part: summary[f"difference_{part}"].dropna() for part in parts}
    if (shares["coding"] == 0.0).all():
        return _two_parts(shares["knowledge"], apart["knowledge"], language)
    text = _(
        "The spread between the futures has three parts: not knowing how strong the mechanisms are ({knowledge}), how "
        "the designs can be read ({coding}) and luck ({luck})."
    ).format(**{part: _range(share, language) for part, share in shares.items()})
    if all(len(share) for share in apart.values()):
        more = _(
            "Of the spread of the differences to the status quo {knowledge} is not knowing, {coding} reading and "
            "{luck} luck."
        )
        text += " " + more.format(**{part: _range(share, language) for part, share in apart.items()})
    if any(share.min() < share.max() for share in shares.values()):
        text += " " + _("“To”: from the design with the smallest part to that with the largest.")
    return text


def _two_parts(parametric: pd.Series, apart: pd.Series, language: Language) -> str:
    """The same where all futures have one reading of the designs."""
    _ = language.gettext
    low, high = language.percent(parametric.min()), language.percent(parametric.max())
    if low == high:
        text = _("Of the spread between the futures {share} comes from not knowing (the parameters); the rest is luck.")
    else:
        text = _(
            "Of the spread between the futures {low} to {high}, depending on the design, comes from not knowing (the "
            "parameters); the rest is luck."
        )
    text = text.format(share=low, low=low, high=high)
    if apart.empty:
        return text
    more = _("Of the spread of the differences to the status quo it is {low} to {high}.")
    return f"{text} " + more.format(low=language.percent(apart.min()), high=language.percent(apart.max()))


def _range(shares: pd.Series, language: Language) -> str:
    """The lowest and the highest share over the designs; one if they are shown alike."""
    low, high = language.percent(shares.min()), language.percent(shares.max())
    return low if low == high else language.gettext("{low} to {high}").format(low=low, high=high)
