package p;

import java.util.*;
import java.util.function.*;
import p.other.Base;
import p.other.Base.Kind;
import static p.other.Base.*;

interface Inner1 { int ONE = 1; default int one() { return ONE + helper(); } private int helper() { return 2; } static int stat() { return 3; } }

/** Inner, local, anonymous classes, enums, records, interfaces, shadowing, qualified this and super, fields of all kinds. */
abstract class Nesting extends Base implements Inner1 {
    int x = 1; static int counter; String name = "n"; final int[] numbers = {1, 2}; Nesting self; static final String CONST = "c" + 1;
    interface Inner2 extends Inner1 { default int one() { return Inner1.super.one() + 1; } }
    class In { int x = 2; In() { super(); } In(int y) { this(); x = y + Nesting.this.x + this.x; } class Deep { int x = 3; int sum() { return x + In.this.x + Nesting.this.x + numbers.length + name.length() + inherited + Nesting.super.inherited + protectedMethod(); } } }
    static class Nested extends Nesting { Nested() { super("a"); } int abs() { return super.one() + super.x + x; } Nested self() { return this; } In make(Nested n) { return n.new In(3); } }
    class SubIn extends In { SubIn() { super(5); } SubIn(Nesting other) { other.super(7); } }
    enum Op implements IntBinaryOperator { ADD("+") { public int applyAsInt(int a, int b) { return a + b + extra() + sign.length(); } int extra() { return 1; } }, MUL("*", 2) { public int applyAsInt(int a, int b) { return a * b * weight; } };
        final String sign; int weight; static final Map<String, Op> BY = new HashMap<>(); static { for (Op o : values()) BY.put(o.sign, o); }
        Op(String s) { this(s, 1); } Op(String s, int w) { sign = s; weight = w; } static Op of(String s) { return BY.getOrDefault(s, ADD); } int twice(int a) { return applyAsInt(a, a) + ordinal() + name().length() + compareTo(MUL); } }
    record Pair<A, B>(A first, B second) { static int made; Pair { Objects.requireNonNull(first); made++; } Pair(A a) { this(a, null); } <C> Pair<A, C> with(C c) { return new Pair<>(first, c); } A one() { return first() == null ? this.first : first; } static <Z> Pair<Z, Z> twin(Z z) { return new Pair<>(z, z); } }
    sealed interface Expr permits Num, Add, Neg {} record Num(int v) implements Expr {} record Add(Expr l, Expr r) implements Expr {} record Neg(Expr e) implements Expr {}
    Nesting(String s) { super(s); self = this; }
    static int eval(Expr e) { if (e instanceof Num n) return n.v(); if (e instanceof Add a && a.l() != null) return eval(a.l()) + eval(a.r()); if (!(e instanceof Neg neg)) throw new IllegalStateException(e.toString()); return -eval(neg.e()); }
    int locals(int arg) {
        final int q = arg; int x = 5; this.x = x; self.self.x++; Nesting.counter += 2; self.numbers[self.x]--; (self).name = null; counter = x = arg;
        class Local extends In { int z = q + Nesting.this.x; Local(int i) { super(i); } int go() { return z + super.x + new Local(1).z + counter; } }
        Local l = new Local(2); l.go(); int total = l.x + l.z;
        Runnable r = new Runnable() { int x = 9; @Override public void run() { x++; Nesting.this.x--; locals(x); hashCode(); new Object() { void hi() { run(); locals(1); } }.hi(); } }; r.run();
        var anon = new Object() { int field = 3; int twice() { return field * 2; } }; anon.twice(); anon.field++;
        Comparator<String> c = new Comparator<>() { public int compare(String a, String b) { return a.length() - b.length(); } }; c.compare("a", "b"); c.reversed().thenComparing(Comparator.naturalOrder()).compare("", "");
        Function<String, In> maker = s -> new In(s.length()) { { x = 4; } }; maker.apply("x").x++; In.Deep d = new In().new Deep(); d.sum(); Supplier<In> si = In::new; si.get().x++; Function<Integer, In> fi = In::new; fi.apply(1); Supplier<Nested> ns = Nested::new; ns.get().abs();
        Pair<String, Integer> pair = new Pair<>("a", 1); pair.first().length(); pair.second().intValue(); pair.with('c').second().charValue(); Pair.twin("x").one().trim(); pair.equals(null); Pair.made++; pair.toString().length(); pair.hashCode();
        Op op = Op.of("+"); op.twice(3); op.sign.length(); Op.valueOf("ADD").applyAsInt(1, 2); Op.values()[0].weight++; switch (op) { case ADD: x++; break; case MUL: counter++; break; } int sw = switch (op) { case ADD -> Op.ADD.weight; case MUL -> { int t = op.weight; yield t + op.ordinal(); } }; op.getDeclaringClass().getName(); EnumMap<Op, String> em = new EnumMap<>(Op.class); em.put(Op.ADD, "x");
        one(); Inner1.stat(); Inner1.super.one(); super.one(); inherited++; super.inherited = ONE; staticMethod(); Base.staticMethod(); Nested.staticMethod(); Base.Kind k = Kind.A; k = B2; STATIC_FIELD.length(); Base.STATIC_FIELD.trim(); Nested.STATIC_FIELD.trim(); this.<String>generic("x").length(); Nested.counter++; protectedField = CONST;
        label: for (int i = 0, j = numbers.length; i < j; i++) { for (int n : numbers) { if (n > i) continue label; else break label; } } try (AutoCloseable ac = () -> counter++; java.io.StringReader rd = new java.io.StringReader("x")) { rd.read(); } catch (java.io.IOException | RuntimeException e) { e.getMessage(); e.printStackTrace(); } catch (Exception e) { throw new IllegalStateException(e.getMessage(), e); } finally { counter--; }
        synchronized (this) { wait0(); } assert x > 0 : "x" + this.x; do { x--; } while (x > self.x); int[][] grid = new int[x][self.x]; grid[0][1] = grid.length + grid[0].length; Object o = grid; ((int[][]) o)[0].clone(); (o instanceof String s ? s : "z").length(); if (o instanceof Integer i && i.intValue() > 3) i.toString(); char ch = "abc".charAt(name.length()); String text = """
            block %s""".formatted(name); int tern = x > 1 ? self.x : Nesting.this.numbers.length; long shadow = java.util.concurrent.TimeUnit.SECONDS.toMillis(3); java.util.List<java.lang.String> fq = new java.util.ArrayList<java.lang.String>(); fq.get(0).length(); p.other.Base.staticMethod(); p.Nesting.counter++; int hash = new int[] {1}.hashCode(); Class<?> cl = int[].class; cl.getName(); Nesting.class.getName(); void0();
        return total;
    }
    void wait0() {} void void0() { Thread t = new Thread(this::wait0); t.start(); new Thread(() -> self.void0()).start(); Function<Object, String> f = Object::toString; f = super.toStringer(); Supplier<String> s = super::toString; Supplier<String> s2 = Nesting.super::toString; s.get(); s2.get().length(); IntSupplier is = numbers.clone()::hashCode; is.getAsInt(); }
    static { counter = 7; new Nested().x++; } { x = counter; this.name.length(); }
}
