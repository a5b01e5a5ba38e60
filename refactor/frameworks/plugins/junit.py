"""JUnit 3, 4, 5 and TestNG: tests, their life cycle, sources of arguments; mocks of Mockito."""

from __future__ import annotations

from refactor.frameworks.plugins.names import is_made, mark, words
from refactor.ir.statements import Invoke
from refactor.ir.symbols import ClassSymbol, Flags, MethodSymbol, Param
from refactor.ir.types import ClassType, erase
from refactor.pointsto.plugin import Feed, Plugin, Ref

_CALLED = frozenset(
    f"{package}.{name}"
    for package, names in {
        "org.junit": ("Test", "Before", "After", "BeforeClass", "AfterClass"),
        "org.junit.jupiter.api": ("Test", "BeforeEach", "AfterEach", "BeforeAll", "AfterAll", "TestFactory"),
        "org.junit.jupiter.params": ("ParameterizedTest",),
        "org.junit.runners": ("Parameterized$Parameters",),
        "org.testng.annotations": ("Test", "BeforeMethod", "AfterMethod", "BeforeClass", "AfterClass", "BeforeSuite", "DataProvider"),
        "org.springframework.test.context": ("DynamicPropertySource",),
    }.items()
    for name in names
) | {"org.junit.jupiter.api.RepeatedTest", "org.junit.jupiter.api.TestTemplate"}
_SOURCE = frozenset({"org.junit.jupiter.params.provider.MethodSource"})
_PROVIDED = "org.junit.jupiter.params.provider.ArgumentsSource"
_EXTENSION = "org.junit.jupiter.api.extension.Extension"
_JUPITER = "org.junit.jupiter."
_CASE = "junit.framework.TestCase"
_MOCK = frozenset(
    {
        "org.mockito.Mock",
        "org.mockito.Spy",
        "org.springframework.boot.test.mock.mockito.MockBean",
        "org.springframework.boot.test.mock.mockito.SpyBean",
        "org.springframework.test.context.bean.override.mockito.MockitoBean",
    }
)
_INJECT = frozenset({"org.mockito.InjectMocks"})
_FACTORIES = ("mock", "spy")


class Tests(Plugin):
    """before: test classes   after: an object of each, and its methods as entry points"""

    name = "tests"

    def facts(self, feed: Feed) -> None:
        self._extensions(feed)
        for cls in feed.classes():
            if not is_made(cls):
                continue
            old = _CASE in feed.supertypes(cls.name)
            methods = feed.methods(cls.name)
            called = [m for m in methods if mark(m, _CALLED)]
            if old:
                called += [m for m in methods if m.name.startswith("test") or m.name in ("setUp", "tearDown", "suite")]
            if not called:
                continue
            ref = feed.object(cls.name)
            self._enclosing(feed, cls, ref)
            feed.construct(ref, cls.name)
            self._mocks(feed, cls, ref)
            for method in dict.fromkeys(called):
                given = self._sources(feed, cls, ref, method, methods)
                feed.run(method, f"the test {cls.name}.{method.name}", ref, [self._argument(feed, p, given) for p in method.params])

    @staticmethod
    def _sources(feed: Feed, cls: ClassSymbol, ref: Ref, method: MethodSymbol, methods: list[MethodSymbol]) -> list[Ref]:
        """What the methods and providers give that a parameterised test names."""
        reason = f"arguments of {cls.name}.{method.name}"
        source = mark(method, _SOURCE)
        names = words(source.value()) or [method.name] if source is not None else []
        given = [feed.run(each, reason, ref) for each in methods if each.name in names and each.key != method.key]
        for annotation in method.annotations:
            value = annotation.value() if annotation.name == _PROVIDED else None
            if isinstance(value, ClassType) and value.name in feed.program.classes:
                provider = feed.object(value.name)
                feed.construct(provider, value.name)
                given += [feed.run(each, reason, provider) for each in feed.overrides(value.name, _JUPITER)]
        return given

    @staticmethod
    def _argument(feed: Feed, param: Param, given: list[Ref]) -> Ref | None:
        """What a parameter of a test may get: by its type, or out of the rows of its sources, or a row itself."""
        made, type_ = feed.made(param.type), erase(param.type)
        if made is None or not given:
            return made
        group = feed.group()
        feed.flow(made, group)
        wanted = type_.name if isinstance(type_, ClassType) else None
        for rows in given:
            row = feed.fetch(rows, "[]")
            values = feed.fetch(row, "<any>")
            for source in (row, feed.fetch(row, "[]"), values, feed.fetch(values, "[]")):
                feed.flow(source, group, wanted)
        return group

    @staticmethod
    def _extensions(feed: Feed) -> None:
        """Classes that extend the test engine: it makes them and calls what they override."""
        for cls in feed.classes():
            if is_made(cls) and _EXTENSION in feed.supertypes(cls.name):
                ref = feed.object(cls.name)
                feed.construct(ref, cls.name)
                for method in feed.overrides(cls.name, _JUPITER):
                    feed.run(method, f"an extension of tests: {cls.name}.{method.name}", ref)

    def _enclosing(self, feed: Feed, cls: ClassSymbol, ref: Ref) -> None:
        """A nested test class has an instance of the class around it."""
        if cls.outer is not None and not cls.flags & Flags.STATIC:
            outer = feed.object(cls.outer)
            feed.put(ref, f"outer {cls.name}", outer)

    def _mocks(self, feed: Feed, cls: ClassSymbol, ref: Ref) -> None:
        mocks: dict[str, Ref] = {}
        for field in cls.fields:
            type_ = erase(field.type)
            if mark(field, _MOCK) and isinstance(type_, ClassType):
                mocks[type_.name] = feed.object(type_.name, "mock", automatic=True, proxy=True)
                feed.put(ref, field.key, mocks[type_.name])
        for field in cls.fields:
            type_ = erase(field.type)
            if mark(field, _INJECT) and isinstance(type_, ClassType) and type_.name in feed.program.classes:
                made = feed.object(type_.name, f"of {cls.name}")
                feed.put(ref, field.key, made)
                symbol = feed.program.classes[type_.name]
                constructors = [m for m in symbol.methods if m.is_constructor]
                chosen = max(constructors, key=lambda m: len(m.params), default=None)
                args = [mocks.get(getattr(erase(p.type), "name", "")) for p in chosen.params] if chosen is not None else None
                feed.construct(made, type_.name, args, chosen)
                for inner in symbol.fields:
                    mock = mocks.get(getattr(erase(inner.type), "name", ""))
                    if mock is not None:
                        feed.put(made, inner.key, mock)

    def answer(self, feed: Feed, call: Invoke) -> list[Ref] | None:
        """`mock(Type.class)` gives an object that answers every method by its type."""
        owner, _, rest = (call.method or "").partition("#")
        if owner != "org.mockito.Mockito" or rest.partition("(")[0] not in _FACTORIES or call.target is None:
            return None
        type_ = erase(call.target.type)
        if not isinstance(type_, ClassType):
            return None
        return [feed.object(type_.name, "mock", automatic=True, proxy=True)]
