"""What stays and what changes between jobs, in sentences: which design leads, which places, chances and gains move."""

from __future__ import annotations

from collections.abc import Mapping

from bresim.analysis import between, comparison
from bresim.analysis.comparison import Difference
from bresim.common.text import capital
from bresim.conventions import HEADLINE, REFERENCE, Founding
from bresim.report.jobs import Job, Jobs

#: A smaller change of a chance of founding is not worth a sentence.
CHANCE = 0.05


def what_changes(jobs: Jobs) -> list[str]:
    """The paragraphs that the page leads with."""
    found = [" ".join(leads(jobs, founding)) for founding in jobs.foundings]
    found.append(" ".join(text for text in (shared(jobs), moved(jobs)) if text))
    found += [gained(jobs, job) for job in jobs.jobs[1:]]
    found.append(chances(jobs))
    return [text for text in found if text]


def _when(jobs: Jobs, founding: Founding, text: str) -> str:
    """The text, said of one founding where the page shows two."""
    _ = jobs.language.gettext
    if len(jobs.foundings) < 2:
        return text
    return {"vote": _("As decided by vote: {text}"), "at_once": _("If founded: {text}")}[founding].format(text=text)


def shared(jobs: Jobs) -> str:
    """If the jobs have other designs: that the sentences are about those in all, and which others are the highest."""
    _, language = jobs.language.gettext, jobs.language
    if len(jobs.common) == len(jobs.designs) or len(jobs.common) < 2:
        return ""
    tops = {job.quoted: job.under(jobs.main).order[0] for job in jobs.jobs}
    listed = [
        _("{design} in {jobs}").format(design=jobs.quoted(top), jobs=label)
        for label, top in tops.items()
        if top not in jobs.common
    ]
    text = _("These are about the {count} designs that every comparison has.").format(
        count=language.numeral(len(jobs.common))
    )
    if not listed:
        return text
    return f"{text} " + _("Not in every comparison, and the highest where it is: {listed}.").format(
        listed=language.join(listed)
    )


def leads(jobs: Jobs, founding: Founding) -> list[str]:
    """Whether the same design has the highest average in every job, and whether it can be told apart there."""
    _, language = jobs.language.gettext, jobs.language
    if len(jobs.common) < 2:
        return []
    groups = {job.quoted: job.among(jobs.common, founding).leaders for job in jobs.jobs}
    groups = {label: leaders for label, leaders in groups.items() if leaders}
    tops = list(dict.fromkeys(leaders[0] for leaders in groups.values()))
    if len(tops) == 1:
        open_in = [label for label, leaders in groups.items() if len(leaders) > 1]
        text = _("in every comparison {design} has the highest average.").format(design=jobs.quoted(tops[0]))
        sentences = [capital(_when(jobs, founding, text))]
        if open_in:
            sentences.append(_("It cannot be told apart from the next in {jobs}.").format(jobs=language.join(open_in)))
        return sentences
    where = {top: [label for label, leaders in groups.items() if leaders[0] == top] for top in tops}
    listed = "; ".join(
        _("{design} in {jobs}").format(design=jobs.quoted(top), jobs=language.join(labels))
        for top, labels in where.items()
    )
    text = _("the design with the highest average changes: {listed}.").format(listed=listed)
    always = [design for design in jobs.common if all(design in leaders for leaders in groups.values())]
    sentences = [capital(_when(jobs, founding, text))]
    if always:
        sentences.append(
            _("In every comparison the highest, or not to be told apart from it: {designs}.").format(
                designs=language.join(map(jobs.quoted, always))
            )
        )
    return sentences


def places(jobs: Jobs, founding: Founding) -> dict[str, dict[str, int]]:
    """Label of a job → the place of each design that every job has."""
    return {
        job.label: between.ranks(comparison.means(job.among(jobs.common, founding).runs, HEADLINE)) for job in jobs.jobs
    }


def moved(jobs: Jobs) -> str:
    """Whether the order stays the same, and else which design moves over most places."""
    _, language = jobs.language.gettext, jobs.language
    found = places(jobs, jobs.main)
    if len(jobs.common) < 3:
        return ""
    design, low, high = furthest({job.quoted: found[job.label] for job in jobs.jobs})
    if not design:
        return _("The order of the designs is the same in every comparison.")
    ranks = {job.quoted: found[job.label][design] for job in jobs.jobs}
    return _(
        "{design} changes place most: it is number {one} of {count} in {first} and number {other} in {second}."
    ).format(
        design=capital(jobs.quoted(design)),
        one=language.number(ranks[low], 0),
        first=low,
        other=language.number(ranks[high], 0),
        second=high,
        count=language.number(len(jobs.common), 0),
    )


def furthest(found: Mapping[str, Mapping[str, int]]) -> tuple[str, str, str]:
    """The design whose places lie furthest apart, and the two jobs; empty if none moves. Of equals the best."""
    known = [design for design in next(iter(found.values())) if all(design in ranks for ranks in found.values())]
    spans = {design: [ranks[design] for ranks in found.values()] for design in known}
    if not spans:
        return "", "", ""
    design = max(spans, key=lambda name: (max(spans[name]) - min(spans[name]), -min(spans[name]), name))
    places = spans[design]
    if max(places) == min(places):
        return "", "", ""
    at = sorted((places.index(min(places)), places.index(max(places))))  # in the order of the jobs
    labels = list(found)
    return design, labels[at[0]], labels[at[1]]


def changes(jobs: Jobs, job: Job) -> dict[str, Difference]:
    """Design → how its gain in a job differs from that in the first job; of the status quo: what it realises."""
    before, after = (one.among(jobs.common, jobs.main).runs for one in (jobs.first, job))
    return between.changes(before, after, HEADLINE, jobs.reference, paired=jobs.paired(job))


def gained(jobs: Jobs, job: Job) -> str:
    """Of how many designs the gain differs from that in the first job, of which most; what the status quo does."""
    _, language = jobs.language.gettext, jobs.language
    found = changes(jobs, job)
    rows = [row for design, row in found.items() if design != jobs.reference]
    if not rows:
        return _base(found, jobs, job)
    higher, lower = (sum(row.verdict == verdict for row in rows) for verdict in (1, -1))
    names = {"job": job.quoted, "first": jobs.first.quoted}
    if not higher and not lower:
        text = _("Compared with {first}, no design clearly gains or loses in {job}.").format(**names)
        return f"{text} {_base(found, jobs, job)}".strip()
    if len(rows) == 1 and higher:
        text = _("Compared with {first}, {design} yields clearly more in {job}.")
    elif len(rows) == 1:
        text = _("Compared with {first}, {design} yields clearly less in {job}.")
    else:
        text = _(
            "Difference from the status quo in {job}, compared with {first}: clearly higher for {higher} of the "
            "{count} designs, clearly lower for {lower}."
        )
    most = max((row for row in rows if row.verdict), key=lambda row: abs(row.mean))
    text = text.format(
        **names,
        design=jobs.quoted(rows[0].design),
        higher=language.numeral(higher),
        lower=language.numeral(lower),
        count=language.numeral(len(rows)),
    )
    size = _("The largest change is that of {design}: {points} percentage points (95% interval {range}).").format(
        design=jobs.quoted(most.design),
        points=language.points(most.mean),
        range=language.points_range(most.low, most.high),
    )
    return " ".join(part for part in (text, size, _base(found, jobs, job)) if part)


def _base(found: Mapping[str, Difference], jobs: Jobs, job: Job) -> str:
    """What changes in the status quo itself."""
    _, language = jobs.language.gettext, jobs.language
    row = found.get(jobs.reference or "")
    if row is None or not row.verdict:
        return ""
    return _(
        "What the status quo itself realises changes by {points} percentage points in {job} (95% interval {range})."
    ).format(points=language.points(row.mean), job=job.quoted, range=language.points_range(row.low, row.high))


def chances(jobs: Jobs) -> str:
    """The design whose chance of founding by vote differs most between the jobs."""
    _, language = jobs.language.gettext, jobs.language
    if "vote" not in jobs.foundings:
        return ""
    shares = {job.quoted: comparison.means(job.among(jobs.common, "vote").runs, "adopted") for job in jobs.jobs}
    spans = {
        design: [each[design] for each in shares.values()]
        for design in jobs.common
        if design != REFERENCE and all(design in each for each in shares.values())
    }
    if not spans:
        return ""
    design = max(spans, key=lambda name: max(spans[name]) - min(spans[name]))
    if max(spans[design]) - min(spans[design]) < CHANCE:
        return _("The chance that a design is founded is about the same in every comparison.")
    listed = language.join(
        _("{share} in {job}").format(share=language.percent(each[design]), job=label) for label, each in shares.items()
    )
    return _("The chance of founding differs most for {design}: {listed}.").format(
        design=jobs.quoted(design), listed=listed
    )
