"""@ToString and @EqualsAndHashCode: the same formulas as Lombok's, to the constant, because hash codes order HashMaps.

before: @ToString class A { int x; }    after: public String toString() { return "A(x=" + this.x + ")"; }
"""

from __future__ import annotations

from collections.abc import Iterator

from refactor.frontend.lombok.accessors import getter_call
from refactor.frontend.lombok.marks import Mark
from refactor.frontend.lombok.shape import BOXES, PRIMITIVES, Field, Shape
from refactor.ir.symbols import Flags

_RANKED = (1, 18, 16)
"""The version since which primitives are compared first."""


def to_string(shape: Shape) -> Iterator[str]:
    mark = shape.mark("ToString") or shape.mark("Data", "Value")
    if mark is None or shape.has("toString", 0):
        return
    mark = mark if mark.name == "ToString" else Mark("ToString", mark.node, {}, {})
    parts: list[str] = []
    if mark.flag("callSuper") or ("callSuper" not in mark.values and shape.setting("lombok.tostring.callsuper") == "call"):
        parts.append('"super=" + super.toString()')
    named = mark.flag("includeFieldNames", shape.setting("lombok.tostring.includefieldnames", "true") == "true")
    for f in _chosen(shape, mark, "ToString"):
        read = _read(shape, mark, f, "this", "lombok.tostring.donotusegetters")
        text = f"java.util.Arrays.{'toString' if _flat(f) else 'deepToString'}({read})" if f.type.endswith("[]") else read
        included = f.mark("ToString.Include")
        label = (included.word("name") if included is not None else "") or f.name
        parts.append(f'"{label}=" + {text}' if named else f'"" + {text}')
    name = ".".join(d.name for d in (*shape.outer, shape.decl))
    joined = ' + ", " + '.join(parts)
    body = f'"{name}(" + {joined} + ")"' if parts else f'"{name}()"'
    yield f"@java.lang.Override public java.lang.String toString() {{ return {body}; }}"


def equals_and_hash_code(shape: Shape) -> Iterator[str]:
    mark = shape.mark("EqualsAndHashCode") or shape.mark("Data", "Value")
    if mark is None or shape.has("equals", 1) or shape.has("hashCode", 0) or shape.has("canEqual", 1):
        return
    final = bool(shape.decl.flags & Flags.FINAL) or shape.mark("Value", "UtilityClass") is not None
    mark = mark if mark.name == "EqualsAndHashCode" else Mark("EqualsAndHashCode", mark.node, {}, {})
    extends = shape.decl.superclass is not None
    stated = shape.setting("lombok.equalsandhashcode.callsuper") == "call" and extends
    above = mark.flag("callSuper") or ("callSuper" not in mark.values and stated)
    fields = _chosen(shape, mark, "EqualsAndHashCode")
    if shape.version >= _RANKED:
        fields = sorted(fields, key=lambda f: -_rank(f))  # stable: the order of the source within a rank
    asks = extends or not final
    yield _equals(shape, mark, fields, above, asks)
    if asks:
        yield f"protected boolean canEqual(final java.lang.Object other) {{ return other instanceof {_path(shape)}; }}"
    yield _hash_code(shape, mark, fields, above)


def _equals(shape: Shape, mark: Mark, fields: list[Field], above: bool, asks: bool) -> str:
    path = _path(shape)
    lines = ["if (o == this) return true;", f"if (!(o instanceof {path})) return false;"]
    if fields or asks:
        wild = path + shape.wildcards
        lines.append(f"final {wild} other = ({wild}) o;")
    if asks:
        lines.append("if (!other.canEqual((java.lang.Object) this)) return false;")
    if above:
        lines.append("if (!super.equals(o)) return false;")
    for f in fields:
        a, b = (_read(shape, mark, f, of, "lombok.equalsandhashcode.donotusegetters") for of in ("this", "other"))
        if f.type in ("float", "double"):
            lines.append(f"if (java.lang.{f.type.title()}.compare({a}, {b}) != 0) return false;")
        elif f.type in PRIMITIVES:
            lines.append(f"if ({a} != {b}) return false;")
        elif f.type.endswith("[]"):
            lines.append(f"if (!java.util.Arrays.{'equals' if _flat(f) else 'deepEquals'}({a}, {b})) return false;")
        else:
            lines.append(f"final java.lang.Object this${f.name} = {a}; final java.lang.Object other${f.name} = {b};")
            lines.append(f"if (this${f.name} == null ? other${f.name} != null : !this${f.name}.equals(other${f.name})) return false;")
    return f"@java.lang.Override public boolean equals(final java.lang.Object o) {{ {' '.join(lines)} return true; }}"


def _hash_code(shape: Shape, mark: Mark, fields: list[Field], above: bool) -> str:
    lines = ["final int PRIME = 59;"] if fields else []
    lines.append(f"{'' if fields else 'final '}int result = {'super.hashCode()' if above else '1'};")
    for f in fields:
        read = _read(shape, mark, f, "this", "lombok.equalsandhashcode.donotusegetters")
        local = f"${f.name}"
        if f.type == "boolean":
            value = f"({read} ? 79 : 97)"
        elif f.type == "long":
            lines.append(f"final long {local} = {read};")
            value = f"(int) ({local} >>> 32 ^ {local})"
        elif f.type == "float":
            value = f"java.lang.Float.floatToIntBits({read})"
        elif f.type == "double":
            lines.append(f"final long {local} = java.lang.Double.doubleToLongBits({read});")
            value = f"(int) ({local} >>> 32 ^ {local})"
        elif f.type in PRIMITIVES:
            value = read
        elif f.type.endswith("[]"):
            value = f"java.util.Arrays.{'hashCode' if _flat(f) else 'deepHashCode'}({read})"
        else:
            lines.append(f"final java.lang.Object {local} = {read};")
            value = f"({local} == null ? 43 : {local}.hashCode())"
        lines.append(f"result = result * PRIME + {value};")
    return f"@java.lang.Override public int hashCode() {{ {' '.join(lines)} return result; }}"


def _chosen(shape: Shape, mark: Mark, name: str) -> list[Field]:
    """The fields that the annotation is about, by every way of including and excluding."""
    explicit = mark.flag("onlyExplicitlyIncluded", shape.setting(f"lombok.{name}.onlyexplicitlyincluded") == "true")
    of, exclude = mark.lists.get("of", ()), mark.lists.get("exclude", ())
    found = []
    for f in shape.fields:
        if f.mark(f"{name}.Include") is not None or f.name in of:
            found.append(f)
        elif of or explicit or f.static or f.name.startswith("$") or f.name in exclude or f.mark(f"{name}.Exclude") is not None:
            continue
        elif name == "ToString" or not f.flags & Flags.TRANSIENT:
            found.append(f)
    return found


def _read(shape: Shape, mark: Mark, f: Field, of: str, key: str) -> str:
    if f.static:
        return f"{shape.name}.{f.name}"
    direct = mark.flag("doNotUseGetters", shape.setting(key) == "true")
    return f"{of}.{f.name}" if direct else getter_call(shape, f, of)


def _rank(f: Field) -> int:
    return 1000 if f.primitive else 800 if f.type.removeprefix("java.lang.") in BOXES else 0


def _flat(f: Field) -> bool:
    """An array of one dimension whose elements are primitive."""
    return f.type.removesuffix("[]").strip() in PRIMITIVES


def _path(shape: Shape) -> str:
    return ".".join(d.name for d in (*shape.outer, shape.decl))
