package shop;

/** Replicated: implemented by the driver, called by orders. */
public interface Listener {
    int told(String what, int depth);
}
