package p.other;

import java.util.function.Function;

public abstract class Base {
    public enum Kind { A, B }
    public static final Kind B2 = Kind.B;
    public static String STATIC_FIELD = "s";
    protected int inherited = 1;
    protected String protectedField;
    protected Base(String s) { protectedField = s; }
    public static void staticMethod() {}
    protected int protectedMethod() { return inherited; }
    public <T> T generic(T t) { return t; }
    protected Function<Object, String> toStringer() { return Object::toString; }
    public int one() { return 1; }
}
