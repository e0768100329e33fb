"""Our compiler of templates renders what Jinja's own does."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment
from policybook.output.html.templating import TemplateEnvironment

MACROS = """
{%- macro plain(a, b="<b>") %}[{{ a }}|{{ b }}]{% endmacro -%}
{%- macro listed(a) %}[{{ a }}|{{ varargs | join(", ") }}]{% endmacro -%}
{%- macro named(a) %}[{{ a }}|{{ kwargs["c"] }}]{% endmacro -%}
"""


@pytest.mark.parametrize(
    "call",
    [
        '{{ plain("<a>") }}',
        '{{ plain("<a>", 2) }}',
        '{{ plain(b=1, a="&") }}',
        '{{ listed("a") }}',
        '{{ listed("a", "<b>", "c") }}',
        '{{ named("a", c="<c>") }}',
    ],
)
def test_macros_are_those_of_jinja(call: str) -> None:
    """With defaults, and with more arguments than are declared."""
    templates = {
        "partials/macros": MACROS,
        "pages/page": f'{{% from "partials/macros" import plain, listed, named %}}{call}',
    }
    ours, jinja = (
        kind(loader=DictLoader(templates), autoescape=True).get_template("pages/page").render()
        for kind in (TemplateEnvironment, Environment)
    )
    assert ours == jinja
    assert ours.startswith("[")
