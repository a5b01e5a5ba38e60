"""What belongs to a thread: contexts of libraries keep their users together, thread-locals of the program stay with one owner."""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.isolate.plan import Plan, Role

Legal = Callable[..., Plan]
STAY = "\nclass StayP { int state; void touch() { state++; } }\nclass StayQ { int state; void touch() { state++; } }\n"
MDC = "org.slf4j.MDC"
LOCALE = "org.springframework.context.i18n.LocaleContextHolder"
PUTS = {
    "plain": f"void go() {{ {MDC}.put(\"user\", \"x\"); }}",
    "lambda": f"void go() {{ Runnable r = () -> {MDC}.put(\"user\", \"x\"); r.run(); }}",
    "method reference": f"void go() {{ BiConsumer<String, String> put = {MDC}::put; put.accept(\"user\", \"x\"); }}",
    "anonymous": f"void go() {{ new Runnable() {{ public void run() {{ {MDC}.put(\"user\", \"x\"); }} }}.run(); }}",
    "key that is not known": f"void go() {{ {MDC}.remove(\"us\" + s); }}",
    "static initialiser": f"static {{ {MDC}.put(\"user\", \"x\"); }} void go() {{ s++; }}",
    "generic": f"<T extends CharSequence> void go() {{ T t = null; {MDC}.put(\"user\", \"\" + t); }}",
    "nested class": f"static class In {{ void go() {{ {MDC}.put(\"user\", \"x\"); }} }}",
}
GETS = {
    "plain": f"String f() {{ return {MDC}.get(\"user\") + s; }}",
    "method reference": f"String f() {{ Function<String, String> get = {MDC}::get; return get.apply(\"user\"); }}",
    "whole map": f"Object f() {{ return {MDC}.getCopyOfContextMap(); }}",
}


def together(plan: Plan) -> bool:
    return [m.rule for m in plan.moves if m.name in ("a.A", "a.B")] == ["thread-bound"] and plan.part_of("a.A") == plan.part_of("a.B")


@pytest.mark.parametrize("put", PUTS.values(), ids=PUTS)
@pytest.mark.parametrize("get", GETS.values(), ids=GETS)
def test_a_context_of_the_thread_keeps_who_sets_and_who_reads_it_together(legal: Legal, put: str, get: str) -> None:
    plan = legal(f"class A {{ int s; {get} }}\nclass B {{ int s; {put} }}" + STAY, p="A StayP", q="B StayQ")
    assert not plan.refusals, plan.refusals
    assert together(plan)


CAUGHT = {
    "a handler sets the locale": f"class A {{ int s; Object f() {{ return {LOCALE}.getLocale(); }} }}\n@Service class B {{ int s; A a; @PostMapping Object go() {{ return a.f(); }} }}",
    "a handler of an interface": f"class A {{ int s; Object f() {{ return {LOCALE}.getLocale(); }} }}\n"
    "interface I { @PostMapping Object go(); }\n@Service class B implements I { int s; A a; public Object go() { return a.f(); } }",
    "the locale is set": f"class A {{ int s; Object f() {{ return {LOCALE}.getLocale(); }} }}\nclass B {{ int s; void go() {{ {LOCALE}.setLocale(null); }} }}",
    "the request": "class A { int s; Object f() { return org.springframework.web.context.request.RequestContextHolder.getRequestAttributes(); } }\n"
    "@Service class B { int s; A a; @PostMapping Object go() { Supplier<Object> f = a::f; return f.get(); } }",
    "who is logged in": "class A { int s; Object f() { return org.springframework.security.core.context.SecurityContextHolder.getContext(); } }\n"
    "@Service class B { int s; A a; @PostMapping Object go() { return a.f(); } }",
    "who may": "class A { int s; @org.springframework.security.access.prepost.PreAuthorize(\"x\") public int f() { return s; } }\n"
    "@Service class B { int s; A a; @PostMapping Object go() { return a.f(); } }",
    "the transaction": "class A { int s; boolean f() { return org.springframework.transaction.support.TransactionSynchronizationManager.isActualTransactionActive(); } }\n"
    "class B { int s; A a; @Transactional public void go() { a.f(); } }",
    "a holder that no line names": "class A { int s; String f() { return TenantContextHolder.get(); } }\nclass B { int s; void go() { TenantContextHolder.set(\"x\"); } }",
    "the name of a thread": "class A { int s; String f() { return Thread.currentThread().getName(); } }\nclass B { int s; void go() { Thread.currentThread().setName(\"x\"); } }",
    "the class loader of a thread": "class A { int s; Object f() { return Thread.currentThread().getContextClassLoader(); } }\n"
    "class B { int s; void go() { Thread.currentThread().setContextClassLoader(null); } }",
    "a value that threads take over": "class A { int s; private final InheritableThreadLocal<String> kept = new InheritableThreadLocal<>(); void set(String n) { kept.set(n); } }\n"
    "class B { int s; void go(Runnable r) { new Thread(r).start(); } }",
    "a value that threads take over, by a subclass": "class A { int s; private final ThreadLocal<String> kept = new InheritableThreadLocal<>() { }; void set(String n) { kept.set(n); } }\n"
    "class B { int s; void go(Runnable r) { java.util.concurrent.CompletableFuture.runAsync(r); } }",
}


@pytest.mark.parametrize("text", CAUGHT.values(), ids=CAUGHT)
def test_frameworks_and_threads(legal: Legal, text: str) -> None:
    plan = legal(text + STAY, p="A StayP", q="B I StayQ")
    assert not plan.refusals, plan.refusals
    assert together(plan)


@pytest.mark.parametrize(
    "text",
    [
        # Another key; nobody reads; no handler leads there; a thread-local and a lock of the program.
        f"class A {{ int s; String f() {{ return {MDC}.get(\"id\") + s; }} }}\nclass B {{ int s; void go() {{ {MDC}.put(\"user\", \"x\"); }} }}",
        f"class A {{ int s; void f() {{ {MDC}.put(\"user\", \"\" + s); }} }}\nclass B {{ int s; void go() {{ {MDC}.put(\"user\", \"x\"); }} }}",
        f"class A {{ int s; Object f() {{ return {LOCALE}.getLocale(); }} }}\n@Service class B {{ int s; A a; @PostMapping Object go() {{ return a.s; }} }}",
        "class A { private static final ThreadLocal<String> NAME = new ThreadLocal<>(); static void set(String n) { NAME.set(n); } static String get() { return NAME.get(); } }\n"
        "class B { int s; String go() { A.set(\"x\"); return A.get(); } }",
        "class A { private final java.util.concurrent.locks.ReentrantLock lock = new java.util.concurrent.locks.ReentrantLock(); void open() { lock.lock(); } void shut() { lock.unlock(); } }\n"
        "class B { int s; void go(A a) { a.open(); a.shut(); } }",
    ],
)
def test_left_alone(legal: Legal, text: str) -> None:
    plan = legal(text + STAY, p="A StayP", q="B StayQ")
    assert not plan.moves, plan.moves
    assert not plan.refusals


KEPT = {
    "plain": "class A { private static final ThreadLocal<String> NAME = new ThreadLocal<>(); static String get() { return NAME.get(); } }",
    "with a first value": "class A { private static final ThreadLocal<int[]> N = ThreadLocal.withInitial(() -> new int[1]); static int get() { return N.get()[0]++; } }",
    "a subclass": "class A { static class Own extends ThreadLocal<String> { } private static final Own NAME = new Own(); static String get() { return NAME.get(); } }",
    "an anonymous subclass": "class A { private static final ThreadLocal<String> NAME = new ThreadLocal<>() { }; static String get() { return NAME.get(); } }",
    "as Object": "class A { private static final Object NAME = new ThreadLocal<String>(); static Object get() { return ((ThreadLocal<?>) NAME).get(); } }",
    "in a map": "class A { private static final Map<String, ThreadLocal<String>> NAMES = Map.of(\"a\", new ThreadLocal<>()); static String get() { return NAMES.get(\"a\").get(); } }",
    "in an enumeration": "enum A { ONE; private final ThreadLocal<String> name = new ThreadLocal<>(); String get() { return name.get(); } void set(String s) { name.set(s); } }",
    "in an interface": "interface A { ThreadLocal<String> NAME = new ThreadLocal<>(); static String get() { return NAME.get(); } }",
    "in a nested class": "class A { private static class In { static final ThreadLocal<String> NAME = new ThreadLocal<>(); } static String get() { return In.NAME.get(); } }",
    "a lock": "class A { private static final java.util.concurrent.locks.Lock L = new java.util.concurrent.locks.ReentrantLock(); static void go() { L.lock(); } }",
    "in a captured function": "class A { private static final Supplier<String> NAME = new ThreadLocal<String>()::get; static String get() { return NAME.get(); } }",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_a_class_with_a_thread_local_is_in_one_part_only(legal: Legal, text: str) -> None:
    use = "A a; String go() { return a.get(); }" if text.startswith("enum") else "String go() { return \"\" + A.class; }"
    plan = legal(text + f"\nclass B {{ int s; {use} }}" + STAY, p="A StayP", q="B StayQ")
    (found,) = [c for c in plan.classes if c.name == "a.A"]
    assert found.role is Role.OWNED or plan.refusals


@pytest.mark.parametrize(
    ("main", "test"),
    [
        (f"{MDC}.put(\"user\", \"\" + s)", f"{MDC}.get(\"user\")"),
        (f"{MDC}.get(\"user\")", f"{MDC}.put(\"user\", \"x\")"),
        ("System.setProperty(\"k\", \"v\" + s)", "System.getProperty(\"k\")"),
        ("org.springframework.security.core.context.SecurityContextHolder.getContext()", "new Object()"),
    ],
)
def test_a_test_that_reads_or_sets_it_runs_where_the_other_side_is(legal: Legal, main: str, test: str) -> None:
    mark = "@org.springframework.security.test.context.support.WithMockUser " if "Security" in main else ""
    plan = legal(f"class A {{ int s; void f() {{ {main}; }} }}\nclass XTest {{ {mark}@Test void t() {{ new A().f(); {test}; }} }}" + STAY, p="A StayP", q="StayQ")
    assert [t.placements for t in plan.tests if t.name == "a.XTest"] == [("p",)]
