"""Whole trees on disk: what stands where, twice to the same bytes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from refactor.codegen.spring.boot import boot_line, check_boot
from refactor.codegen.spring.edits import plan_edits
from refactor.codegen.spring.emit import application_package, emit
from refactor.codegen.spring.sources import ant_match
from refactor.codegen.spring.world import world
from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.frontend.project.model import Dependency, Execution, Module, PluginConfig, Project, ResourceRoot, SourceSet
from refactor.ir.program import Program
from refactor.ir.symbols import Origin
from refactor.isolate.plan import DRIVER, ClassPlan, PartPlan, Passing, Plan, Refusal, Role, TestPlan
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

FILES = {
    "src/main/java/shop/Order.java": "package shop;\n\nimport shop.gone.Gone;\n/** {@link Gone} */ public class Order { public int n; }\n",
    "src/main/java/shop/Two.java": "package shop;\n\npublic class Two { int t; }\n\nclass Three { int s; }\n",
    "src/main/java/shop/gone/Gone.java": "package shop.gone;\n\npublic class Gone { int g; }\n",
    "src/main/java/desk/Desk.java": "package desk;\n\npublic class Desk {\n    int use(shop.Order o) { return o.n++; }\n}\n",
    "src/test/java/desk/DeskTest.java": "package desk;\n\npublic class DeskTest { Desk desk; }\n",
    "src/main/resources/shop.properties": "a=1\n",
    "src/main/resources/META-INF/services/shop.Order": "# ours\nshop.Order\nshop.gone.Gone # absent in shop\n",
    "src/test/resources/data.txt": "data\n",
    "NOTICE.txt": "notice\n",
    "pom.xml": "<project/>",
}
SHOP, DESK, GONE = ("shop.Order", "shop.Two"), ("desk.Desk",), ("shop.Three", "shop.gone.Gone")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "monolith"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    main = SourceSet(
        (root / "src/main/java",),
        (ResourceRoot(root / "src/main/resources"), ResourceRoot(root, includes=("NOTICE*",), target_path="META-INF")),
        tuple(f for f in FILES if f.startswith("src/main/java")),
    )
    test = SourceSet((root / "src/test/java",), (ResourceRoot(root / "src/test/resources"),), ("src/test/java/desk/DeskTest.java",))
    surefire = PluginConfig("org.apache.maven.plugins", "maven-surefire-plugin", "3.5.2", "<argLine>-Xmx1g</argLine>")
    libraries = (Dependency("org.yaml", "snakeyaml", "1.33"), Dependency("junit", "junit", "4.13.2", "test"))
    module = Module("shop", ".", "g", "shop", "1.0", "jar", 17, 17, "UTF-8", main, test, libraries, plugins=(surefire,))
    return Project("Shop App", root, str(root), "maven", (module,))


@pytest.fixture
def program(project: Project) -> Program:
    files = [JavaFile(f, project.root / f, ".", Origin.TEST if t else Origin.MAIN) for _, t, f in project.java_files()]
    return load(project.root, files, JavaLibrary((), 17))


@pytest.fixture
def plan(program: Program) -> Plan:
    owner = {**dict.fromkeys(SHOP, "shop"), **dict.fromkeys(DESK, "desk"), **dict.fromkeys(GONE, "other")}
    classes = tuple(ClassPlan(n, Role.OWNED, p, ((n, Passing.REFERENCE),), "") for n, p in sorted(owner.items()))
    parts = (
        PartPlan("desk", 8081, DESK, (), ("shop.Order",)),
        PartPlan("other", 8082, GONE, (), ()),
        PartPlan("shop", 8083, SHOP, (), ()),
        PartPlan(DRIVER, 0, (), (), ("desk.Desk",)),
    )
    tests = (TestPlan("desk.DeskTest", (DRIVER,), True, ""),)
    return plan_edits(program, Plan("shop", "java", parts, classes, tests))


def _names(out: Path, below: str) -> set[str]:
    return {p.relative_to(out / below).as_posix() for p in (out / below).rglob("*") if p.is_file()}


def test_tree(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "out"
    emitted = emit(project, program, plan, out, ["org.yaml:snakeyaml", "junit:junit"])
    assert emitted.services == ("desk", "other", "shop")
    desk = _names(out, "desk")
    assert {"src/main/java/desk/Desk.java", "src/proxy/java/shop/Order.java", "src/skeleton/java/desk/DeskSkeleton.java"} <= desk
    assert {"pom.xml", "Dockerfile", "README.md", "openapi.json", "src/main/resources/shop.properties", "NOTICE.txt"} <= desk
    assert not [n for n in desk if "test" in n]
    driver = _names(out, DRIVER)
    assert {"src/test/java/desk/DeskTest.java", "src/test/resources/data.txt", "NOTICE.txt", "src/proxy/java/desk/Desk.java"} <= driver
    assert "openapi.json" not in driver
    assert {"pom.xml", "compose.yaml", "k8s/desk.yaml", "plan.json", "monolith/pom.xml", "runtime/core/pom.xml"} <= _names(out, ".")
    assert not [n for n in _names(out, "runtime") if "/test/" in n or "target" in n]


def test_a_service_is_packaged_to_run_and_says_how(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    served = replace(project.modules[0], dependencies=(*project.modules[0].dependencies, Dependency("j", "server-api", "1", "provided")))
    out = tmp_path / "out"
    emit(replace(project, modules=(served,)), program, plan, out, [])
    pom = ET.parse(out / "desk/pom.xml").getroot()
    named = {"m": "http://maven.apache.org/POM/4.0.0"}
    (profile,) = pom.findall("m:profiles/m:profile", named)
    assert profile.findtext("m:activation/m:property/m:name", None, named) == "!refactor.classes"
    assert profile.findtext(".//m:manifest/m:mainClass", None, named) == "services.desk.Application"
    # A server would provide it; a service that runs by itself has it among its libraries.
    api = next(d for d in pom.findall("m:dependencies/m:dependency", named) if d.findtext("m:artifactId", None, named) == "server-api")
    assert api.find("m:scope", named) is None
    assert "java -Xss4m -jar target/shop-app-desk-1.0.jar" in (out / "desk/README.md").read_text()
    assert "/src/desk/target/shop-app-desk-1.0.jar" in (out / "desk/Dockerfile").read_text()
    driver = (out / "driver/pom.xml").read_text()
    assert "<profile>" not in driver
    assert "<scope>provided</scope>" in driver


def test_the_readme_says_what_was_warned_of(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    loop = Diagnostic("isolate/remote-call-in-loop", Severity.WARNING, "Desk calls Order in a loop", help="ask for all of it in one call")
    warned = replace(plan, warnings=(loop, loop, Diagnostic("isolate/container-not-started", Severity.WARNING, "nothing starts the beans")))
    emit(project, program, warned, tmp_path / "out", [])
    said = (tmp_path / "out/README.md").read_text()
    assert "- `container-not-started`: nothing starts the beans.\n" in said
    assert "- `remote-call-in-loop`, 2 places: Desk calls Order in a loop. Way out: ask for all of it in one call.\n" in said
    emit(project, program, plan, tmp_path / "none", [])
    assert "What to know" not in (tmp_path / "none/README.md").read_text()


def test_the_readme_of_a_service_says_who_owns_what_it_has_proxies_of(
    project: Project, program: Program, plan: Plan, tmp_path: Path
) -> None:
    emit(project, program, plan, tmp_path / "out", [])
    assert "- `shop.Order` of shop\n" in (tmp_path / "out/desk/README.md").read_text()


def test_a_service_has_its_own_documents_unless_a_test_reads_the_monoliths(
    project: Project, program: Program, plan: Plan, tmp_path: Path
) -> None:
    for name in ("Dockerfile", "README.md"):
        (project.root / name).write_text("the monolith's", encoding="utf-8")
    (project.root / "src/test/java/desk/DeskTest.java").write_text('package desk; class DeskTest { String s = "README.md"; }')
    inside = replace(plan, tests=(TestPlan("desk.DeskTest", ("desk",), True, ""),))
    out = tmp_path / "out"
    emit(project, program, inside, out, [])
    assert (out / "desk/README.md").read_text() == "the monolith's"
    assert "the monolith's" not in (out / "desk/Dockerfile").read_text()


def test_originals_change_by_listed_edits_only(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "out"
    emit(project, program, plan, out, ())
    order = (out / "shop/src/main/java/shop/Order.java").read_text()
    assert order == FILES["src/main/java/shop/Order.java"].replace("import shop.gone.Gone;", "")
    assert "o.cell$n().postIncrement()" in (out / "desk/src/main/java/desk/Desk.java").read_text()
    two = (out / "shop/src/main/java/shop/Two.java").read_text()
    assert two == "package shop;\n\npublic class Two { int t; }\n\n\n"
    assert "class Two" not in (out / "other/src/main/java/shop/Two.java").read_text()
    assert (out / "shop/src/main/resources/META-INF/services/shop.Order").read_text() == "# ours\nshop.Order\n"
    for file in ("src/main/java/shop/Order.java", "src/test/java/desk/DeskTest.java"):
        assert (out / "monolith" / file).read_text() == FILES[file]


def test_twice_the_same_bytes(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    emit(project, program, plan, tmp_path / "one", ())
    emit(project, program, plan, tmp_path / "two", ())
    one, two = _names(tmp_path, "one"), _names(tmp_path, "two")
    assert one == two
    assert not [n for n in one if (tmp_path / "one" / n).read_bytes() != (tmp_path / "two" / n).read_bytes()]
    assert emit(project, program, plan, tmp_path / "one", ()).changed == ()


def test_documents_can_be_read(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "out"
    emitted = emit(project, program, plan, out, ["org.yaml:snakeyaml"])
    served = 0
    for part in emitted.services:
        manifest = json.loads((out / part / "src/main/resources/refactor-manifest.json").read_text())
        openapi = json.loads((out / part / "openapi.json").read_text())
        assert manifest["part"] == part
        served += len(openapi["paths"])
        assert sorted(p.removeprefix("/api/") for p in openapi["paths"]) == sorted(
            f"{e.cls}/{e.operation}" for e in plan.endpoints if e.part == part
        )
    assert served == emitted.endpoints == len(plan.endpoints)
    hashes = {p: json.loads((out / p / "src/main/resources/refactor-manifest.json").read_text())["hash"] for p in ("desk", "shop")}
    assert hashes["desk"]["shop"] == hashes["shop"]["desk"]


def test_tests_see_no_library_that_only_the_service_needs(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "out"
    emit(project, program, plan, out, ["org.yaml:snakeyaml"])
    pom = ET.parse(out / "desk/pom.xml").getroot()
    space = {"m": "http://maven.apache.org/POM/4.0.0"}
    hidden = [e.text for e in pom.iterfind(".//m:classpathDependencyExclude", space)]
    assert "org.springframework:*" in hidden
    assert "org.yaml:snakeyaml" not in hidden
    listed = pom.iterfind("m:dependencies/m:dependency", space)
    found = [(d.findtext("m:artifactId", "", space), d.findtext("m:version", "", space)) for d in listed]
    assert found[:2] == [("snakeyaml", "1.33"), ("junit", "4.13.2")]
    assert "classpathDependencyExclude" not in (out / DRIVER / "pom.xml").read_text()
    assert "-Xmx1g" in (out / DRIVER / "pom.xml").read_text()


def test_a_pom_manages_what_it_has_and_names_the_numbers_it_uses(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    bom = Dependency("a", "bom", "1", "import", "pom")
    managed = (Dependency("org.yaml", "snakeyaml", "1.33"), Dependency("other", "library", "3"), bom)
    numbers = (("used.version", "-Xmx1g"), ("by.version", "1"), ("a.plugin", "2"), ("argLine", "${by.version}"), ("java.version", "17"))
    surefire = PluginConfig("org.apache.maven.plugins", "maven-surefire-plugin", "3.5.2", "<argLine>${used.version}</argLine>")
    module = replace(project.modules[0], managed=managed, properties=numbers, plugins=(surefire,))
    poms = {}
    for name, libraries in (("known", ["org.yaml:snakeyaml", "junit:junit"]), ("unknown", ["junit:junit"])):
        emit(replace(project, modules=(module,)), program, plan, tmp_path / name, libraries)
        poms[name] = (tmp_path / name / "desk/pom.xml").read_text()
    assert "<artifactId>bom<" in poms["known"]
    assert "<artifactId>library<" not in poms["known"]
    assert "<artifactId>library<" in poms["unknown"]
    assert "<a.plugin>" not in poms["known"]
    for kept in ("used.version", "by.version", "argLine", "java.version"):
        assert f"<{kept}>" in poms["known"]


def test_refused_plans_write_nothing(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    refused = replace(plan, refusals=(Refusal("rule", None, "cannot be", ("a.B",)),))
    with pytest.raises(RefactorError) as raised:
        emit(project, program, refused, tmp_path / "out", ())
    assert raised.value.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_application_package_is_nobody_elses(program: Program, plan: Plan) -> None:
    indexed = world(program, plan)
    assert application_package(indexed, "order-desk") == "services.order_desk"
    taken = replace(program.classes["desk.Desk"], name="services.desk.Desk")
    crowded = world(replace(program, classes={**program.classes, taken.name: taken}), plan)
    assert application_package(crowded, "desk") == "services.desk2"


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("**/*.xml", "a/b/c.xml", True), ("**/*.xml", "c.xml", True), ("*.xml", "a/c.xml", False), ("a/", "a/b/c.txt", True),
        ("a/**", "a", True), ("a/?.txt", "a/b.txt", True), ("a/?.txt", "a/bc.txt", False), ("a.xml", "aXxml", False),
    ],
)  # fmt: skip
def test_ant_patterns(pattern: str, path: str, expected: bool) -> None:
    assert ant_match(pattern, path) is expected


@pytest.mark.parametrize(
    ("spring", "own", "boot"),
    [
        ("", None, "4.0.9"), ("", "3.3.10", "3.3.10"), ("5.3.39", None, "2.7.18"), ("6.0.3", None, "3.1.12"), ("6.1.1", None, "3.3.13"),
        ("6.2.0", None, "3.5.7"), ("7.0.1", None, "4.0.9"),
    ],
)  # fmt: skip
def test_services_stand_on_the_boot_of_the_monoliths_spring(project: Project, spring: str, own: str | None, boot: str) -> None:
    libraries = (Dependency("org.springframework", "spring-context", spring),) if spring else ()
    module = replace(project.modules[0], dependencies=libraries, spring_boot=own)
    assert boot_line(replace(project, modules=(module,))).version == boot


def test_an_older_boot_gets_the_older_servlet_api(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "out"
    libraries = (Dependency("org.springframework", "spring-context", "5.3.39"),)
    emit(replace(project, modules=(replace(project.modules[0], dependencies=libraries),)), program, plan, out, [])
    assert "<boot.version>2.7.18</boot.version>" in (out / "runtime/pom.xml").read_text()
    code = "".join(p.read_text() for p in (out / "runtime/spring/src/main/java").rglob("*.java"))
    assert "import javax.servlet." in code
    assert "import jakarta." not in code


def test_a_part_compiles_once_whatever_the_monoliths_build_adds(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    """A multi-release jar, module-info apart, source roots by build-helper: the part has its sources in the standard folders."""
    twice = (
        Execution("default-compile", "none", ()),
        Execution("base", "compile", ("compile",), "<excludes>\n  <exclude>module-info.java</exclude>\n</excludes>"),
        Execution("java11", "compile", ("compile",), "<compileSourceRoots>\n  <r>/elsewhere/src/main/java11</r>\n</compileSourceRoots>"),
    )
    added = Execution("more", "generate-sources", ("add-source",), "<sources>\n  <source>/elsewhere/src/gen</source>\n</sources>")
    port = Execution("port", "process-resources", ("reserve-network-port",), "<portNames>\n  <portName>p</portName>\n</portNames>")
    plugins = (
        PluginConfig("org.apache.maven.plugins", "maven-compiler-plugin", "3.13.0", executions=twice),
        PluginConfig("org.codehaus.mojo", "build-helper-maven-plugin", "3.6.0", executions=(added, port)),
    )
    out = tmp_path / "out"
    emit(replace(project, modules=(replace(project.modules[0], plugins=plugins),)), program, plan, out, [])
    for pom in (out / "desk/pom.xml", out / "driver/pom.xml"):
        text = pom.read_text()
        assert "/elsewhere/" not in text
        assert "<id>base</id>" not in text
        assert "<phase>none</phase>" not in text
        assert "<goal>reserve-network-port</goal>" in text
        assert "<source>src/proxy/java</source>" in text


def test_a_boot_that_cannot_host_the_services_is_refused(project: Project) -> None:
    old = replace(project, modules=(replace(project.modules[0], spring_boot="2.0.3.RELEASE"),))
    with pytest.raises(RefactorError) as refused:
        check_boot(old)
    assert refused.value.exit_code == 1
    assert refused.value.diagnostics[0].id == "codegen/spring-boot-too-old"
    check_boot(replace(project, modules=(replace(project.modules[0], spring_boot="2.6.3"),)))


def test_before_boot_2_7_the_adapter_is_found_the_older_way(project: Project, program: Program, plan: Plan, tmp_path: Path) -> None:
    out = tmp_path / "out"
    emit(replace(project, modules=(replace(project.modules[0], spring_boot="2.6.3"),)), program, plan, out, [])
    spring = out / "runtime/spring/src/main"
    code = "".join(p.read_text() for p in (spring / "java").rglob("*.java"))
    assert "@AutoConfiguration" not in code
    assert "EnableAutoConfiguration=refactor.runtime.spring.RefactorAutoConfiguration" in (
        spring / "resources/META-INF/spring.factories"
    ).read_text()
