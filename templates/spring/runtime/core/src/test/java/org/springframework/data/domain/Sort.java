package org.springframework.data.domain;

import java.util.Iterator;
import java.util.List;

/** A stand-in with the members of Spring Data's class that the runtime calls. */
public class Sort implements Iterable<Sort.Order> {
    private final List<Order> orders;

    private Sort(List<Order> orders) {
        this.orders = orders;
    }

    public static Sort by(String... properties) {
        throw new UnsupportedOperationException(String.join(",", properties));
    }

    public static Sort by(List<Order> orders) {
        return new Sort(orders);
    }

    public static Sort unsorted() {
        return new Sort(List.of());
    }

    @Override
    public Iterator<Order> iterator() {
        return orders.iterator();
    }

    @Override
    public String toString() {
        return orders.toString();
    }

    public enum Direction { ASC, DESC }

    public enum NullHandling { NATIVE, NULLS_FIRST, NULLS_LAST }

    public record Order(String getProperty, Direction getDirection, boolean isIgnoreCase, NullHandling getNullHandling) {
        public static Order asc(String property) {
            return new Order(property, Direction.ASC, false, NullHandling.NATIVE);
        }

        public static Order desc(String property) {
            return new Order(property, Direction.DESC, false, NullHandling.NATIVE);
        }

        public Order ignoreCase() {
            return new Order(getProperty, getDirection, true, getNullHandling);
        }

        public Order nullsFirst() {
            return new Order(getProperty, getDirection, isIgnoreCase, NullHandling.NULLS_FIRST);
        }

        public Order nullsLast() {
            return new Order(getProperty, getDirection, isIgnoreCase, NullHandling.NULLS_LAST);
        }
    }
}
