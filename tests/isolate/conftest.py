"""Programs from Java text, against the platform and small stand-ins for the frameworks that rules know by name."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.ir.program import Program
from refactor.ir.symbols import Origin
from refactor.isolate.legalise import LegaliseOptions, legalise
from refactor.isolate.plan import Plan

STUBS = {
    "org.junit.jupiter.api": "public @interface Test {}",
    "org.junit.jupiter.api.Assertions": "public class Assertions { public static void assertSame(Object a, Object b) {} }",
    "org.assertj.core.api.Util": "public class Util { public static void extracting(Object o, String... paths) {} }",
    "org.junitpioneer.jupiter": "public @interface DefaultLocale {}",
    "org.mockito": "public @interface Mock { int answer() default 0; String name() default \"\"; }",
    "org.mockito.Spy": "public @interface Spy {}",
    "org.springframework.test.context.bean.override.mockito": "public @interface MockitoBean { Class<?>[] types() default {}; }",
    "org.mockito.Captor": "public @interface Captor {}",
    "org.mockito.ArgumentCaptor": "public class ArgumentCaptor<T> {"
    " public static <U> ArgumentCaptor<U> forClass(Class<U> type) { return null; } }",
    "org.mockito.Mockito": "public class Mockito { public static <T> T mock(Class<T> type) { return null; }"
    " public static <T> T mock(T... type) { return null; }"
    " public static <T> T mock(Class<T> type, Object answer) { return null; } public static Object doCallRealMethod() { return null; } }",
    "org.springframework.stereotype": "public @interface Service {}",
    "org.springframework.web.bind.annotation": "public @interface PostMapping {}",
    "org.springframework.transaction.annotation": "public @interface Transactional {}",
    "org.springframework.transaction.support": "public class TransactionTemplate {"
    " public <T> T execute(java.util.function.Function<Object, T> work) { return null; } }",
    "org.springframework.data.repository": "public interface Repository<T, I> {}",
    "org.springframework.boot.test.context": "public @interface SpringBootTest { Class<?>[] classes() default {}; }",
    "org.springframework.boot.autoconfigure": "public @interface SpringBootApplication {}",
    "org.springframework.beans.factory.annotation": "public @interface Autowired {}",
    "jakarta.servlet.http": "public interface HttpSession { Object getAttribute(String n);"
    " void setAttribute(String n, Object o); void invalidate(); }",
    "org.springframework.web.bind.annotation.SessionAttributes": "public @interface SessionAttributes { String[] value() default {}; }",
    "org.springframework.web.bind.annotation.SessionAttribute": "public @interface SessionAttribute { String value() default \"\"; }",
    "org.apache.ibatis.annotations": "public @interface Select { String value(); }",
    "org.apache.ibatis.annotations.CacheNamespace": "public @interface CacheNamespace {}",
    "jakarta.persistence": "public @interface Entity {}",
    "jakarta.persistence.OneToMany": "public @interface OneToMany {}",
    "com.fasterxml.jackson.databind": "public class ObjectMapper { public String writeValueAsString(Object o) { return null; }"
    " public Object valueToTree(Object o) { return null; } public ObjectWriter writer() { return null; } }",
    "com.fasterxml.jackson.databind.ObjectWriter": "public class ObjectWriter {"
    " public String writeValueAsString(Object o) { return null; } }",
    "lib.Render": "public class Render { public Render(Object... all) {} public Render() {} public String render(Object o) { return null; }"
    " public <T> String of(T t) { return null; } public String all(java.util.Collection<?> all) { return null; }"
    " public String by(java.util.function.Supplier<?> s) { return null; } public static String text(String s) { return s; }"
    " public int compare(Comparable<String> c) { return 0; } }",
    "org.slf4j": "public class MDC { public static void put(String k, String v) {} public static String get(String k) { return null; }"
    " public static void remove(String k) {} public static java.util.Map<String, String> getCopyOfContextMap() { return null; } }",
    "org.springframework.context.i18n": "public class LocaleContextHolder { public static java.util.Locale getLocale() { return null; }"
    " public static void setLocale(java.util.Locale l) {} }",
    "org.springframework.web.context.request": "public class RequestContextHolder {"
    " public static Object getRequestAttributes() { return null; } }",
    "org.springframework.security.core.context": "public class SecurityContextHolder {"
    " public static Object getContext() { return null; } }",
    "org.springframework.security.access.prepost": "public @interface PreAuthorize { String value(); }",
    "org.springframework.security.test.context.support": "public @interface WithMockUser {}",
    "org.springframework.transaction.support.TransactionSynchronizationManager": "public class TransactionSynchronizationManager {"
    " public static boolean isActualTransactionActive() { return false; } }",
    "lib.TenantContextHolder": "public class TenantContextHolder {"
    " public static void set(String t) {} public static String get() { return null; } }",
    "lib": "public class Gadget { public int turn() { return 1; } }",
    "lib.Bag": "public class Bag { public void take(Object o) {} public void all(Object... o) {} }",
    "lib.Sealed": "public abstract class Sealed { public final int id() { return 1; } }",
}
HEADER = (
    "package a; import java.util.*; import java.util.function.*; import java.util.concurrent.atomic.*; import java.io.*; import java.sql.*;"
    " import org.junit.jupiter.api.*; import org.junitpioneer.jupiter.*; import org.mockito.*; import org.springframework.stereotype.*;"
    " import java.util.stream.*; import org.springframework.web.bind.annotation.*; import org.springframework.transaction.annotation.*;"
    " import org.springframework.data.repository.*; import org.springframework.boot.test.context.*;"
    " import org.springframework.boot.autoconfigure.*; import org.springframework.beans.factory.annotation.*;"
    " import jakarta.servlet.http.*; import org.apache.ibatis.annotations.*;"
    " import org.springframework.transaction.support.*;"
    " import jakarta.persistence.*; import com.fasterxml.jackson.databind.*; import lib.*;\n"
)
_TYPE = re.compile(r"\b(?:class|interface|enum|record|@interface)\s+(\w+)")


@pytest.fixture(scope="session")
def java_library(tmp_path_factory: pytest.TempPathFactory) -> JavaLibrary:
    """The platform and the compiled stand-ins."""
    return compiled_stubs(tmp_path_factory.mktemp("stubs"))


def compiled_stubs(folder: Path) -> JavaLibrary:
    """The platform and the stand-ins, compiled in a folder."""
    sources = []
    for package, text in STUBS.items():
        found = _TYPE.search(text)
        assert found
        package = package.removesuffix(f".{found[1]}")
        path = folder / "src" / package.replace(".", "/") / f"{found[1]}.java"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"package {package};\n{text}\n")
        sources.append(str(path))
    subprocess.run(["javac", "-d", str(folder / "classes"), *sources], check=True, timeout=60)
    return JavaLibrary([folder / "classes"], 17)


@pytest.fixture
def java(tmp_path: Path, java_library: JavaLibrary) -> Callable[[str], Program]:
    """A Program from declarations that start in column 0, one file each; `...Test` is a test, `// +` adds to the file above."""

    return lambda text: program_of(tmp_path, text, java_library)


def program_of(folder: Path, text: str, library: JavaLibrary) -> Program:
    """A Program from declarations that start in column 0, as `java` reads them."""
    files: dict[str, str] = {}
    last = ""
    for chunk in re.split(r"\n(?=\S)", text.strip()):
        if chunk.startswith("}"):
            files[last] += "\n" + chunk.removeprefix("// + ")
            continue
        found = _TYPE.search(chunk)
        assert found, chunk
        if not chunk.startswith("// +"):
            last = ("src/test/a/" if found[1].endswith("Test") else "src/main/a/") + f"{found[1]}.java"
            files[last] = HEADER
        files[last] += "\n" + chunk.removeprefix("// + ")
    made = []
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
        made.append(JavaFile(path, folder / path, "", Origin.TEST if "/test/" in path else Origin.MAIN))
    program = load(folder, made, library)
    assert not program.diagnostics, [d.render() for d in program.diagnostics]
    return program


@pytest.fixture
def legal(java: Callable[[str], Program]) -> Callable[..., Plan]:
    """The plan of Java text under `p="A B", q="C"`; whatever is not named goes to the part "rest"."""

    def make(text: str, options: LegaliseOptions | None = None, **parts: str) -> Plan:
        return plan_of(java(text), options, **parts)

    return make


def plan_of(program: Program, options: LegaliseOptions | None = None, **parts: str) -> Plan:
    """The plan of a program under `p="A B", q="C"`; whatever is not named goes to the part "rest"."""
    given = {name: "rest" for name, cls in program.classes.items() if cls.outer is None and cls.origin is Origin.MAIN}
    for part, names in parts.items():
        given.update({f"a.{name}": part for name in names.split() if f"a.{name}" in given})
    return legalise(program, given, options or LegaliseOptions(max_moved=Fraction(1)))
