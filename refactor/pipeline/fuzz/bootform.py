"""The second form of generated programs: small applications of Spring Boot with beans, events and caches, each with one test.

What the test expects is computed here, from what the generator knows of the program: the monolith has to pass its own tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from refactor.pipeline.fuzz.choices import Choices, chance, pick

BOOT_CONSTRUCTS: Final = (
    "bean by its class", "bean by interface and qualifier", "beans as a list", "beans as a map", "bean in a field",
    "event by a plain listener", "event by a listener's result", "event of a listener's array",
    "event by an inherited listener", "event by a listener interface",
    "cache read and emptied", "cache read and written", "cache emptied by hand",
)  # fmt: skip
"""What is counted, between two classes: who is injected and what; who publishes and who listens; who reads a cache and who changes it."""

Use = tuple[str, str, str]
"""A construct and the two classes on its sides."""

_IMPORTS = """\
import java.util.*;
import org.springframework.beans.factory.annotation.*;
import org.springframework.cache.*;
import org.springframework.cache.annotation.*;
import org.springframework.context.*;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.*;
"""
_TEST_IMPORTS = """\
import static org.junit.jupiter.api.Assertions.assertEquals;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
"""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One application in a package of its own, without its main class. `sources`, `tests`: path below the source root -> text.
    `classes`: what a partition places."""

    package: str
    sources: Mapping[str, str]
    tests: Mapping[str, str]
    classes: tuple[str, ...]
    uses: tuple[Use, ...]


@dataclass(slots=True)
class _Draft:
    """An application while it is drawn: class -> the text of its body's file, what the test does, what it is made of."""

    n: int
    texts: dict[str, str] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    injected: dict[str, str] = field(default_factory=dict)  # of the test: name -> class

    def name(self, simple: str) -> str:
        return f"{simple}{self.n}"

    def add(self, simple: str, text: str) -> str:
        self.texts[self.name(simple)] = text.replace("@N", str(self.n))
        return self.name(simple)


def scenario(choices: Choices, number: int) -> Scenario:
    """before: a source of decisions   after: an application; class names carry its number, so that bean names differ"""
    draft = _Draft(number)
    draft.add("Journal", """@Component
public class Journal@N {
    private final List<String> lines = new ArrayList<>();
    public synchronized void note(String line) { lines.add(line); }
    public synchronized int count(String line) { return Collections.frequency(lines, line); }
    public int size() { return lines.size(); }
}""")  # fmt: skip
    draft.injected["journal"] = draft.name("Journal")
    kinds = [_beans, _events, _caches]
    first = choices.integer(0, 2)
    for kind in (kinds[first], *(k for i, k in enumerate(kinds) if i != first and chance(choices, 60))):
        kind(choices, draft)
    return _finished(draft)


def _finished(draft: _Draft) -> Scenario:
    package = f"boot.s{draft.n}"
    folder = package.replace(".", "/")
    sources = {f"{folder}/{name}.java": f"package {package};\n\n{_IMPORTS}\n{text}\n" for name, text in draft.texts.items()}
    fields = "".join(f"    @Autowired {cls} {name};\n" for name, cls in draft.injected.items())
    steps = "".join(f"        {step}\n" for step in draft.steps)
    test = f"@SpringBootTest\nclass Scenario{draft.n}Test {{\n{fields}\n    @Test\n    void run() {{\n{steps}    }}\n}}\n"
    uses = tuple((use, f"{package}.{a}", f"{package}.{b}") for use, a, b in draft.uses)
    tests = {f"{folder}/Scenario{draft.n}Test.java": f"package {package};\n\n{_TEST_IMPORTS}\n{test}"}
    return Scenario(package, sources, tests, tuple(f"{package}.{name}" for name in draft.texts), uses)


def _expect(draft: _Draft, value: str, asked: str) -> None:
    draft.steps.append(f"assertEquals({value}, {asked});")


def _beans(choices: Choices, draft: _Draft) -> None:
    """Several beans of one interface, each with a count of its own, and who uses one, all, or all by name."""
    draft.add("Step", "public interface Step@N {\n    String run(String in);\n}")
    names = ["Twice", "Loud", "Plain"][: choices.integer(2, 3)]
    order = list(range(len(names)))
    if chance(choices, 50):
        order.reverse()
    for i, name in enumerate(names):
        draft.add(name, f"""@Component
@Order({order[i]})
public class {name}@N implements Step@N {{
    private int count;
    public String run(String in) {{ return in + "{name[0]}" + ++count; }}
}}""")  # fmt: skip
    chosen = pick(choices, names)
    bean = f"{chosen.lower()}{draft.n}"
    by_map, in_field = chance(choices, 35), chance(choices, 40)
    held = "Map<String, Step@N>" if by_map else "List<Step@N>"
    each = "all.get(name)" if by_map else "step"
    loop = "for (String name : new TreeMap<>(all).keySet())" if by_map else "for (Step@N step : all)"
    one = f'@Qualifier("{bean}") Step@N one'
    fields = f"    @Autowired {one};\n" if in_field else "    private final Step@N one;\n"
    taken = "" if in_field else f", {one}"
    kept = "" if in_field else " this.one = one;"
    draft.add("Desk", f"""@Service
public class Desk@N {{
    private final Journal@N journal;
    private final {held} all;
{fields}
    public Desk@N(Journal@N journal, {held} all{taken}) {{ this.journal = journal; this.all = all;{kept} }}
    public String one(String in) {{ journal.note("one"); return one.run(in); }}
    public String all(String in) {{
        String found = in;
        {loop} found = {each}.run(found);
        return found;
    }}
}}""")  # fmt: skip
    desk = draft.name("Desk")
    draft.injected["desk"] = desk
    draft.uses.append(("bean by its class", desk, draft.name("Journal")))
    draft.uses.append(("bean in a field" if in_field else "bean by interface and qualifier", desk, draft.name(chosen)))
    draft.uses += [("beans as a map" if by_map else "beans as a list", desk, draft.name(name)) for name in names]
    counts = dict.fromkeys(names, 0)
    walk = sorted(names) if by_map else [names[i] for i in sorted(range(len(names)), key=order.__getitem__)]
    ones = 0
    for _ in range(choices.integer(2, 4)):
        if chance(choices, 50):
            counts[chosen] += 1
            ones += 1
            _expect(draft, f'"a{chosen[0]}{counts[chosen]}"', 'desk.one("a")')
        else:
            said = "b"
            for name in walk:
                counts[name] += 1
                said += f"{name[0]}{counts[name]}"
            _expect(draft, f'"{said}"', 'desk.all("b")')
    _expect(draft, str(ones), 'journal.count("one")')


def _events(choices: Choices, draft: _Draft) -> None:
    """One event, one that follows from it, and listeners in their forms; all write into the journal."""
    draft.add("Placed", "public class Placed@N {\n    public final int number;\n    public Placed@N(int number) { this.number = number; }\n"
              "    public int number() { return number; }\n}")  # fmt: skip
    draft.add("Sales", """@Service
public class Sales@N {
    private final ApplicationEventPublisher publisher;
    public Sales@N(ApplicationEventPublisher publisher) { this.publisher = publisher; }
    public void place(int number) { publisher.publishEvent(new Placed@N(number)); }
}""")  # fmt: skip
    draft.injected["sales"] = draft.name("Sales")
    sales = draft.name("Sales")
    lines: list[str] = []
    kinds = ["plain", "result", "array", "inherited", "interface"]
    for _ in range(choices.integer(1, 3)):
        kind = pick(choices, kinds)
        kinds.remove(kind)
        lines += _listener(draft, kind, sales)
    placed = choices.integer(1, 3)
    draft.steps += [f"sales.place({number});" for number in range(placed)]
    for line in lines:
        _expect(draft, str(placed), f'journal.count("{line}")')


def _listener(draft: _Draft, kind: str, sales: str) -> list[str]:
    """Adds a listener; the answer are the lines that one event adds to the journal."""
    keeps = "    private final Journal@N journal;\n    public {0}@N(Journal@N journal) {{ this.journal = journal; }}\n"
    if kind in ("result", "array"):
        simple = "Forward" if kind == "result" else "Spread"
        made = f"{simple}ed"
        draft.add(made, f"public class {made}@N {{ }}")
        what = f"new {made}@N()" if kind == "result" else f"new {made}@N[] {{new {made}@N()}}"
        result = f"{made}@N" + ("" if kind == "result" else "[]")
        listener = draft.add(simple, f"@Component\npublic class {simple}@N {{\n    @EventListener\n    public {result} on(Placed@N event)"
                                     f" {{ return {what}; }}\n}}")  # fmt: skip
        heard = draft.add(f"{simple}Log", f"@Component\npublic class {simple}Log@N {{\n{keeps.format(f'{simple}Log')}    @EventListener\n"
                          f'    public void on({made}@N event) {{ journal.note("{made}"); }}\n}}')  # fmt: skip
        use = "event by a listener's result" if kind == "result" else "event of a listener's array"
        draft.uses += [("event by a plain listener", sales, listener), (use, listener, heard)]
        return [made]
    if kind == "inherited":
        draft.add("Hears", """public abstract class Hears@N {
    protected abstract void hear(int number);
    @EventListener
    public void on(Placed@N event) { hear(event.number()); }
}""")  # fmt: skip
        heir = draft.add("Heir", f"@Component\npublic class Heir@N extends Hears@N {{\n{keeps.format('Heir')}"
                         '    protected void hear(int number) { journal.note("heir"); }\n}')  # fmt: skip
        draft.uses.append(("event by an inherited listener", sales, heir))
        return ["heir"]
    if kind == "interface":
        bell = draft.add("Bell", f"@Component\npublic class Bell@N implements ApplicationListener<PayloadApplicationEvent<Placed@N>> {{\n"
                         f"{keeps.format('Bell')}    public void onApplicationEvent(PayloadApplicationEvent<Placed@N> event)"
                         ' { journal.note("bell"); }\n}')  # fmt: skip
        draft.uses.append(("event by a listener interface", sales, bell))
        return ["bell"]
    ear = draft.add("Ear", f"@Component\npublic class Ear@N {{\n{keeps.format('Ear')}    @EventListener\n"
                    '    public void on(Placed@N event) { journal.note("ear"); }\n}')  # fmt: skip
    draft.uses.append(("event by a plain listener", sales, ear))
    return ["ear"]


def _caches(choices: Choices, draft: _Draft) -> None:
    """Who reads through a cache, and who empties it, writes into it, or reaches it by hand."""
    shelf = draft.add("Shelf", """@Service
public class Shelf@N {
    private int asked;
    @Cacheable("prices@N")
    public Integer price(int key) { return key * 100 + ++asked; }
    public int asked() { return asked; }
}""")  # fmt: skip
    kind = pick(choices, ("evict", "put", "hand"))
    head = "@Service\npublic class Editor@N {\n"
    if kind == "evict":
        body = '    @CacheEvict(cacheNames = "prices@N", allEntries = true)\n    public void change(int key) { }\n'
    elif kind == "put":
        body = '    @CachePut("prices@N")\n    public Integer change(int key) { return -key; }\n'
    else:
        body = "    private final CacheManager caches;\n    public Editor@N(CacheManager caches) { this.caches = caches; }\n"
        body += '    public void change(int key) { caches.getCache("prices@N").clear(); }\n'
    editor = draft.add("Editor", f"{head}{body}}}")
    draft.injected |= {"shelf": shelf, "editor": editor}
    use = {"evict": "cache read and emptied", "put": "cache read and written", "hand": "cache emptied by hand"}[kind]
    draft.uses.append((use, shelf, editor))
    cached: dict[int, int] = {}
    asked = 0
    for _ in range(choices.integer(3, 6)):
        key = choices.integer(1, 2)
        if chance(choices, 40):
            draft.steps.append(f"editor.change({key});")
            if kind == "put":
                cached[key] = -key
            else:
                cached.clear()
            continue
        if key not in cached:
            asked += 1
            cached[key] = key * 100 + asked
        _expect(draft, f"Integer.valueOf({cached[key]})", f"shelf.price({key})")
    _expect(draft, str(asked), "shelf.asked()")
