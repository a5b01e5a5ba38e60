"""Beans that exist under conditions, that factories make, that are looked up by name: each known in other parts, or kept where they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.codegen.spring.beans import configuration_source
from refactor.codegen.spring.edits import plan_edits
from refactor.codegen.spring.world import world
from refactor.ir.program import Program
from refactor.isolate.legalise import LegaliseOptions, legalise
from tests.frameworks.test_events import refused, ties

Spring = Callable[..., Program]

APP = {
    "a.App": "@SpringBootApplication(scanBasePackages = {\"a\", \"b\"}) public class App {}",
    "a.Mail": "public interface Mail { String send(); }",
    "a.Keep": "@Component public class Keep { int n; public int keep() { return n++; } }",
    "a.Use": "@Component public class Use { int n; Use(Mail mail) { n++; } public int f() { return n++; } }",
    "b.Paper": "@Component public class Paper implements a.Mail { int n; public String send() { return \"\" + n++; } }",
}  # fmt: skip
SAID = '@Component @ConditionalOnProperty(name = "mail", havingValue = "%s") public class %s implements a.Mail { int n; %s }'
SEND = 'public String send() { return "" + n++; }'
PLAIN = f"public class Paper implements a.Mail {{ int n; {SEND} }}"
FACTORY = "@Component public class Made implements FactoryBean<a.Mail> { int n; public a.Mail getObject() { n++; return null; } }"


def declared(program: Program, part: str = "a") -> str:
    given = {n: n[0] for n, c in program.classes.items() if c.outer is None and not n.endswith("Test")}
    plan = legalise(program, given, LegaliseOptions(pins=frozenset(given)))
    assert not plan.refusals, plan.refusals
    indexed = world(program, plan_edits(program, plan))
    return configuration_source(indexed, indexed.parts[part])


def test_conditions_on_settings_are_repeated(spring: Spring) -> None:
    program = spring({**APP, "b.Paper": SAID % ("paper", "Paper", SEND), "b.Wire": SAID % ("wire", "Wire", SEND)})
    text = declared(program)
    for name, bean in (("paper", "Paper"), ("wire", "Wire")):
        condition = f'@org.springframework.boot.autoconfigure.condition.ConditionalOnProperty(name = {{"mail"}}, havingValue = "{name}")'
        after = text[text.index(condition) :]
        assert after[after.index("bean(") :].startswith(f'bean("b", "{name}", "b.{bean}").add();')


def test_conditions_of_a_configuration_hold_for_its_beans(spring: Spring) -> None:
    wires = {
        "b.Wires": '@Configuration @ConditionalOnProperty(name = "mail") public class Wires { int n;\n'
        "    @Bean a.Mail wire() { n++; return () -> \"\"; } }",
        "b.Paper": "public class Paper {}",
    }  # fmt: skip
    text = declared(spring({**APP, **wires}))
    assert text.index('ConditionalOnProperty(name = {"mail"})') < text.index('bean("b", "wire", "a.Mail")')


def test_what_a_factory_makes_goes_by_its_name(spring: Spring) -> None:
    program = spring({**APP, "b.Paper": "public class Paper {}", "b.Made": FACTORY})
    assert 'bean("b", "made", "a.Mail").add();' in declared(program)


def test_a_name_put_together_finds_every_bean_of_what_it_is_cast_to(spring: Spring) -> None:
    use = "@Component public class Use { int n; @Autowired ApplicationContext c;\n" \
        "    String f(String kind) { n++; return ((Mail) c.getBean(kind + \"er\")).send(); } }"  # fmt: skip
    assert 'bean("b", "paper", "b.Paper").add();' in declared(spring({**APP, "a.Use": use}))
    plain = use.replace('((Mail) c.getBean(kind + "er")).send()', 'c.getBean("paper").toString()')
    assert 'bean("b", "paper", "b.Paper").add();' in declared(spring({**APP, "a.Use": plain}))


def test_an_abstract_class_whose_methods_the_container_writes(spring: Spring) -> None:
    use = "@Component public abstract class Use { int n; @Lookup abstract Mail mail(); public int f() { return n++; } }"
    assert 'bean("b", "paper", "b.Paper").add();' in declared(spring({**APP, "a.Use": use}))


def test_beans_that_expressions_name(spring: Spring) -> None:
    use = '@Component public class Use { int n; @Value("#{@paper.send()}") String s; @Value("#{other.n + 1}") int o; }'
    other = "@Component public class Other { int n; public int getN() { return n++; } }"
    text = declared(spring({**APP, "a.Use": use, "b.Other": other}))
    assert 'bean("b", "paper", "b.Paper").add();' in text
    assert 'bean("b", "other", "b.Other").add();' in text


TOGETHER = {
    "a condition that the container decides": {"b.Paper": f"@Component @ConditionalOnMissingBean {PLAIN}"},
    "a condition of code": {"b.Paper": f"@Component @Conditional(Object.class) {PLAIN}"},
    "a condition in an annotation of the program": {
        "b.Paper": f"@Component @b.Sometimes {PLAIN}", "b.Sometimes": "@Conditional(Object.class) public @interface Sometimes {}",
    },
    "lazy": {"b.Paper": f"@Component @Lazy {PLAIN}"},
    "a qualifier of the program": {
        "b.Paper": f"@Component @b.Fast {PLAIN}", "b.Fast": '@Qualifier("") public @interface Fast {}',
        "a.Use": "@Component public class Use { int n; Use(@b.Fast Mail mail) { n++; } }",
    },
    "a scope by a composed annotation": {
        "b.Paper": f"@Component @b.PerTask {PLAIN}", "b.PerTask": '@Scope("task") public @interface PerTask {}',
    },
    "a factory that says how many": {
        "b.Paper": FACTORY.replace("Made", "Paper").replace("int n;", "int n; public boolean isSingleton() { return n > 0; }"),
    },
    "something that every container runs": {
        "b.Paper": f"@Component {PLAIN}".replace("a.Mail {", "a.Mail, CommandLineRunner { public void run(String... a) { n++; } "),
    },
    "type arguments that tell beans apart": {
        "a.Use": "@Component public class Use { int n; Use(java.util.function.Supplier<String> s) { n++; } }",
        "b.Paper": "@Configuration public class Paper { int n; @Bean java.util.function.Supplier<String> s() { n++; return null; }\n"
        "    @Bean java.util.function.Supplier<Integer> i() { return null; } }",
    },
    "all of a type, in no order": {
        "a.Use": "@Component public class Use { int n; Use(List<Mail> all) { n++; } }",
        "b.Paper": f"@Component {PLAIN}", "a.Wire": PLAIN.replace("public class Paper", "@Component public class Wire"),
    },
    "all of a type by a map": {
        "a.Use": "@Component public class Use { int n; Use(Map<String, Mail> all) { n++; } }",
        "b.Paper": f"@Component {PLAIN}", "a.Wire": PLAIN.replace("public class Paper", "@Component public class Wire"),
    },
    "asked for by annotation": {
        "a.Use": "@Component public class Use { int n; @Autowired ApplicationContext c;\n"
        "    void f() { n++; c.getBeansWithAnnotation(Deprecated.class); } }",
    },
}  # fmt: skip


@pytest.mark.parametrize("case", TOGETHER)
def test_what_a_declaration_elsewhere_cannot_say_stays(spring: Spring, case: str) -> None:
    plan = refused(spring({**APP, **TOGETHER[case]}))
    assert ("a.Use", "b.Paper") in ties(plan), plan.refusals


def test_an_injection_point_without_a_candidate_is_an_error(spring: Spring) -> None:
    plan = refused(spring({**APP, "b.Paper": PLAIN, "b.Other": "@Component public class Other { int n; public int f() { return n++; } }"}))
    assert [(r.rule, r.span.file if r.span else "") for r in plan.refusals] == [("injection", "a/Use.java")]
    assert "the constructor of Use of a.Use asks for a bean of a.Mail" in plan.refusals[0].message


def test_an_injection_point_with_several_candidates_is_an_error(spring: Spring) -> None:
    wire = PLAIN.replace("public class Paper", "@Component public class Wire")
    plan = refused(spring({**APP, "b.Wire": wire}))
    assert [r.rule for r in plan.refusals] == ["injection"]
    assert "paper, wire all fit" in plan.refusals[0].message
    for said in ('@Qualifier("wire") Mail mail', "Mail wire"):
        use = APP["a.Use"].replace("Mail mail", said)
        assert refused(spring({**APP, "b.Wire": wire, "a.Use": use})).refusals == ()


def test_beans_that_code_declares_may_be_what_is_asked_for(spring: Spring) -> None:
    code = "@Component public class Reg { int n; void f(GenericApplicationContext c) { n++; c.registerBean(Paper.class); } }"
    plan = refused(spring({**APP, "b.Paper": PLAIN, "b.Reg": code}))
    assert ("a.Use", "b.Reg") in ties(plan), plan.refusals
