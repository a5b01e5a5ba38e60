"""Library code that gets an object of another part as Object: known to look inside, known not to, or said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.isolate.plan import Plan

Legal = Callable[..., Plan]
STAY = "\nclass StayP { int state; void touch() { state++; } }\nclass StayQ { int state; void touch() { state++; } }\n"

SAID = {
    "plain": "String go(A a) { return new Render().render(a); }",
    "through Object": "String go(A a) { Object o = a; return new Render().render(o); }",
    "type variable": "String go(A a) { return new Render().of(a); }",
    "collection": "String go(List<A> all) { return new Render().all(all); }",
    "varargs of a constructor": "Object go(A a) { return new Render(\"\", a); }",
    "array": "Object go(A[] all) { return new Render((Object[]) all); }",
    "result of a lambda": "String go(A a) { return new Render().by(() -> a); }",
    "reference to it": "Object go(List<A> all, Render r) { Function<A, String> f = r::render; return f; }",
    "anonymous": "Object go(A a) { return new Object() { String s() { return new Render().render(a); } }; }",
    "bounded generic": "<T extends A> String go(T a) { return new Render().render(a); }",
    "optional": "String go(Optional<A> a) { return new Render().render(a); }",
}


@pytest.mark.parametrize("code", SAID.values(), ids=SAID)
def test_a_library_that_nothing_is_known_of_is_said(legal: Legal, code: str) -> None:
    plan = legal("class A { int s; void f() { s++; } }\nclass B { int s; " + code + " }" + STAY, p="A StayP", q="B StayQ")
    found = [d for d in plan.warnings if d.id == "isolate/looked-into"]
    assert found, [d.id for d in plan.warnings]
    assert all(d.span is not None and "a.A" in d.message and "Render" in d.message for d in found)


@pytest.mark.parametrize(
    "code",
    [
        "String go(A a) { return new Render().render(a.toString()) + Render.text(\"\"); }",
        "boolean go(A a) { return Objects.equals(a, this) && new ArrayList<Object>().add(a); }",
        "String go() { return new Render().render(this) + new Render().render(\"x\"); }",
        "String go(C c) { return new Render().render(c); }",
    ],
)
def test_the_others_are_not(legal: Legal, code: str) -> None:
    text = "class A { int s; void f() { s++; } }\nclass B { int s; " + code + " }\nclass C { int t; }" + STAY
    plan = legal(text, p="A StayP", q="B C StayQ")
    assert not [d for d in plan.warnings if d.id == "isolate/looked-into"]


KNOWN = {
    "tree": "Object go(A a) { return new ObjectMapper().valueToTree(a); }",
    "writer": "String go(A a) { return new ObjectMapper().writer().writeValueAsString(a); }",
    "reference": "Object go(List<A> all) { Function<A, Object> f = new ObjectMapper()::valueToTree; return f; }",
    "lambda": "Object go(List<A> all) { Function<A, Object> f = a -> new ObjectMapper().valueToTree(a); return f; }",
    "in a list": "Object go(List<A> all) { return new ObjectMapper().valueToTree(all); }",
    "array": "Object go(A[] all) { return new ObjectMapper().valueToTree(all); }",
    "through Object": "Object go(A a) { Object o = a; return new ObjectMapper().valueToTree(o); }",
    "subclass": "Object go(A a) { return new ObjectMapper() { }.valueToTree(a); }",
}


@pytest.mark.parametrize("code", KNOWN.values(), ids=KNOWN)
def test_known_mappers_stay_with_the_class(legal: Legal, code: str) -> None:
    plan = legal("class A { int s; void f() { s++; } }\nclass B { int s; " + code + " }" + STAY, p="A StayP", q="B StayQ")
    assert not plan.refusals
    assert [m.rule for m in plan.moves if m.name in ("a.A", "a.B")] == ["reflection"]
