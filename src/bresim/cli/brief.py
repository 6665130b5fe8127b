"""``bresim brief``: run what the document is made of, and write it with its tables and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bresim.cli.kept import resumable
from bresim.common.progress import progress_bar
from bresim.common.text import language
from bresim.config.schema import BriefConfig
from bresim.results import Result, make_manifest, write_tables
from bresim.results.manifest import times


def run(config: BriefConfig) -> Result:
    """Compute what is not there yet, then write page, workbook, CSV files and figures in ``out``."""
    from bresim.brief.job import brief, check
    from bresim.judged import not_judged
    from bresim.report.brief import page, pdf

    _ = language(config.lang).gettext
    started = datetime.now(UTC)
    region = check(config)
    printer = pdf.browser() if config.pdf else None  # before anything is run
    with resumable(config) as folder, progress_bar(config.progress) as progress:
        made = brief(config, region, progress, folder.kept)
        result = Result(
            config=config,
            region=region,
            runs=made.runs,
            summary=made.summary,
            engine="numba",
            not_judged=not_judged(config),
        )
        write_tables(folder.stage, result.tables())
        progress.stage(_("Report"))
        manifest = {
            **make_manifest(result, started, datetime.now(UTC)),
            "explained": made.explained,
            "kept_parts": made.kept_parts,
        }
        written = page.write(made, manifest, folder.stage, datetime.now().astimezone().date())
        if printer is not None:
            pdf.write(written, printer)
        manifest |= times(started, datetime.now(UTC))
        folder.publish(manifest)
    return replace(result, manifest=manifest)
