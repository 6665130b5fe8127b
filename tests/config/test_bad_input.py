"""Bad input: one message that says where, what, what is allowed and what was probably meant; all at once."""

from __future__ import annotations

import pytest

import bresim
from bresim.common.errors import InputError
from bresim.governance import design_names
from bresim.parameters import PARAMETERS

ONE, OTHER = list(PARAMETERS)[:2]
LOW, HIGH = PARAMETERS[ONE].low, PARAMETERS[ONE].high


def problems(command: str, *overrides: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        bresim.load(command, list(overrides))
    return [str(problem) for problem in caught.value.problems]


def expect(found: list[str], *wanted: tuple[str, ...]) -> None:
    """Each tuple of fragments is in one problem of its own; there are no others."""
    for fragments in wanted:
        assert any(all(fragment in text for fragment in fragments) for text in found), (fragments, found)
    assert len(found) == len(wanted), found


def test_values_out_of_range_of_the_wrong_type_or_not_finite() -> None:
    found = problems(
        "compare",
        "replicates=0", "seed=-1", "workers=1.5", "undercurrent.negativity=1.5", "undercurrent.cleavage=inf",
        "undercurrent.parochialism=x", "measures.monitoring=nan", "measures.thinning=-0.1",
        f"parameters.{ONE}={HIGH + 1}", f"parameters.{OTHER}=nan", "lang=fr", "record=most",
        "overwrite=maybe", "out=null", "progress=loud",
        "replicates_per_draw=true", "undercurrent_replicates=-1", "figures=3",
    )  # fmt: skip
    expect(
        found,
        ("replicates:", "0", "at least 1"),
        ("seed:", "-1", "at least 0"),
        ("workers:", "1.5", "whole number"),
        ("undercurrent.negativity:", "1.5", "at most 1"),
        ("undercurrent.cleavage:", "inf", "finite"),
        ("undercurrent.parochialism:", "'x'", "number"),
        ("measures.monitoring:", "nan", "finite"),
        ("measures.thinning:", "-0.1", "at least 0"),
        (f"parameters.{ONE}:", "out of range", f"{LOW:g} to {HIGH:g}"),
        (f"parameters.{OTHER}:", "nan", "not a number"),
        ("lang:", "'fr'", "'nl', 'en'"),
        ("record:", "'most'", "'runs'", "'series'", "'all'"),
        ("overwrite:", "'maybe'", "true or false"),
        ("out:", "null", "folder"),
        ("progress:", "'loud'", "'auto', 'off'"),
        ("replicates_per_draw:", "true", "whole number"),
        ("undercurrent_replicates:", "-1", "at least 0"),
        ("figures:", "3", "true or false"),
    )


def test_unknown_names_get_the_nearest_one() -> None:
    found = problems(
        "compare",
        "sed=3", "negativity=0.3", "undercurrent.negativty=0.3", f"parameters.{ONE}x=0.05", "measures.monitorin=1",
        "scenario=water_criss", "undercurrent=strng", "parameters=plausibel", "designs=[regiobureua,status_quo]",
        "+replicats=3", "+parameters.nonsense=1", "governance=regiobureau",
    )  # fmt: skip
    expect(
        found,
        ("sed:", "did you mean 'seed'"),
        ("negativity:", "did you mean 'undercurrent.negativity'"),
        ("undercurrent.negativty:", "did you mean 'undercurrent.negativity'"),
        (f"parameters.{ONE}x:", f"did you mean 'parameters.{ONE}'"),
        ("measures.monitorin:", "did you mean 'measures.monitoring'"),
        ("scenario:", "'water_criss'", "did you mean 'water_crisis'"),
        ("undercurrent:", "'strng'", "did you mean 'strong'"),
        ("parameters:", "'plausibel'", "did you mean 'plausible'"),
        ("designs:", "'regiobureua'", "did you mean 'regiobureau'"),
        ("replicats:", "did you mean 'replicates'"),
        ("parameters.nonsense:", "unknown parameter"),
        ("governance:", "compare takes designs=[a,b]"),
    )


def test_a_name_with_nothing_near_gets_the_list() -> None:
    (text,) = problems("run", "governance=zzz")
    assert all(name in text for name in design_names())


def test_lists_of_designs() -> None:
    expect(problems("compare", "designs=[regio_deal,status_quo,regio_deal]"), ("designs:", "'regio_deal'", "2 times"))
    expect(problems("compare", "designs=[all,regio_deal]"), ("designs:", "'regio_deal'", "2 times"))
    expect(problems("compare", "designs=[]"), ("designs:", "designs=[a,b]"))
    expect(problems("compare", "founding=atonce"), ("founding:", "'atonce'", "did you mean 'at_once'?", "'both'"))
    for command in ("run", "sweep", "sensitivity", "patterns"):
        expect(problems(command, "founding=both"), ("founding:", "'both'", "allowed: 'vote', 'at_once'"))
    expect(problems("compare", "designs=[3]"), ("designs:", "3", "not a design"))
    expect(problems("compare", "designs=5"), ("designs:", "5", "designs=[a,b]"))


def test_an_unknown_key_with_keys_below_it_is_not_among_the_known() -> None:
    (text,) = problems("compare", "+vary.seed=1")
    assert text.startswith("vary: unknown key; known: coding, designs, figures")
    assert " vary" not in text


def test_grammar() -> None:
    found = problems("region", "seed", "designs=[a", "=3", "+seed=3", "~nothing", "seed=1,2", "lang.x=3", "~progress")
    expect(
        found,
        ("'seed'", "KEY=VALUE"),
        ("designs=[a", "cannot be read"),
        ("'=3'", "KEY=VALUE"),
        ("+seed", "without +"),
        ("nothing", "unknown key"),
        ("seed:", "'1,2'", "--multirun"),
        ("lang.x", "did you mean 'lang'"),
        ("progress:", "missing"),
    )


@pytest.mark.parametrize(
    ("override", "fragments"),
    [
        ("time.policy_start=2050-Q1", ("2050-Q1", "2019-Q1 to 2033-Q4")),
        ("time.policy_start=2018-Q4", ("2018-Q4", "2019-Q1 to 2033-Q4")),
        ("time.end=2018-Q4", ("time.end=2018-Q4", "after")),
        ("time.end=2030", ("'2030'", "2024-Q1")),
        ("time.start=2020-Q5", ("'2020-Q5'", "2024-Q1")),
        ("time.end=2990-Q1", ("quarters", "at most")),
        ("time=3", ("3", "time.KEY=VALUE")),
        ("undercurrent=0.5", ("unknown undercurrent '0.5'", "absent")),
        ("seed=${nothing}", ("nothing",)),
        ("+command=run", ("command", "remove")),
        ("hydra/launcher=nothing", ("unknown launcher 'nothing'", "basic")),
        ("~scenario", ("scenario", "missing")),
        ("scenario.from_policy_start.shocks=-1", ("from_policy_start.shocks", "-1")),
        ("region=teaching", ("region", "'teaching' has no patterns", "region=zuid_limburg")),
        ("measures.foo=1", ("measures.foo", "known in measures: binding_agreements, ")),
        ("parameters.nope=1", ("parameters.nope", "known in parameters: ")),
        ("time.foo=1", ("time.foo", "known in time: end, policy_start, start")),
        ("region.themes.housng.money=1", ("did you mean 'region.themes.housing.money'?",)),
        ("seed.x=1", ("seed.x", "did you mean 'seed'? it has no keys below it")),
        ("measure=monitoring", ("measure:", "measures.NAME=0.5")),
        ("measures=monitoring", ("measures:", "'monitoring'", "measures.NAME=0.5")),
        (f"seed={'[' * 3000}", ("cannot be read",)),
    ],
)
def test_one_problem(override: str, fragments: tuple[str, ...]) -> None:
    expect(problems("patterns", override), fragments)


def test_fields_of_a_design() -> None:
    found = problems("run", "governance.payoff.binding=3", "governance.payof.binding=1", "replicates=3", "designs=[a]")
    expect(
        found,
        ("status_quo", "payoff.binding", "3", "at most 1"),
        ("governance.payof.binding", "did you mean 'governance.payoff.binding'"),
        ("replicates", "replicate=NUMBER"),
        ("designs", "governance=NAME"),
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("governance.scope.themes=housing", ("'housing' is not allowed", "allowed: 'all', or must be a list: [a, b]")),
        ("governance.scope.themes=[]", ("[] is not allowed", "name at least 1")),
        ("governance.scope.themes=[health,health]", ("name 'health' once",)),
        ("governance.scope.themes=[helth]", ("unknown theme 'helth'", "'health'")),
        ("governance.boundary.eligible=[]", ("[] is not allowed", "name at least 1")),
        ("governance.boundary.eligible=7", ("7 is not allowed", "must be text", "must be a list: [a, b]")),
        ("governance.boundary.eligible=Vaals", ("has no group 'Vaals'", "write a list: [Vaals]")),
        ("governance.boundary.eligible=[Vals,Beek]", ("has no municipality 'Vals'", "did you mean 'Vaals'?")),
        ("governance.boundary.eligible=[tripool]", ("no municipality 'tripool'", "that is a group: write the names")),
        ("governance.boundary.eligible=[all_but,Beek]", ("has no municipality 'all_but'", "did you mean 'all but'?")),
        ("governance.boundary.eligible=[Beek,all but]", ("write 'all but' first: [all but, NAME]",)),
        ("governance.boundary.eligible=[all but]", ("name whom to leave out: [all but, NAME]",)),
        ("governance.boundary.eligible=[all but,Beek,Beek]", ("name 'Beek' once",)),
        ("governance.boundary.eligible=[Beek]", ("2 members are needed, 1 municipalities are eligible",)),
        ("governance.scope.max_open=20", ("scope.max_open: 20 initiatives at once", "8 themes", "write at most 8")),
        ("governance.position.board=centre", ("'centre' is not allowed", "did you mean 'centres'?", "a list: [a, b]")),
        ("governance.position.board=[Maastrict]", ("position.board: the region", "did you mean 'Maastricht'?")),
        ("governance.position.board_partners=2", ("no municipality has a seat others count for nothing", ": 0")),
        ("governance.position.board_province=9", ("9 is not allowed", "must be at most 8")),
        ("governance.position=null", ("position: is empty", "leave it out")),
        ("governance.name='My Design'", ("'My Design' is not allowed", "lower case letters, digits and underscores")),
        ("governance.scope.successor=nowhere", ("unknown design 'nowhere'", "shipped designs, not a file of your own")),
        ("governance.boundary.min_members=17", ("17 members are needed, 16 municipalities are eligible",)),
    ],
)
def test_a_design_is_refused_in_our_words(value: str, words: tuple[str, ...]) -> None:
    found = [text for text in problems("run", value) if not text.startswith("governance: ")]
    expect(found, words)
