package org.springframework.data.domain;

/** A stand-in with the members of Spring Data's interface that the runtime calls. */
public interface Pageable {
    int getPageNumber();

    int getPageSize();

    Sort getSort();

    static Pageable unpaged() {
        return Unpaged.INSTANCE;
    }
}

enum Unpaged implements Pageable {
    INSTANCE;

    @Override
    public int getPageNumber() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getPageSize() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Sort getSort() {
        return Sort.unsorted();
    }
}
