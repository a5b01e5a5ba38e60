package refactor.runtime;

import java.lang.ref.WeakReference;

/**
 * The identity of one object of another process. There is one Ref per id and process; the proxy holds it strongly, and
 * it knows its proxy weakly, so that the same id always becomes the same proxy object. When the Ref is unreachable, its
 * owner is told.
 */
public final class Ref {
    /** How a heap dump names this Ref; 0 for one that stands for another. */
    final long number;
    private final String id;
    private final String process;
    private final String className;
    /** The other types of the object, as JSON, for passing the reference on; null when its class says it all. */
    private final byte[] types;
    private WeakReference<Object> proxy;
    /** Set for a bean that is looked up at its first use; everything but the proxy is then the found bean's. */
    private final Beans.Late late;
    private volatile Ref found;

    Ref(String id, String className, byte[] types) {
        this.number = Exports.nextNumber();
        this.id = id;
        this.types = types;
        this.process = id.substring(0, id.lastIndexOf('.'));
        this.className = className;
        this.late = null;
    }

    Ref(Beans.Late late) {
        this.number = 0;
        this.id = null;
        this.types = null;
        this.process = null;
        this.className = null;
        this.late = late;
    }

    /** The Ref of a proxy; raises UnsupportedValue for an object that only looks like one: a test's stand-in for the class. */
    static Ref of(Proxy proxy) {
        Ref ref = proxy.ref$();
        if (ref == null) throw new UnsupportedValue("a stand-in (" + proxy.getClass().getName() + ") for a class of another part cannot leave its process");
        return ref;
    }

    /** This Ref, or that of the bean behind it: from then on its proxy is the proxy of the bean. */
    private Ref real() {
        if (late == null) return this;
        Ref known = found;
        if (known != null) return known;
        Ref bean = late.find();
        synchronized (this) {
            if (found == null) {
                Object self = proxy();
                if (self != null) bean.bind(self);
                found = bean;
            }
            return found;
        }
    }

    /** Whether the id is known without asking anybody. */
    boolean isSettled() {
        return late == null || found != null;
    }

    /** `part.instance.epoch.<128 random bits>`. */
    public String id() {
        return real().id;
    }

    /** The owner: `part.instance.epoch`. */
    public String process() {
        return real().process;
    }

    public String part() {
        return process().substring(0, process().indexOf('.'));
    }

    public String instance() {
        return process().substring(process().indexOf('.') + 1, process().lastIndexOf('.'));
    }

    public String epoch() {
        return process().substring(process().lastIndexOf('.') + 1);
    }

    /** The run-time class of the object at its owner. */
    public String className() {
        return real().className;
    }

    byte[] types() {
        return real().types;
    }

    /** Makes `self` the proxy of this id unless there is one already; to be called by the constructor of a root proxy. */
    public synchronized Ref bind(Object self) {
        if (proxy == null || proxy.get() == null) proxy = new WeakReference<>(self);
        return this;
    }

    synchronized Object proxy() {
        return proxy == null ? null : proxy.get();
    }

    @Override
    public String toString() {
        return isSettled() ? id() + " (" + className() + ")" : late.toString();
    }
}
