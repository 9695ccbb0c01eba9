"""Every symbol of a formula stands in the table of the notation page."""

import re

import pytest
from support import NOTEBOOKS, ROOT, cells_of

TABLE = (ROOT / "book" / "appendix" / "notation.md").read_text(encoding="utf-8").split("## Glossary")[0]
FORMULA = re.compile(r"\$\$(.*?)\$\$|\$([^$]+)\$", re.DOTALL)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname|texttt|textbf|begin|end)\*?\{[^}]*\}|```.*?```|`[^`]*`", re.DOTALL)
SYMBOL = re.compile(r"\\(?:alpha|beta|gamma|delta|varepsilon|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|varphi|"
                    r"phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Sigma|Phi|Psi|Omega|ell|nabla|varnothing)(?![A-Za-z])"
                    r"|(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])")
IN_PROOFS = {"A", "B", "P", "U"}  # explained where they stand


def symbols(text: str) -> set[str]:
    formulas = (first or second for first, second in FORMULA.findall(text))
    return {symbol for formula in formulas for symbol in SYMBOL.findall(WORDS.sub(" ", formula))}


@pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: page.stem[:5])
def test_every_symbol_of_a_formula_is_in_the_table(page):
    used = symbols("\n".join(cell.source for cell in cells_of(page, "markdown")))
    assert used - IN_PROOFS <= symbols(TABLE), used - IN_PROOFS - symbols(TABLE)


def test_a_symbol_that_is_missing_is_seen():
    assert symbols(r"We take $\kappa = 2 \cdot \text{rate}$ and $$ Y_i = \log z $$.") == {r"\kappa", "Y", "i", "z"}
