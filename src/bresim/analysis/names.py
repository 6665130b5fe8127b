"""What a job was about, in words: designs, scenario, undercurrent and measures, the same in every picture and table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bresim.common.text import Language
from bresim.config.schema import ModelConfig
from bresim.conventions import REFERENCE
from bresim.governance import measures
from bresim.judged import DECISIVE
from bresim.scenario import read_scenario


def level_labels(language: Language) -> dict[str, str]:
    """The shipped levels of the undercurrent, from weak to strong."""
    _ = language.gettext
    return {"absent": _("absent"), "mild": _("mild"), "report": _("as in BRE 2023"), "strong": _("strong")}


def level(config: ModelConfig, language: Language) -> str:
    """The level of the undercurrent of a job."""
    return level_labels(language).get(config.undercurrent.label, language.gettext("own values"))


def strengths(chosen: Mapping[str, float], language: Language) -> str:
    """The measures in words: ``Monitoring and Facilitation (50%)``; empty if none is taken."""
    known = measures() if chosen else {}
    labels = {name: language.label(known[name]) if name in known else name for name in chosen}
    return language.join(
        labels[name] if strength == 1.0 else f"{labels[name]} ({language.percent(strength)})"
        for name, strength in chosen.items()
        if strength
    )


def design_names(config: ModelConfig, language: Language) -> dict[str, str]:
    """Display names of the designs of a job. With measures the status quo has them too, and says so."""
    names = {design.name: language.label(design) for design in config.designs}
    if REFERENCE in names and strengths(config.measures, language):
        names[REFERENCE] = language.gettext("{design}, with measures").format(design=names[REFERENCE])
    return names


def measured(config: ModelConfig, language: Language) -> str:
    """A sentence that warns what the status quo is in a job with measures; empty in a job without."""
    taken = strengths(config.measures, language)
    if not taken:
        return ""
    return language.gettext(
        "With measures under every design: {measures}. The status quo has them too, so it is not what is there now."
    ).format(measures=taken)


def about(config: ModelConfig, language: Language) -> str:
    """What tells one job from another: scenario, undercurrent, measures, structure of the model."""
    _ = language.gettext
    parts = [
        _("Scenario: {name}").format(name=language.label(read_scenario(config.scenario))),
        _("undercurrent: {level}").format(level=level(config, language)),
    ]
    taken = strengths(config.measures, language)
    if taken:
        parts.append(_("measures: {measures}").format(measures=taken))
    if config.variant.changed:
        parts.append(_("with another structure than the model as shipped"))
    return "; ".join(parts)


def judgement(reasons: Sequence[str], language: Language) -> str:
    """Sentences that warn how far the parameter sets were not judged with what ran; empty if they were."""
    _ = language.gettext
    why = {
        "own": _("parameter sets of your own"),
        "rules": _("rules or data of bresim that were changed"),
        "sets": _("a table of sets that was changed"),
        "variant": _("a structural variant of the model"),
        "phases": _("rules of your own"),
        "fixed": _("parameters that you fixed"),
    }
    found = []
    decisive = [why[reason] for reason in DECISIVE if reason in reasons]
    if decisive:
        found.append(
            _(
                "Not judged by the patterns of the sources: {reasons}. Nobody knows whether the model then shows what "
                "BRE 2023 describes."
            ).format(reasons=language.join(decisive))
        )
    if "region" in reasons:
        found.append(_("Whether the parameter sets fit this region was not tested."))
    if "designs" in reasons:
        found.append(_("The parameter sets were judged with the shipped designs, not with your own."))
    return " ".join(found)
