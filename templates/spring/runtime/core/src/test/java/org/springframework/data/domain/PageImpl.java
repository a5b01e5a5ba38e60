package org.springframework.data.domain;

import java.util.List;

/** A stand-in with the members of Spring Data's class that the runtime calls. */
public class PageImpl<T> {
    private final List<T> content;
    private final Pageable pageable;
    private final long total;

    public PageImpl(List<T> content, Pageable pageable, long total) {
        this.content = List.copyOf(content);
        this.pageable = pageable;
        this.total = total;
    }

    public List<T> getContent() {
        return content;
    }

    public Pageable getPageable() {
        return pageable;
    }

    public long getTotalElements() {
        return total;
    }
}
