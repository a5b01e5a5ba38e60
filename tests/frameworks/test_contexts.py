"""Tests whose contexts are not like those of the services: said, since it cannot be kept."""

from __future__ import annotations

from collections.abc import Callable

from refactor.ir.program import Program
from refactor.isolate.legalise import legalise

Spring = Callable[..., Program]


def test_settings_of_one_context_are_warned_about(spring: Spring) -> None:
    marks = {
        "org.springframework.test.context.ActiveProfiles": "public @interface ActiveProfiles { String[] value(); }",
        "org.springframework.test.annotation.DirtiesContext": "public @interface DirtiesContext {}",
    }
    program = spring(
        {
            "a.App": "@SpringBootApplication public class App {}",
            "a.Keep": "@Component public class Keep { int n; public int keep() { return n++; } }",
            "b.Sum": "@Component public class Sum { int n; @Autowired a.Keep keep; public int f() { return n++; } }",
            "a.ProfileTest": '@SpringBootTest @ActiveProfiles("x") public class ProfileTest { @Test void t() {} }',
            "a.FreshTest": "@SpringBootTest @DirtiesContext public class FreshTest { @Test void t() {} }",
            "a.PlainTest": "@SpringBootTest public class PlainTest { @Test void t() {} }",
        },
        marks,
    )
    plan = legalise(program, {n: n[0] for n, c in program.classes.items() if c.outer is None and not n.endswith("Test")})
    said = {(w.id, w.message.partition(" has ")[0].partition(" asks ")[0]) for w in plan.warnings}
    assert ("isolate/test-settings", "the context of a.ProfileTest") in said
    assert ("isolate/context-kept", "a.FreshTest") in said
    assert not any("PlainTest" in message for _, message in said)


def test_beans_that_nobody_starts_are_warned_about(spring: Spring) -> None:
    program = spring(
        {
            "a.Keep": "@Component public class Keep { int n; public int keep() { return n++; } }",
            "b.Sum": "@Component public class Sum { int n; @Autowired a.Keep keep; public int f() { return n++; } }",
        }
    )
    plan = legalise(program, {n: n[0] for n in program.classes})
    assert [w.id for w in plan.warnings if w.id == "isolate/container-not-started"] == ["isolate/container-not-started"]
