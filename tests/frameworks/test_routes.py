"""Controllers by path, and where tests that look behind a response run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.flow.facts import index
from refactor.frameworks.routes import answering
from refactor.ir.program import Program
from refactor.isolate.legalise import legalise
from refactor.isolate.plan import DRIVER

Spring = Callable[..., Program]
WEB = {
    "a.App": "@SpringBootApplication public class App {}",
    "a.Owners": """@Controller @RequestMapping("/owners") public class Owners {
        int n; @GetMapping("/{id}") void one() { n++; } @GetMapping void all() {} }""",
    "b.Vets": '@Controller public class Vets { int n; @GetMapping(path = {"/vets", "/vets.*"}) void all() { n++; } }',
    "b.ModelTest": """@SpringBootTest public class ModelTest {
        @Test void shows() { Object found = MvcResult.of("/vets").getModelAndView(); } }""",
    "b.BodyTest": """@SpringBootTest public class BodyTest {
        @Test void answers() { Object found = MvcResult.of("/vets").getResponse(); } }""",
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/owners/7", ("a.Owners",)),
        ("/owners", ("a.Owners",)),
        ("/owners?lastName=x", ("a.Owners",)),
        ("/app/owners/{ownerId}", ("a.Owners",)),
        ("/vets.json", ("b.Vets",)),
        ("/nowhere/at/all", ("a.Owners", "b.Vets")),
    ],
)
def test_controllers_that_may_answer(spring: Spring, path: str, found: tuple[str, ...]) -> None:
    assert answering(index(spring(WEB)), [path]) == found


def test_a_test_that_looks_at_the_model_runs_with_the_handler(spring: Spring) -> None:
    program = spring(WEB)
    given = {n: n[0] for n, c in program.classes.items() if c.outer is None and not n.endswith("Test")}
    plan = legalise(program, given)
    assert not plan.refusals
    assert {t.name: t.placements for t in plan.tests} == {"b.ModelTest": ("b",), "b.BodyTest": (DRIVER,)}
