# ruff: noqa: E501 (a table of snippets, one a line)
"""Every way to use a field of another part in an expression, as one monolith: what each snippet yields, of which static type.

`sources` makes the monolith: `far.Cells` has a field of every kind of type, `near.Desk` uses them, one method for each snippet.
"""

from __future__ import annotations

from collections.abc import Iterator

_PRIMITIVES = {"byte": "7", "short": "-300", "char": "'k'", "int": "41", "long": "1L << 40", "float": "2.5f", "double": "0.1", "boolean": "true"}
_BOXES = {"byte": "Byte", "short": "Short", "char": "Character", "int": "Integer", "long": "Long", "float": "Float", "double": "Double",
          "boolean": "Boolean"}  # fmt: skip
_NARROW = {"byte": "11", "short": "11", "char": "42"}
_ARITHMETIC = ("+=", "-=", "*=", "/=", "%=")
_BITS = ("&=", "|=", "^=")
_SHIFTS = ("<<=", ">>=", ">>>=")
_STEPS = ("{}++", "++{}", "{}--", "--{}", "({})++", "++({})")
_RIGHTS = ("3", "'b'", "5L", "1.5f", "2.25", "boxed()", "(byte) 2")


def _fields() -> Iterator[tuple[str, str]]:
    for primitive, box in _BOXES.items():
        yield f"{primitive}_", primitive
        yield f"{box}_", box
    yield from (("text", "String"), ("any", "Object"), ("chars", "CharSequence"), ("next", "Cells"))


def snippets() -> tuple[str, ...]:
    """Statements; `show` prints the static type and the value of what it is given."""
    return (*_chains(), *_compound(), *_steps(), *_constants(), *_texts(), *_places(), *_generics(), *_statics(), *_nulls())


def _chains() -> Iterator[str]:
    for primitive, value in _PRIMITIVES.items():
        for name in (f"{primitive}_", f"{_BOXES[primitive]}_"):
            given = f"({primitive}) {value}" if primitive in ("byte", "short") else value
            yield f"show(one.{name} = other.{name} = {given});"
            yield f"a(1).{name} = a(2).{name} = a(3).{name} = {given};"
            yield f"java.util.function.Supplier<Object> s = () -> one.{name} = other.{name} = {given}; show(s.get());"
            yield f"show(flag() ? one.{name} = {given} : (other.{name} = {given}));"
        yield f"show(one.{primitive}_ = other.{_BOXES[primitive]}_ = {given});"
        yield f"show(one.{_BOXES[primitive]}_ = other.{primitive}_ = {given});"
    yield "show((one.next = other.next = one).int_ = 5);"
    yield "one.next = other.next = one; show(one.next.next.next == other.next);"
    yield "one.next = other; show(one.next.int_ = other.int_ += one.next.int_ = 2);"
    yield "show(one.long_ = other.int_ = one.char_ = 'z');"
    yield "show(one.any = other.text = \"t\");"
    yield "int here; show(here = one.int_ = 4); show(one.int_ = here = 6);"


def _compound() -> Iterator[str]:
    for primitive in _PRIMITIVES:
        if primitive == "boolean":
            yield from (f"show(one.{n} {op} other.{n} {op} flag());" for n in ("boolean_", "Boolean_") for op in _BITS)
            continue
        whole = primitive not in ("float", "double")
        for op in (*_ARITHMETIC, *(_BITS if whole else ()), *(_SHIFTS if whole else ())) if primitive in ("int", "char", "long", "double") else ("+=", "%="):
            for right in _RIGHTS if primitive == "int" else (_RIGHTS[0], _RIGHTS[5], _RIGHTS[4 if op in _ARITHMETIC else 2]):
                if op not in _ARITHMETIC and right in ("1.5f", "2.25"):
                    continue
                yield f"show(a(1).{primitive}_ {op} {right}); one.{primitive}_ {op} {right};"
            yield f"show(one.{primitive}_ {op} other.{primitive}_ = ({primitive}) 3);"
            yield f"show(one.{primitive}_ {op} other.{primitive}_++);"
    for box, rights in {"Integer": ("3", "'b'", "boxed()"), "Long": ("3", "5L"), "Float": ("3", "1.5f"), "Double": ("3", "2.25", "boxed()")}.items():
        for right in rights:
            yield from (f"show(a(1).{box}_ {op} {right}); one.{box}_ {op} {right};" for op in _ARITHMETIC)
    yield "show(one.Integer_ <<= 2L); show(one.Integer_ &= 6);"
    yield "show((one.Integer_ += 2).hashCode());"
    yield "show(one.Integer_ += other.Integer_ -= 2);"


def _steps() -> Iterator[str]:
    for primitive in _PRIMITIVES:
        if primitive == "boolean":
            continue
        for name in (f"{primitive}_", f"{_BOXES[primitive]}_"):
            yield " ".join(f"show({step.format(f'one.{name}')});" for step in _STEPS)
            yield " ".join(f"{step.format(f'a(1).{name}')};" for step in _STEPS)
            yield f"show(one.{name} + other.{name}++ + ++one.{name});"
    yield "show((one.Integer_++).hashCode());"
    yield "show((--one.Integer_).toString());"
    yield "show(- --one.int_ - -one.int_++ + + ++one.int_);"
    yield "java.util.List<Integer> all = new java.util.ArrayList<>(java.util.List.of(9, 41, 42)); show(all.remove(one.Integer_++)); show(all);"
    yield "java.util.List<Integer> all = new java.util.ArrayList<>(java.util.List.of(9, 41, 42)); one.int_ = 1; show(all.remove(one.int_++)); show(all);"
    yield "show((byte) one.int_++); show(-(short) one.int_--); show(-(int) one.Integer_--); show((Object) one.Integer_++); show(~ - one.long_++); show(-one.int_++ - one.int_);"
    yield "for (one.int_ = 0, other.int_ = 9; one.int_ < other.int_; one.int_++, --other.int_) show(one.int_);"


def _constants() -> Iterator[str]:
    for narrow, literal in _NARROW.items():
        for name in (f"{narrow}_", f"{_BOXES[narrow]}_"):
            for constant in (literal, "FIVE", "Desk.FIVE", "FIVE + 1", "'b'", "(char) 50", "+9", "(FIVE)", "(short) FIVE", "Cells.LIMIT", "LIMIT",
                             "FIVE > 3 ? 8 : 900000", "(int) 5.9", "(int) 7L", "far.Cells.LIMIT * 2"):  # fmt: skip
                yield f"show(one.{name} = {constant}); show(one.{name} = other.{name} = {constant});"
            yield f"final int local = 3; one.{name} = local; final var other_ = 6; other.{name} = local + other_; show(one.{name});"
            yield f"show(one.{name} = switch (boxed()) {{ case 4 -> 5; default -> {{ if (flag()) yield FIVE; yield 'x'; }} }});"
            yield f"show(one.{name} = flag() ? ({narrow}) 6 : FIVE);"
        yield f"{_BOXES[narrow]} given = ({narrow}) 3; show(one.{_BOXES[narrow]}_ = given); show(one.{narrow}_ = given);"
        yield f"show(one.{_BOXES[narrow]}_ = flag() ? ({narrow}) 6 : null); show(one.{_BOXES[narrow]}_ = null);"
        yield f"show(one.{_BOXES[narrow]}_ = same(other.{_BOXES[narrow]}_)); show(one.{narrow}_ = same(other.{_BOXES[narrow]}_));"
        yield f"{_BOXES[narrow]} none = null; try {{ one.{_BOXES[narrow]}_ = !flag() ? FIVE : none; show(1); }} catch (NullPointerException e) {{ show(2); }}"
    yield "show(one.byte_ = -128); show(one.Byte_ = -128); show(one.short_ = ~5); show(one.Short_ = -FIVE); show(one.char_ = 0x7f);"
    yield "show(one.Integer_ = 'x' + 1); show(one.Long_ = 5L); show(one.double_ = 1); show(one.float_ = 'c'); show(one.any = 1);"
    yield "switch (one.int_ = 5) { case FIVE: show(1); break; case Cells.LIMIT: show(2); break; default: show(3); }"
    yield "switch (one.text = NAME) { case NAME + \"!\": show(1); break; case Cells.TITLE: show(2); break; case NAME: show(3); break; default: show(4); }"
    yield "show(Cells.B); show(Cells.S); show(Cells.C); show(Cells.L); show(Cells.F); show(Cells.D); show(Cells.Z); show(Cells.TITLE + Cells.C);"
    yield "show(Cells.NAN); show(Cells.BIG); show(Cells.QUOTES); show(Cells.BOXED); show(Cells.MADE);"


def _texts() -> Iterator[str]:
    for right in ("\"x\"", "'c'", "3", "4L", "1.5f", "2.5", "true", "null", "boxed()", "one", "other.text", "(byte) 3", "'a' + 1", "new char[0].length",
                  "new StringBuilder(\"sb\")", "flag() ? 1 : 'c'", "(Object) null", "(String) null"):  # fmt: skip
        shown = right.replace("one", "one.int_")
        yield f"show(one.text += {shown}); show(a(1).text += {shown});"
        yield f"one.any = \"o\"; one.any += \"\" + ({shown if right != 'null' else '(Object) null'}); show(one.any);"
    yield "show(one.text += other.text += \"x\");"
    yield "show((one.text += 'x').length()); show((one.text = \"abc\").charAt(1));"
    yield "one.chars = \"q\"; one.chars = one.chars + \"r\"; show(one.chars.length());"
    yield "one.text = null; one.text += null; show(one.text);"


def _places() -> Iterator[str]:
    yield "if ((one.int_ = other.int_ = 3) > 2 && (one.boolean_ = !one.boolean_)) show(1); else show(2);"
    yield "while (one.int_++ < 45) { if ((one.int_ & 1) == 0) continue; show(one.int_); }"
    yield "do { one.int_ -= other.int_ = 20; } while ((one.boolean_ = one.int_ > 0));"
    yield "int[] slots = new int[5]; one.int_ = 0; slots[one.int_++] = one.int_ = 3; slots[one.int_] += ++one.int_; show(java.util.Arrays.toString(slots));"
    yield "show(new int[] {one.int_++, one.int_ = 2, one.int_ += 3}.length);"
    yield "Runnable run = () -> one.int_ = other.int_ = 6; run.run(); Runnable step = () -> one.int_++; step.run(); show(one.int_);"
    yield "java.util.function.IntUnaryOperator f = v -> one.int_ += v; show(f.applyAsInt(3)); f = v -> { return other.int_ = v; }; show(f.applyAsInt(4));"
    yield "show(switch (one.int_ = 3) { case 3 -> other.int_ = 8; default -> other.int_++; });"
    yield "show(switch (one.int_) { case 3 -> 1; default -> { other.int_ = one.int_ = 2; yield other.int_++; } });"
    yield "String s = one.text = \"v\"; assert (one.int_ = 3) > 0; show(s); synchronized (one.text = \"lock\") { show(one.text); }"
    yield "try { throw (one.boolean_ = true) ? new IllegalStateException(\"\" + (one.int_ = 3)) : null; } catch (IllegalStateException e) { show(e.getMessage()); }"
    yield "show(one/*1*/./*2*/int_ /*3*/ = /*4*/ other . int_ /*5*/ = // 6\n            /*7*/ 3 /*8*/);"
    yield "show((one.int_) = 4); show(((one.int_)) = ((other.int_)) = 5); (one.byte_) = 3; (one.int_) += 2; ((one.Integer_)) = one.int_;"
    yield "show(((one)).int_ = ((((other.int_)++)))); show(((other)).int_++);"
    yield "show((Object) (one.int_ = 3)); show((long) (one.int_ += 3)); show((byte) (one.int_ = 300));"
    yield "show(one.int_ = other.int_ = one.int_ == 3 ? one.int_++ : --other.int_);"
    yield "show(!(one.boolean_ = false)); show(-(one.int_ = 4)); show(~(one.int_ += 4)); show((one.int_ = 4) + \"\" + (one.char_ = 'c'));"
    yield "show(pair(one.int_ = 1, one.int_++)); show(pair(one.int_, one.int_ = 9)); show(String.valueOf(one.char_ = 'y')); show(new Own(one.int_ = 3).held);"
    yield "new Object() { int held = one.int_ = 12; { other.int_ = held++; show(held); } };"
    yield "var v = one.byte_ = other.byte_ = 4; show(v); var w = one.Integer_++; show(w);"
    yield "Own own = new Own(3); own.held = one.int_ = own.held += 2; show(own.held); one.int_ = own.held++; show(own.held);"
    yield "for (String each : new String[] {one.text = \"p\", other.text += \"q\"}) show(each);"
    yield "show(one.next == null ? (one.next = other).int_++ : 0); show((one.next = other).int_ += (one.next = one).int_);"
    yield "Object o = one; show(((Cells) o).int_ = 3); show(((Cells) o).int_++); if (o instanceof Cells c && (c.int_ = 9) == 9) show(c.int_);"
    yield "label: for (;;) { switch (one.int_++) { case 43: break label; default: continue label; } } show(one.int_);"


def _generics() -> Iterator[str]:
    yield "Box<String> box = new Box<>(), more = new Box<>(); show(box.value = more.value = \"v\"); show(box.value += more.value += 1); show(box.value.length());"
    yield "Box<Integer> box = new Box<>(); show(box.value = 3); show(box.value + 1); box.value = box.value + 2; show(box.value);"
    yield "Box<Integer> box = new Box<>(); box.value = 3; show(box.value++); show(++box.value); show(box.value += 4); show(box.value -= 1); box.value *= 2; show(box.value);"
    yield "Box<Character> box = new Box<>(); box.value = 'a'; box.value++; show(box.value);"
    yield "Box<Boolean> box = new Box<>(); box.value = true; box.value &= flag(); show(box.value ^= true);"
    yield "Box<? super Integer> box = new Box<Number>(); box.value = 7; Object seen = box.value; show(seen);"
    yield "Box<?> box = new Box<>(); box.value = null; show(box.value == null);"
    yield "Box<java.util.List<String>> box = new Box<>(); box.value = new java.util.ArrayList<>(); box.value = java.util.List.of(); show(box.value.size());"
    yield "Box<java.util.function.Function<Integer, Integer>> box = new Box<>(); box.value = v -> v + 1; show(box.value.apply(3));"


def _statics() -> Iterator[str]:
    yield "show(Cells.count = Cells.peak = 3); show(Cells.count++); show(++Cells.peak); show(Cells.count += Cells.peak -= 1);"
    yield "show(count = peak = 8); show(count++ + ++peak); count = FIVE; peak += count = 2; show(peak);"
    yield "show(small = Cells.small = FIVE); show(far.Cells.small++); show(one.count = other.peak = 2); show(boxedSmall = FIVE);"
    yield "show(total = 4L); show(total++); show(total += 3); show(Cells.total--);"
    yield "Cells none = null; show(none.count = 6); show(none.count++);"


def _nulls() -> Iterator[str]:
    for use in ("one.Integer_ += noted(1)", "one.Integer_++", "--one.Integer_", "one.int_ = one.Integer_", "show(one.Integer_ + noted(2))",
                "one.Boolean_ &= noted(3) > 0", "one.Long_ -= noted(4)", "nobody().int_ = noted(5)", "nobody().int_ += noted(6)", "nobody().int_++"):  # fmt: skip
        shown = use if use.startswith("show") else f"show({use})"
        yield f"one.Integer_ = null; one.Long_ = null; one.Boolean_ = null; try {{ {shown}; }} catch (NullPointerException e) {{ show(\"none\"); }}"


def sources(texts: tuple[str, ...]) -> dict[str, str]:
    """The monolith, with one method for each snippet."""
    fields = "".join(f"    public {type_} {name};\n" for name, type_ in _fields())
    state = " + \",\" + ".join(f"{name}" for name, type_ in _fields() if type_ != "Cells")
    cells = f"""package far;
public class Cells {{
    public static final int LIMIT = 17;
    public static final byte B = 5, B2 = -B;
    public static final short S = (short) 70000;
    public static final char C = '\\'';
    public static final long L = 1L << 40;
    public static final float F = 1.5f / 3;
    public static final double D = 1e300 * 10, NAN = 0.0 / 0.0, BIG = 1 / 0.0;
    public static final boolean Z = L > LIMIT;
    public static final String TITLE = "t" + LIMIT + C + Z, QUOTES = "\\"\\\\\\t\\u00e9" + 'x';
    public static final Integer BOXED = 12;
    public static final String MADE = new String("made");
    public static int count, peak;
    public static byte small;
    public static Byte boxedSmall;
    public static Long total = 1L;
{fields}
    public String state() {{ return "" + {state}; }}
}}
"""
    methods = "\n".join(f"    void s{i}() {{\n        {text}\n    }}\n" for i, text in enumerate(texts))
    calls = "\n".join(f"        run({i}, Desk::s{i});" for i in range(len(texts)))
    shows = "".join(f"    static void show({t} v) {{ System.out.print(\" {t}:\" + v); }}\n" for t in (*_BOXES, *_BOXES.values(), "String", "Object"))
    first = "".join(f" c.{p}_ = ({p}) {v}; c.{_BOXES[p]}_ = ({p}) {v};" for p, v in _PRIMITIVES.items())
    desk = f"""package near;
import static far.Cells.boxedSmall;
import static far.Cells.count;
import static far.Cells.peak;
import static far.Cells.small;
import static far.Cells.total;
import static far.Cells.LIMIT;
import far.Box;
import far.Cells;
public class Desk {{
    static final int FIVE = 5;
    static final String NAME = "name" + FIVE;
    private final Cells one = fresh(), other = fresh();
    static class Own {{ int held; Own(int held) {{ this.held = held; }} }}
    static Cells fresh() {{ Cells c = new Cells();{first} c.text = "t"; c.any = "o"; c.chars = "cs"; return c; }}
    Cells a(int which) {{ System.out.print(" a" + which); return which == 1 ? one : other; }}
    static boolean flag() {{ System.out.print(" flag"); return true; }}
    static Integer boxed() {{ return 4; }}
    static int noted(int v) {{ System.out.print(" noted" + v); return v; }}
    static Cells nobody() {{ return null; }}
    static <T> T same(T t) {{ return t; }}
    static String pair(int a, int b) {{ return a + "/" + b; }}
{shows}
    interface Snippet {{ void on(Desk desk) throws Exception; }}
    static void run(int number, Snippet snippet) throws Exception {{
        Desk desk = new Desk();
        System.out.print("@@" + number + ":");
        snippet.on(desk);
        System.out.println(" | " + desk.one.state() + " | " + desk.other.state() + " | " + (desk.one.next == desk.other) + Cells.count + Cells.peak);
    }}
    public static void main(String[] args) throws Exception {{
{calls}
    }}
{methods}}}
"""
    box = "package far;\npublic class Box<T> {\n    public T value;\n}\n"
    return {"far/Cells.java": cells, "far/Box.java": box, "near/Desk.java": desk}
