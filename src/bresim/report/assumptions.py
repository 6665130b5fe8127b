"""What the outcomes rest on, what the model cannot say, and how to run the job again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bresim.analysis.names import judgement, level, strengths
from bresim.common.text import Language, capital
from bresim.config.own_sets import OwnSets
from bresim.judged import DECISIVE
from bresim.plots.view import View
from bresim.report.command import command

Facts = list[tuple[str, str]]


def assumed(view: View) -> Facts:
    """(term, text) of everything that was chosen for this job."""
    language, _, config = view.language, view.language.gettext, view.config
    region = view.region
    facts = [
        (
            _("Region"),
            _("{region}: {municipalities} municipalities, {themes} themes.").format(
                region=language.label(region), municipalities=len(region.names), themes=len(region.themes)
            ),
        ),
        (
            _("Period"),
            _(
                "From the {start} to the {end}. Until the {policy} every design runs under the status quo, with "
                "{past}. From then on the design under test is tried."
            ).format(
                past=_("what really happened") if view.at_home else _("the same events"),
                start=language.quarter(config.time.start),
                end=language.quarter(config.time.end),
                policy=language.quarter(config.time.policy_start),
            ),
        ),
        (_("Scenario"), _scenario(view)),
        (_("Undercurrent"), _undercurrent(view)),
        (_("Measures"), _measures(view)),
        (_("Structure of the model"), _structure(view)),
        (_("Founding"), _founding(view)),
        (_("Parameters"), _parameters(view)),
        (_("Reading"), _codings(view)),
        (_("Runs"), _runs(view)),
        (_("Designs"), language.join(view.names().values()) + "."),
        (_("Sources"), _sources(view)),
    ]
    return [(term, capital(text)) for term, text in facts]


def _scenario(view: View) -> str:
    scenario = view.scenario
    description = scenario.description_nl if view.language.code == "nl" else scenario.description_en
    return f"{view.language.label(scenario)}. {description}".strip()


def _undercurrent(view: View) -> str:
    language, _, chosen = view.language, view.language.gettext, view.config.undercurrent
    return _(
        "{level}: parochialism {parochialism}, unequal partnership {cleavage}, negative collective memory "
        "{negativity} (0 = absent, 1 = strong)."
    ).format(
        level=level(view.config, language),
        parochialism=language.number(chosen.parochialism, 2),
        cleavage=language.number(chosen.cleavage, 2),
        negativity=language.number(chosen.negativity, 2),
    )


def _measures(view: View) -> str:
    taken = strengths(view.config.measures, view.language)
    return f"{taken}." if taken else view.language.gettext("None on top of the designs.")


def _structure(view: View) -> str:
    """Which structural variants are not as in the model as shipped."""
    language, _, changed = view.language, view.language.gettext, view.config.variant.changed
    if not changed:
        return _("The model as shipped.")
    listed = language.join(f"{name} = {option}" for name, option in changed.items())
    return _("Not the model as shipped, but a structural variant of its rules: {variants}.").format(variants=listed)


def _founding(view: View) -> str:
    """How a design comes to hold."""
    _ = view.language.gettext
    texts = {
        "vote": _("As decided by vote: a design holds once enough municipalities want to found it, if ever."),
        "at_once": _("Every design is founded at the policy start, without a vote."),
        "both": _(
            "Each design in two ways, in the same futures: founded at the policy start without a vote, and as decided "
            "by vote, if ever."
        ),
    }
    return texts[view.config.founding]


def _parameters(view: View) -> str:
    language, _, chosen = view.language, view.language.gettext, view.config.parameters
    count = view.parameter_sets
    texts = {
        "plausible": language.ngettext(
            "{count} parameter set from the plausible set: sets that reproduce what BRE 2023 describes of "
            "Zuid-Limburg. Every design gets the same set.",
            "{count} parameter sets from the plausible set: sets that reproduce what BRE 2023 describes of "
            "Zuid-Limburg. Every design gets the same sets.",
            count,
        ),
        "prior": language.ngettext(
            "{count} parameter set drawn from the full ranges (deep uncertainty). Every design gets the same set.",
            "{count} parameter sets drawn from the full ranges (deep uncertainty). Every design gets the same sets.",
            count,
        ),
        "point": _(
            "One documented parameter set, meant for teaching: the intervals do not show that we do not know it."
        ),
    }
    reasons = view.whole.not_judged
    if set(reasons) & set(DECISIVE):
        texts["plausible"] = language.ngettext(
            "{count} parameter set from the plausible set. Every design gets the same set.",
            "{count} parameter sets from the plausible set. Every design gets the same sets.",
            count,
        )
    if chosen.own is not None:
        text = _own_sets(chosen.own, reasons, count, language)
        reasons = tuple(reason for reason in reasons if reason != "own")  # which is said
    else:
        text = texts[chosen.source].format(count=language.number(count, 0))
    text = " ".join(part for part in (text, judgement(reasons, language)) if part)
    if chosen.fixed:
        fixed = language.join(f"{name} = {language.number(number, 3)}" for name, number in chosen.fixed.items())
        text += " " + _("Fixed by the user: {fixed}.").format(fixed=fixed)
    return text


def _own_sets(own: OwnSets, reasons: Sequence[str], count: int, language: Language) -> str:
    """The user's own sets, and whether a search judged them."""
    ngettext, note = language.ngettext, own.judged.note if own.judged is not None else ""
    if "own" in reasons:
        text = ngettext(
            "{count} parameter set from {file}: not judged by the patterns of the sources. Every design gets the "
            "same set.",
            "{count} parameter sets from {file}: not judged by the patterns of the sources. Every design gets the "
            "same sets.",
            count,
        )
    elif set(reasons) & set(DECISIVE):
        text = ngettext(
            "{count} parameter set from {file}. Every design gets the same set.",
            "{count} parameter sets from {file}. Every design gets the same sets.",
            count,
        )
    else:
        text = ngettext(
            "{count} parameter set from {file}: judged by the patterns in {note}. Every design gets the same set.",
            "{count} parameter sets from {file}: judged by the patterns in {note}. Every design gets the same sets.",
            count,
        )
    return text.format(count=language.number(count, 0), file=own.name, note=note)


def _codings(view: View) -> str:
    """How the rules of the designs were read in their sources."""
    _ = view.language.gettext
    ways = {
        "drawn": _(
            "In each future every rule of a design has a value between the lowest and the highest that its source "
            "allows; it is the same in all designs that share the rule."
        ),
        "point": _("Every rule of a design has one value in all futures, the one that we read in its source."),
    }
    one = _("The rules of the designs have one reading in all futures, drawn from their ranges.")
    return ways.get(str(view.config.coding), one)


def _runs(view: View) -> str:
    language, _, runs = view.language, view.language.gettext, view.runs
    text = language.ngettext(
        "{count} future for each design, {total} runs in all.",
        "{count} futures for each design, {total} runs in all.",
        runs["replicate"].nunique(),
    ).format(count=language.number(runs["replicate"].nunique(), 0), total=language.number(len(view.whole.runs), 0))
    failures = int(view.result.manifest.get("failures") or 0)
    if failures:
        text += " " + language.ngettext(
            "{count} run failed and is left out.", "{count} runs failed and are left out.", failures
        ).format(count=failures)
    return text


def limits(view: View) -> list[str]:
    """What the model cannot say, whatever the numbers."""
    _ = view.language.gettext
    found = [
        _(
            "It does not predict. It shows what follows from assumptions about how municipalities work together. "
            "Read differences between designs, not levels."
        ),
        _(
            "Public value is the share of what is attainable that is realised. It is not money, and what is "
            "attainable is itself an estimate."
        ),
        _(
            "“In 80% of the futures” is a share of simulated futures under the assumptions above, not a chance in "
            "the real world. "
            "What the model leaves out is in no interval."
        ),
        _(
            "The designs are ideal types, taken from BRE 2023 and RD 2024. A real bureau, deal or coalition differs in "
            "its details, and details matter."
        ),
        _("It knows no persons, parties or coalitions: a single alderman or a single conflict can turn a real case."),
        _("Costs, legal form and democratic legitimacy of a design are not weighed."),
    ]
    if not all(collaboration.published for collaboration in view.region.collaborations):
        found.append(
            _(
                "Part of the memberships of collaborations is reconstructed from published totals; no single "
                "membership can be judged by it."
            )
        )
    return found


def reproduce(view: View) -> Facts:
    """(term, text) of what is needed to run the job again and get the same numbers."""
    language, _, manifest = view.language, view.language.gettext, view.result.manifest
    asked, lost = command(view.config)
    facts = [
        (_("Command"), asked),
        (_("Beware"), _lost(lost, language)),
        (_("Seed"), str(view.config.seed)),
        (_("Hash of the configuration"), _text(manifest, "config_hash")),
        ("bresim", _text(manifest, "bresim")),
        ("Python", _text(manifest, "python")),
        (_("Platform"), _text(manifest, "platform")),
        (_("Commit"), str((manifest.get("git") or {}).get("commit") or "")),
    ]
    packages = manifest.get("packages") or {}
    facts.append((_("Packages"), ", ".join(f"{name} {version}" for name, version in sorted(packages.items()))))
    seconds = manifest.get("wall_time")
    if isinstance(seconds, int | float):
        facts.append((_("Duration"), _("{seconds} seconds").format(seconds=language.number(float(seconds)))))
    return [(term, text) for term, text in facts if text]


def _sources(view: View) -> str:
    """The two reports that the page names by their short names."""
    _ = view.language.gettext
    text = _(
        "BRE 2023: “Het Bestuurlijk Regionaal Ecosysteem Zuid-Limburg”, Berenschot and Rijksuniversiteit Groningen, "
        "2023. RD 2024: “Governance en organisatiemodel Regio Deal Zuid-Limburg”, Van de Bunt, 2024."
    )
    if not view.at_home:
        text += " " + _("Both are about Zuid-Limburg, not about this region.")
    return text


def _lost(keys: Sequence[str], language: Language) -> str:
    """What the command does not bring back, if anything."""
    if not keys:
        return ""
    return language.gettext(
        "This job was not made by a command alone: the command leaves out {keys}. The file manifest.json has them."
    ).format(keys=language.join(keys))


def _text(manifest: Mapping[str, Any], key: str) -> str:
    value = manifest.get(key)
    return "" if value is None else str(value)
