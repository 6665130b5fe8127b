"""The workshop in a real browser: every part can be read and used by all, and what it says is the model's."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import browser
import numpy as np
import pytest
from pypdf import PdfReader
from web_page import Page

from bresim import tabulate
from bresim.brief.absence import Absent, without
from bresim.config.schema import PageConfig, Undercurrent
from bresim.governance import Design
from bresim.page import checks
from bresim.page.document import document
from bresim.plan import Plan, make_plan
from bresim.rules.initial import own_interest
from bresim.runner.ensemble import Recorded, simulate

WAIT = 120_000
REPORT = Undercurrent.of_level("report")
#: Futures of role cards and votes: one of each parameter set.
FEW = range(0, 100, 5)
MANY = 200
#: Counts the tasks that workers are given.
_COUNT = """
window.given = 0;
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (...args) { window.given += 1; return post.apply(this, args); };
"""


@pytest.fixture(scope="module")
def files(page: Page, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Region → a page that begins with it: the workshop is about the first region of a page."""
    folder = tmp_path_factory.mktemp("workshop")
    found = {}
    for name in ("zuid_limburg", "teaching"):
        regions = sorted(page.content.catalogue["regions"], key=lambda one: one["name"] != name)
        content = replace(page.content, catalogue={**page.content.catalogue, "regions": regions})
        found[name] = folder / f"{name}.html"
        found[name].write_text(document(content, page.modules, "nl"), encoding="utf-8")
    return found


def at_work(screen: browser.Screen, file: Path, lang: str = "en", more: str = "") -> Any:
    screen.page.goto("about:blank")
    screen.page.goto(f"{file.as_uri()}#v=1&at=workshop&lang={lang}{more}")
    screen.page.wait_for_selector(".workshop .closings", timeout=WAIT)
    return screen.page


def play(page: Any, future: int | None, *, design: int = 0, shock: str | None = None, guess: int = 6) -> str:
    """Predict, play, and go on until the outcomes stand beside the predictions; what is said then."""
    page.locator(".play select").nth(0).select_option(index=design)
    if shock is not None:
        page.locator(".play select").nth(1).select_option(label=shock)
    for one in page.locator(".play input[type=range]").all():
        one.fill(str(guess))
    if future is not None:
        page.locator(".play input[type=number]").fill(str(future))
    page.locator(".play .choices button").click()
    for _ in range(2):
        page.locator(".stops > button").click(timeout=WAIT)
    page.wait_for_selector(".stops table", timeout=WAIT)
    return str(page.inner_text(".stops"))


def numbers(text: str) -> list[float]:
    return [float(one) for one in re.findall(r"\d+(?:\.\d+)?", text)]


def planned(config: PageConfig, name: str, founding: str, replicates: range) -> tuple[Plan, Recorded]:
    """Runs of one design with all that happens in them."""
    designs = tuple(one for one in config.designs if one.name == name)
    plan = make_plan(config.model_copy(update={"designs": designs, "founding": founding}), replicates, [REPORT])
    made = simulate(plan.world, plan.jobs, config.seed, plan.region.subregion, workers=1, details=True, events=True)
    return plan, made


@pytest.mark.parametrize(("lang", "width"), [("nl", 390), ("en", 1280)])
def test_every_part_can_be_read_and_used_by_all(files: dict[str, Path], chromium: Any, lang: str, width: int) -> None:
    with browser.screen(chromium, files["teaching"], width) as screen:
        told: list[str] = []
        screen.page.on("console", lambda message: told.append(message.text))
        screen.page.on("pageerror", lambda error: told.append(str(error)))
        page = at_work(screen, files["teaching"], lang)
        assert screen.violations() == []
        page.click(".roles button")
        page.wait_for_selector(".role", timeout=WAIT)
        page.locator(".votes select").nth(2).select_option(index=2)
        page.locator(".votes .choices button").nth(2).click()
        page.locator(".votes > button").click()
        page.wait_for_selector(".beside table", timeout=WAIT)
        play(page, 3)
        page.click(".hold button")
        page.wait_for_selector(".hold table", timeout=WAIT)
        page.click(".closings button")
        seen = screen.look()
        assert seen["lang"] == lang
        assert seen["scroll"] <= seen["width"]
        assert seen["small"] == seen["twice"] == seen["outside"] == []
        assert screen.violations() == []
        assert screen.small() == []
        own = ("blob:", files["teaching"].as_uri())
        assert [url for url in screen.requests if not url.startswith(own)] == []
        assert told == []


def test_role_cards_are_of_the_region_and_of_the_runs(page: Page, files: dict[str, Path], chromium: Any) -> None:
    config = page.worlds["teaching", "history"]
    plan, made = planned(config, "status_quo", "at_once", FEW)
    region, before = plan.region, config.policy_quarter - 1
    with browser.screen(chromium, files["teaching"], 1280) as screen:
        shown = at_work(screen, files["teaching"])
        shown.click(".roles button")
        shown.wait_for_selector(".role", timeout=WAIT)
        cards = shown.locator(".role").all_inner_texts()
        printed = {}
        for part in ("roles", "closings"):
            shown.click(f".{part} > button")
            shown.wait_for_selector(f".{part} .sheet", timeout=WAIT)
            shown.evaluate("window.print = () => undefined")
            shown.click(f".{part} .sheets > button")
            file = PdfReader(io.BytesIO(shown.pdf(prefer_css_page_size=True)))
            printed[part] = [one.extract_text() for one in file.pages]
            assert all(abs(float(one.mediabox.width) - browser.A4[0]) < browser.CLOSE for one in file.pages)
    for i, (name, text) in enumerate(zip(region.names, cards, strict=True)):
        assert text.startswith(name)
        fte = made.capacity["capacity"][:, before, i]
        wanted = [fte.mean(), fte.min(), fte.max()]
        assert numbers(text.split("Staff for regional work")[1])[:3] == pytest.approx(wanted, abs=0.0501)
        for k, theme in enumerate(region.themes):
            low, high = (
                own_interest(region.severity[k, i], theme.contention, region.border[i], theme.border, u)
                for u in (0.0, 1.0)
            )
            row = next(one for one in text.splitlines() if one.startswith(theme.label_en))
            told = numbers(row.removeprefix(theme.label_en))
            assert told == pytest.approx(
                [100 * region.severity[k, i], 50 * (low + high), 100 * low, 100 * high], abs=0.501
            )
    # two role cards on a page, a closing sheet for each municipality, and nothing else on paper
    assert [sum(name in text for name in region.names) > 0 for text in printed["roles"]] == [True] * 3
    assert len(printed["closings"]) == len(region.names)
    assert all(text.startswith(name) for name, text in zip(region.names, printed["closings"], strict=True))
    assert not any("Predict, then play" in text for text in (*printed["roles"], *printed["closings"]))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_two_whole_cards_go_on_a_sheet_of_paper(files: dict[str, Path], chromium: Any, lang: str) -> None:
    """Of the sixteen; printed in the window's own way no card goes over two pages either."""
    with browser.screen(chromium, files["zuid_limburg"], 1280) as screen:
        shown = at_work(screen, files["zuid_limburg"], lang)
        shown.click(".roles button")
        shown.wait_for_selector(".role", timeout=WAIT)
        plain = [one.extract_text() for one in PdfReader(io.BytesIO(shown.pdf(prefer_css_page_size=True))).pages]
        names = [text.splitlines()[0] for text in shown.locator(".role").all_inner_texts()]
        shown.evaluate("window.print = () => undefined")
        shown.click(".roles .sheets > button")
        shown.set_viewport_size({"width": 688, "height": 1017})  # what a sheet of A4 has within its margins
        shown.emulate_media(media="print")
        wide = """all => all.filter(one =>
            one.getBoundingClientRect().right > one.closest(".sheet").getBoundingClientRect().right)"""
        cut = shown.locator(".role table, .role td, .role dd").evaluate_all(f"{wide}.map(one => one.innerText)")
        paper = PdfReader(io.BytesIO(shown.pdf(prefer_css_page_size=True))).pages
        texts = [one.extract_text() for one in paper]
    first = {"nl": "Uw taak: kom op voor deze gemeente", "en": "Your task: stand up for this municipality"}[lang]
    last = {"nl": "onderstroom zoals in het rapport", "en": "undercurrent as in the report"}[lang]
    assert len(names) == 16
    assert cut == []
    assert len(texts) == 8
    for page, pair in zip(texts, zip(names[::2], names[1::2], strict=True), strict=True):
        assert [name for name in pair if f"{name}\n" in page] == list(pair)
        assert " ".join(page.split()).count(last) == 2
    assert sum(" ".join(page.split()).count(last) for page in plain) == 16
    for page in plain:
        text = " ".join(page.split())
        assert text.count(first) == text.count(last), "a card ends on the page on which it begins"


def test_a_vote_goes_from_a_phone_to_the_table_and_beside_the_model(
    page: Page, files: dict[str, Path], chromium: Any
) -> None:
    config = page.worlds["teaching", "history"]
    with browser.screen(chromium, files["teaching"], 390) as phone:
        mine = at_work(phone, files["teaching"])
        mine.locator(".votes .choices button").first.click()
        assert mine.inner_text(".code") == "Choose yes or no first."
        mine.locator(".votes select").nth(0).select_option(label="Rietwaard")
        mine.locator(".votes select").nth(1).select_option(label="Regional bureau")
        mine.locator(".votes select").nth(2).select_option(label="Yes, found it")
        mine.locator(".votes .choices button").first.click()
        code = mine.inner_text(".code").split()[-1]
        mine.locator(".votes .choices button").nth(1).click()
        assert mine.inner_text(".code") == ""
        assert mine.locator(".votes select").nth(2).input_value() == "0"
    with browser.screen(chromium, files["teaching"], 1280) as screen:
        table = at_work(screen, files["teaching"])
        wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
        for typed, told in ((wrong, "typing error"), (code.lower(), "The vote of Rietwaard on Regional bureau")):
            table.locator(".votes input").fill(typed)
            table.locator(".votes form button").click()
            assert told in table.locator(".votes > p[role=status]").last.inner_text()
        table.locator(".votes select").nth(1).select_option(label="Regional bureau")
        table.locator(".votes > button").click()
        table.wait_for_selector(".beside table", timeout=WAIT)
        assert table.inner_text(".beside p >> nth=0") == "At the table 1 of 1 vote yes."
        rows = {
            row.locator("th").inner_text(): row.locator("td").all_inner_texts()
            for row in table.locator(".beside tbody tr").all()
        }
        # another design, and there is nothing beside the model any more
        table.locator(".votes select").nth(1).select_option(index=0)
        assert table.inner_text(".beside") == ""
        # what one voted stays while the page is open, in the other language too
        table.locator(".votes select").nth(1).select_option(label="Regional bureau")
        table.click(".languages [lang=nl]")
        table.locator(".votes select").nth(1).select_option(label="Regiobureau")
        table.locator(".votes > button").click()
        table.wait_for_selector(".beside table", timeout=WAIT)
        assert "Aan tafel stemmen 1 van de 1 voor." in table.inner_text(".beside")
    votes = tabulate.votes_table(*planned(config, "regiobureau", "vote", FEW))
    votes = votes[votes["question"] == "founding"]
    first = votes[votes["quarter"] == votes["quarter"].min()].groupby("municipality", observed=True)["chance"]
    for name, (cast, chance, _) in rows.items():
        assert cast == ("Yes, found it" if name == "Rietwaard" else "–")
        of = first.get_group(name)
        assert len(of) == len(FEW)
        assert numbers(chance) == pytest.approx([100 * of.mean(), 100 * of.min(), 100 * of.max()], abs=0.501)


def test_a_drawn_future_is_one_of_many_and_comes_back(page: Page, files: dict[str, Path], chromium: Any) -> None:
    config = page.worlds["teaching", "history"]
    with browser.screen(chromium, files["teaching"], 1280) as screen:
        shown = at_work(screen, files["teaching"])
        shown.locator(".play .choices button").click()
        assert shown.locator(".stops").count() == 0, "it plays without a prediction"
        told = play(shown, None)
        number = int(shown.locator(".play input[type=number]").input_value())
        assert 1 <= number <= MANY
        assert f"This is future {number}: one of 200." in shown.inner_text(".play")
        other = number % MANY + 1
        assert play(shown, other) != told
        assert shown.locator(".stops table").count() == 1
        assert play(shown, number) == told
        rounds = shown.locator(".play > div").last.locator("tbody th").all_inner_texts()
        assert rounds == [str(number), str(other), str(number)]
        shown.locator(".play input[type=number]").fill("201")
        assert shown.locator(".stops").count() == 0
        shown.locator(".play .choices button").click()
        assert "from 1 to 200" in shown.inner_text(".play")
    designs = tuple(one for one in config.designs if one.name == "status_quo")
    config = config.model_copy(update={"designs": designs, "founding": "vote"})
    values = np.asarray(checks.outcomes(config, REPORT, 0, MANY))[0]
    names = [one.name for one in tabulate.outcomes_of(make_plan(config, range(1)).region)]
    plan, made = planned(page.worlds["teaching", "history"], "status_quo", "vote", range(number - 1, number))
    events = tabulate.events_table(plan, made)
    for kind, title in (("deadlocked", "First deadlock"), ("broken", "First broken promise")):
        found = events[(events["event"] == kind) & (events["quarter"] >= config.policy_quarter)]
        body = told.split(title)[1].strip().splitlines()[0]
        if found.empty:
            assert body == "Not in this future."
        else:
            sentence = str(tabulate.with_sentences(plan, found.head(1)).iloc[0]["sentence_en"])
            assert body.split(": ")[1].lower() == sentence.split(": ")[1].lower()
            assert sentence.split(":")[0][-4:] in body.split(":")[0]  # the year
    for outcome, title in (("agreements", "Agreements"), ("deadlocks", "Deadlocks")):
        column = values[names.index(outcome)]
        here = column[number - 1]
        said = numbers(next(line for line in told.splitlines() if line.startswith(f"{title}:")))
        assert said == [MANY, (column < here).sum(), (column == here).sum(), (column > here).sum()]
    column = values[0]
    said = numbers(told.split("Value at the end:")[1])
    assert said[0] == pytest.approx(100 * column[number - 1], abs=0.0501)
    assert said[1:3] == [(column < column[number - 1]).sum(), MANY]


def stays_out(page: Page, region: str) -> tuple[PageConfig, Absent, list[tuple[str, Design | None]]]:
    """The shock of a region as Python has it: the largest subregion without each design."""
    config = page.worlds[region, "history"]
    place = make_plan(config, range(1)).region
    people = [place.population[place.subregion == at].sum() for at in range(len(place.subregions))]
    at = int(np.argmax(people))
    members = tuple(name for name, of in zip(place.names, place.subregion, strict=True) if of == at)
    absent = Absent(place.subregion_labels[at], "subregion", members)
    return config, absent, [(one.name, without(one, absent, place)) for one in config.designs]


@pytest.mark.parametrize("region", ["zuid_limburg", "teaching"])
def test_a_subregion_that_stays_out_is_that_of_python(
    page: Page, files: dict[str, Path], chromium: Any, region: str
) -> None:
    """Every design without it gives the same bits; where it cannot be without it, or has no part in it, both say so."""
    config, absent, wanted = stays_out(page, region)
    assert absent.who == {"zuid_limburg": "Parkstad Limburg", "teaching": "De Oever"}[region]
    with browser.screen(chromium, files[region], 1280) as screen:
        shown = at_work(screen, files[region])
        options = shown.locator(".play select").nth(1).locator("option").all_inner_texts()
        assert options[-1] == f"{absent.who} stays out"
        found = shown.evaluate(
            """async ([name, members, knobs]) => {
              const engine = await bresim.load({ workers: 2 }), { regions, designs, scenarios } = engine.catalogue;
              const region = regions.find(one => one.name === name);
              const numbers = members.map(one => region.municipalities.findIndex(town => town.name === one));
              const out = [];
              for (const design of designs) {
                const changed = bresim.without(design, numbers, region);
                if (typeof changed === "string" || engine.problems(changed, name).length > 0) {
                  out.push([design.name, null]);
                  continue;
                }
                const batch = await engine.batch({ region: name, scenario: scenarios[0].name, undercurrent: knobs,
                  designs: [changed], foundings: ["vote", "at_once"], first: 0, last: 7 });
                out.push([design.name, [...batch.values].map(value => Number.isNaN(value) ? null : value)]);
              }
              engine.close();
              return out;
            }""",
            [region, list(absent.members), REPORT.model_dump()],
        )
    assert [name for name, _ in found] == [name for name, _ in wanted]
    compared = 0
    place = make_plan(config, range(1)).region
    for (name, mine), (_, design) in zip(found, wanted, strict=True):
        shipped = next(one for one in config.designs if one.name == name)
        inside = set(absent.members) & {one for one in place.names if one in _eligible(shipped, place)}
        if design is None or not inside:
            assert mine is None, name
            continue
        values = checks.outcomes(config.model_copy(update={"designs": (design,)}), REPORT, 0, 7)
        assert np.array_equal(np.array(mine, float), np.asarray(values).ravel(), equal_nan=True), name
        compared += 1
    assert compared >= (8 if region == "zuid_limburg" else 3)


def _eligible(design: Design, place: Any) -> list[str]:
    from bresim.brief.absence import takes_part

    return takes_part(design, place)


def test_the_shock_is_played(page: Page, files: dict[str, Path], chromium: Any) -> None:
    config, absent, designs = stays_out(page, "teaching")
    changed = dict(designs)["status_quo"]
    assert changed is not None
    config = config.model_copy(update={"designs": (changed,), "founding": "vote"})
    values = np.asarray(checks.outcomes(config, REPORT, 0, MANY))[0]
    names = [one.name for one in tabulate.outcomes_of(make_plan(config, range(1)).region)]
    with browser.screen(chromium, files["teaching"], 1280) as screen:
        shown = at_work(screen, files["teaching"])
        play(shown, 20, shock=f"{absent.who} stays out")
        rows = [row.locator("td").all_inner_texts() for row in shown.locator(".stops tbody tr").all()]
        drawn = set()
        for _ in range(30):
            shown.click(".play > button")
            drawn.add(shown.locator(".play select").nth(1).evaluate("one => one.selectedOptions[0].textContent"))
            assert shown.locator(".stops").count() == 0, "what was played stands beside another shock"
        assert f"{absent.who} stays out" in drawn
        assert len(drawn) == 4
    for outcome, (said, here, many) in zip(("agreements", "deadlocks"), rows, strict=True):
        column = values[names.index(outcome)]
        assert (said, float(here)) == ("6", column[19])
        assert numbers(many)[0] == pytest.approx(column.mean(), abs=0.0501)


def test_leaving_stops_what_goes_on(files: dict[str, Path], chromium: Any) -> None:
    """The tasks that were waiting for a worker are given to none."""
    with browser.screen(chromium, files["zuid_limburg"], 1280) as screen:
        screen.page.add_init_script(_COUNT)
        page = at_work(screen, files["zuid_limburg"])
        page.wait_for_selector(".status[data-same]", timeout=WAIT)
        page.click(".hold button")
        page.click(".roles button")
        page.wait_for_timeout(50)
        page.get_by_role("button", name="Story").click()
        before = page.evaluate("window.given")
        page.wait_for_timeout(1500)
        assert page.evaluate("window.given") <= before + 2, "a worker was given more of what nobody waits for"
        assert page.locator(".errors p").count() == 0
