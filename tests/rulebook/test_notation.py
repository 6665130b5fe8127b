"""Which symbols are found in LaTeX."""

from __future__ import annotations

import pytest

from bresim.rulebook import symbols_in, undeclared


@pytest.mark.parametrize(
    ("latex", "found"),
    [
        (r"\tau_{ij}' + \tau_{ji}", {r"\tau"}),
        (r"\bar\tau_i + \bar{\tau}_j", {r"\bar{\tau}"}),
        (r"r_{\mathrm{law}} d_{0,i} x_{k\mathrm{R}i}", {r"r_\mathrm{law}", "d_0", r"x_\mathrm{R}"}),
        (r"M_{\mathrm{c},ak} \setminus M_{ak}", {r"M_\mathrm{c}", "M"}),
        (r"\bar n_{ak}^{\,\eta} Z_{t+1}", {r"\bar{n}", r"\eta", "Z"}),
        (r"\sum_{j \in E_a} \tau_{ij}", {r"\tau", "E", "j"}),
        (r"\Pr(\text{yes}_i) = \sigma(\mathrm{equal\ say})", {r"\sigma", r"\mathrm{equal\ say}"}),
        (r"\begin{cases} \kappa & \text{if } a \\ 0 \end{cases}", {r"\kappa", "a"}),
        (r"e^{-r_A}", {"e", "r_A"}),
    ],
)
def test_symbols(latex: str, found: set[str]) -> None:
    assert symbols_in(latex) == found


def test_what_no_rule_declares() -> None:
    assert undeclared(r"\sigma(b_0 + b_u u_{ik})\, [U < x]", {"b_0", "u"}) == {"b_u", "x"}


def test_an_open_brace_is_told() -> None:
    with pytest.raises(ValueError, match="brace"):
        symbols_in(r"\mathrm{open")
