"""The platform's signatures against javap, which reads them with the JDK's own code."""

from __future__ import annotations

import re
import subprocess

import pytest

from refactor.frontend.java.library import JavaLibrary
from refactor.ir.symbols import ClassSymbol, Flags, MethodSymbol, Origin, TypeParam
from refactor.ir.types import ArrayType, ClassType, IntersectionType, PrimitiveType, Type, TypeVar, WildcardType

PACKAGES = {
    "java.lang": "Object String Enum Class Iterable Comparable Math Thread Integer StringBuilder ProcessHandle Module",
    "java.util": "List ArrayList Map HashMap TreeMap Collections Arrays "
    "Optional Objects Map$Entry AbstractMap$SimpleEntry EnumMap Comparator Spliterator$OfInt",
    "java.util.concurrent": "ConcurrentHashMap CompletableFuture ExecutorService TimeUnit",
    "java.util.function": "Function BiFunction BinaryOperator Supplier ToIntFunction UnaryOperator",
    "java.util.stream": "Stream Collectors Collector IntStream BaseStream Stream$Builder",
    "java.io": "InputStream PrintStream",
    "java.nio.file": "Files",
    "java.nio": "ByteBuffer",
    "java.time": "LocalDate Duration",
    "java.math": "BigDecimal",
    "java.net.http": "HttpClient",
    "java.sql": "Connection",
    "javax.sql": "DataSource",
    "java.util.logging": "Logger",
    "org.w3c.dom": "Node",
    "java.lang.invoke": "MethodHandle",
}
CLASSES = [f"{package}.{name}" for package, names in PACKAGES.items() for name in names.split()]


@pytest.fixture(scope="module")
def library() -> JavaLibrary:
    return JavaLibrary([], 17)


def text(type_: Type) -> str:
    match type_:
        case PrimitiveType(name) | TypeVar(name, _, _):
            return name
        case ClassType(name, args):
            return name.replace("$", ".") + (f"<{', '.join(map(text, args))}>" if args else "")
        case ArrayType(element):
            return text(element) + "[]"
        case WildcardType(None, None):
            return "?"
        case WildcardType(upper, None):
            return f"? extends {text(upper)}"
        case WildcardType(_, lower):
            return f"? super {text(lower)}"
        case IntersectionType(parts):
            return " & ".join(map(text, parts))
    raise AssertionError(type_)


def params_text(params: tuple[TypeParam, ...]) -> str:
    found = []
    for p in params:
        found.append(p.name + (" extends " + " & ".join(map(text, p.bounds)) if p.bounds else ""))
    return f"<{', '.join(found)}>" if found else ""


def method_text(symbol: ClassSymbol, method: MethodSymbol) -> str:
    """As javap writes it, without modifiers."""
    params = [text(p.type) for p in method.params]
    if method.flags & Flags.VARARGS:
        params[-1] = params[-1].removesuffix("[]") + "..."
    generic = params_text(method.type_params) + " " if method.type_params else ""
    name = symbol.name.replace("$", ".") if method.is_constructor else f"{text(method.result)} {method.name}"
    throws = " throws " + ", ".join(map(text, method.throws)) if method.throws else ""
    return f"{generic}{name}({', '.join(params)}){throws}".strip()


_MODIFIERS = re.compile(r"^((public|protected|private|static|final|abstract|synchronized|native|default|strictfp|volatile|transient) )*")


def javap(*classes: str) -> dict[str, list[tuple[str, str]]]:
    """class -> (declaration without modifiers, descriptor) of its protected and public members that are not synthetic."""
    out = subprocess.run(["javap", "-v", "-protected", *classes], check=True, capture_output=True, text=True).stdout
    found: dict[str, list[tuple[str, str]]] = {}
    members: list[tuple[str, str]] = []
    names = iter(classes)
    declaration = ""
    for line in out.splitlines():
        if line == "{":
            members = found[next(names)] = []
        elif line.startswith("    descriptor: "):
            members.append((declaration, line.removeprefix("    descriptor: ")))
        elif line.startswith("    flags: ") and "ACC_SYNTHETIC" in line:
            members.pop()
        elif line.startswith("  ") and line[2] != " ":
            declaration = _MODIFIERS.sub("", line.strip().removesuffix(";"))
    return found


def as_the_ir_has_it(declaration: str) -> str:
    """No arguments of an outer class (Outer<A>.Inner is Outer.Inner), no bound Object of a variable; javap mixes `$` and `.`."""
    declaration = re.sub(r"(?<!\?) extends java\.lang\.Object(?=[,>])", "", declaration.replace("$", "."))
    return re.sub(r"<[^<>]*>\.(?!\.)", ".", declaration)


def test_generic_signatures_are_those_that_javap_shows(library: JavaLibrary) -> None:
    checked = 0
    for name, members in javap(*CLASSES).items():
        symbol = library.find(name)
        assert symbol is not None, name
        visible = [m for m in symbol.methods if m.flags & (Flags.PUBLIC | Flags.PROTECTED)]
        ours = {(method_text(symbol, m), m.descriptor) for m in visible}
        theirs = {(as_the_ir_has_it(d), s) for d, s in members if s.startswith("(") and d != "{}"}
        assert theirs == ours, name
        checked += len(ours)
    assert checked > 1500


def test_fields_are_those_that_javap_shows(library: JavaLibrary) -> None:
    classes = ("java.lang.Integer", "java.util.concurrent.TimeUnit", "java.math.BigDecimal", "java.io.FilterReader")
    for name, members in javap(*classes).items():
        symbol = library.find(name)
        assert symbol is not None
        ours = {(f"{text(f.type)} {f.name}", f.key.rpartition(":")[2]) for f in symbol.fields if f.flags & (Flags.PUBLIC | Flags.PROTECTED)}
        assert ours == {(d, s) for d, s in members if not s.startswith("(")}


def test_grouping_by(library: JavaLibrary) -> None:
    collectors = library.find("java.util.stream.Collectors")
    assert collectors is not None
    function, collector = "Ljava/util/function/Function;", "Ljava/util/stream/Collector;"
    method = collectors.method("groupingBy", f"({function}Ljava/util/function/Supplier;{collector}){collector}")
    assert method is not None
    assert [p.name for p in method.type_params] == ["T", "K", "D", "A", "M"]
    variables = {p.name: TypeVar(p.name, method.key) for p in method.type_params}
    assert method.type_params[4].bounds == (ClassType("java.util.Map", (variables["K"], variables["D"])),)
    assert [p.type for p in method.params] == [
        ClassType("java.util.function.Function", (WildcardType(lower=variables["T"]), WildcardType(upper=variables["K"]))),
        ClassType("java.util.function.Supplier", (variables["M"],)),
        ClassType("java.util.stream.Collector", (WildcardType(lower=variables["T"]), variables["A"], variables["D"])),
    ]
    assert method.result == ClassType("java.util.stream.Collector", (variables["T"], WildcardType(), variables["M"]))


def test_every_descriptor_of_the_collections_is_that_of_the_class_file(library: JavaLibrary) -> None:
    """A method's descriptor is computed from its generic types; the owner of its variables names the class file's own."""
    count = 0
    for package in ("java.util", "java.util.stream", "java.util.function", "java.util.concurrent"):
        for simple in sorted(library.classes_in_package(package)):
            symbol = library.find(f"{package}.{simple}")
            assert symbol is not None, simple
            for method in symbol.methods:
                for param in method.params:
                    if isinstance(param.type, TypeVar) and "#" in param.type.owner:
                        assert param.type.owner == method.key
                        count += 1
    assert count > 200


@pytest.mark.parametrize(
    ("release", "blank", "strip_indent", "records"), [(8, False, False, False), (11, True, False, False), (17, True, True, True)]
)
def test_releases(release: int, blank: bool, strip_indent: bool, records: bool) -> None:
    library = JavaLibrary([], release)
    string = library.find("java.lang.String")
    assert string is not None
    assert (string.method("isBlank", "()Z") is not None) is blank
    assert (string.method("stripIndent", "()Ljava/lang/String;") is not None) is strip_indent
    assert (library.find("java.lang.Record") is not None) is records
    assert library.diagnostics == ()


def test_packages(library: JavaLibrary) -> None:
    assert all(map(library.package_exists, ("java", "java.util", "java.util.stream", "javax.sql")))
    assert not any(map(library.package_exists, ("jav", "java.util.HashMap", "nowhere")))
    names = library.classes_in_package("java.util.function")
    assert {"Function", "BiConsumer", "ToDoubleBiFunction"} <= names
    assert "Map$Entry" not in library.classes_in_package("java.util")
    assert library.classes_in_package("nowhere") == frozenset()


def test_what_is_not_there(library: JavaLibrary) -> None:
    assert library.find("java.util.Nope") is None
    assert library.find("java.util.Map$Nope") is None
    assert library.find("Nope") is None
    assert library.origin("java.util.Map") is Origin.PLATFORM
    assert library.origin("java.util.Nope") is None
    assert library.jar_of("java.util.Map") is None


def test_newer_release_than_the_jdk_is_said() -> None:
    library = JavaLibrary([], 99)
    assert library.find("java.lang.Object") is not None
    assert [d.id for d in library.diagnostics] == ["java/platform-version"]
