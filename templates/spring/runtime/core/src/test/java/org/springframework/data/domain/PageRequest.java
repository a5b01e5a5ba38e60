package org.springframework.data.domain;

/** A stand-in with the members of Spring Data's class that the runtime calls. */
public class PageRequest implements Pageable {
    private final int number;
    private final int size;
    private final Sort sort;

    private PageRequest(int number, int size, Sort sort) {
        this.number = number;
        this.size = size;
        this.sort = sort;
    }

    public static PageRequest of(int number, int size, Sort sort) {
        return new PageRequest(number, size, sort);
    }

    @Override
    public int getPageNumber() {
        return number;
    }

    @Override
    public int getPageSize() {
        return size;
    }

    @Override
    public Sort getSort() {
        return sort;
    }

    @Override
    public String toString() {
        return number + "/" + size + sort;
    }
}
