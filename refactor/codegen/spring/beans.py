"""Beans across parts: the generated configuration that declares the beans of other parts, and the list of those a part shares.

before: transfers has `@Autowired AccountService accounts`, and accounts owns the class
after:  bean("accounts", "accountService", "bank.accounts.AccountService").add();    in RemoteBeans of transfers
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from refactor.codegen.names import fresh
from refactor.codegen.spring.imports import indent
from refactor.codegen.spring.literals import annotation, string
from refactor.codegen.spring.world import World
from refactor.flow.facts import Facts, annotated, index
from refactor.frameworks.knowledge import container
from refactor.frameworks.model import Bean, BeanFacts
from refactor.frameworks.spring import remote_beans, spring_beans
from refactor.ir.symbols import ClassSymbol, Flags
from refactor.isolate.plan import HOME, PartPlan


@dataclass(frozen=True, slots=True)
class BeanWorld:
    """What every part needs of the others' beans. `application`: the class that every part starts, None without a container."""

    facts: Facts
    found: BeanFacts
    remote: dict[str, tuple[tuple[Bean, str], ...]]
    application: str | None
    package: str

    def shared(self, part: str) -> tuple[str, ...]:
        """The names of the beans of `part` that other parts declare."""
        return tuple(sorted({b.name for found in self.remote.values() for b, home in found if home == part}))


def bean_world(world: World) -> BeanWorld:
    """before: a World   after: its beans, found once"""
    known = world.memo.get("beans")
    if known is None:
        known = world.memo["beans"] = _bean_world(world)
    return cast(BeanWorld, known)


def _bean_world(world: World) -> BeanWorld:
    facts = index(world.program)
    found = spring_beans(facts)
    started = [a for a in found.applications if world.is_replicated(a.cls)]
    remote: dict[str, tuple[tuple[Bean, str], ...]] = {}
    for part in world.plan.parts:
        code = {*part.owned, *part.replicas, *(t.name for t in world.plan.tests if part.name in t.placements)}
        remote[part.name] = remote_beans(found, facts, part.name, code, lambda cls: home(world, cls)) if started else ()
    first = started[0] if started else None
    return BeanWorld(facts, found, remote, first.cls if first else None, first.packages[0] if first else "")


def home(world: World, cls: str) -> str | None:
    """The part whose container makes the beans that a class declares; None where every container makes its own."""
    return world.owner(cls) or dict(world.plan.options).get(f"{HOME}{cls}")


NOT_IMPLEMENTED = "org.springframework.data.repository.NoRepositoryBean"


def is_repository(world: World, cls: ClassSymbol) -> bool:
    """Whether Spring Data would implement an interface of this text where it finds it."""
    return bool(container().repositories & world.hierarchy.supertypes(cls.name)) and annotated(cls, container().not_repositories) is None


def starts_by_main(world: World, cls: str) -> bool:
    """Whether generated code of another package can call the application's own main method."""
    symbol = world.program.classes[cls]
    return bool(symbol.flags & Flags.PUBLIC) and any(
        m.name == "main" and m.flags & Flags.PUBLIC and m.flags & Flags.STATIC and m.descriptor == "([Ljava/lang/String;)V"
        for m in symbol.methods
    )


def controllers(world: World, part: PartPlan) -> tuple[str, ...]:
    """The classes of a part that answer web requests."""
    found = (c for top in part.owned for c in world.program.members_of(top))
    return tuple(sorted(c.name for c in found if annotated(c, container().controllers)))


def configuration_name(world: World) -> str:
    """The simple name of the generated configuration: one that the application does not use in this package."""
    package = bean_world(world).package
    taken = {c.simple_name for c in world.program.classes.values() if c.package == package}
    return fresh("RemoteBeans", taken)


def configuration(world: World) -> str:
    """The binary name of the generated configuration."""
    package = bean_world(world).package
    return f"{package}.{configuration_name(world)}" if package else configuration_name(world)


def configuration_source(world: World, part: PartPlan) -> str:
    """The text of the configuration of one part. Deterministic."""
    beans = bean_world(world)
    name = configuration_name(world)
    plain = [_declaration(bean, home) for bean, home in beans.remote[part.name] if not bean.conditions]
    groups: dict[tuple[str, ...], list[str]] = {}
    for bean, home in beans.remote[part.name]:
        if bean.conditions:
            groups.setdefault(tuple(annotation(c) for c in bean.conditions), []).append(_declaration(bean, home))
    body = plain or ["// Nothing here asks for a bean of another part." if not groups else "// What there is depends on the settings."]
    lines = [
        f"package {beans.package};",
        "",
        "import org.springframework.context.annotation.Configuration;",
        "import org.springframework.context.annotation.Import;",
        "import refactor.runtime.spring.RemoteBeanRegistrar;",
        "",
        f'/** Beans that live in other parts and are injected into code of "{part.name}": proxies, looked up at their first use. */',
        "@Configuration(proxyBeanMethods = false)",
        f"@Import({name}.Declared.class)",
        f"public class {name} {{",
        "    /** Each by its part, its name there, and the class that it is known by. */",
        *_registrar(body),
    ]
    for at, conditions in enumerate(sorted(groups), 1):
        lines += [
            "",
            "    /** There under the same conditions as in their own part. */",
            "    @Configuration(proxyBeanMethods = false)",
            *(f"    {c}" for c in conditions),
            f"    @Import({name}.When{at}.Declared.class)",
            f"    static class When{at} {{",
            *(f"    {line}" for line in _registrar(groups[conditions])),
            "    }",
        ]
    lines.append("}")
    return "\n".join(lines if beans.package else lines[2:]) + "\n"


def _registrar(body: list[str]) -> list[str]:
    return [
        "    static final class Declared extends RemoteBeanRegistrar {",
        "        @Override",
        "        protected void declare() {",
        *indent(body, 3),
        "        }",
        "    }",
    ]


def _declaration(bean: Bean, home: str) -> str:
    traits = [
        ".primary()" if bean.primary else "",
        *(f".qualifier({string(q)})" for q in bean.qualifiers),
        f".order({bean.order})" if bean.order is not None else "",
        *(f".profile({', '.join(string(w) for w in words)})" for words in bean.profiles),
        f".alias({', '.join(string(a) for a in bean.aliases)})" if bean.aliases else "",
        ".prototype()" if bean.scope == "prototype" else "",
    ]
    arguments = ", ".join(string(text) for text in (home, bean.name, bean.type))
    return f"bean({arguments}){''.join(traits)}.add();"
