package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages of Spring Data, and requests for them, by copy; what is on a page travels as it would alone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PagesTest {
    private static final String MAIN = """
        public class Main {
            public static String pages() {
                Book first = new Book(1);
                Shelf shelf = new Shelf(first);
                var sort = org.springframework.data.domain.Sort.by(List.of(org.springframework.data.domain.Sort.Order.asc("a"),
                    org.springframework.data.domain.Sort.Order.desc("b").ignoreCase().nullsFirst()));
                var page = shelf.page(org.springframework.data.domain.PageRequest.of(2, 5, sort));
                var all = shelf.page(org.springframework.data.domain.Pageable.unpaged());
                return page.getTotalElements() + " " + page.getPageable() + " " + (page.getContent().get(0) == first) + page.getContent().get(1).number()
                    + (all.getPageable() == org.springframework.data.domain.Pageable.unpaged()) + page.getContent().getClass().getSimpleName();
            }
        }
        """;
    private static final String SHELF = """
        public class Shelf {
            private final Book first;
            public Shelf(Book first) { this.first = first; }
            public org.springframework.data.domain.PageImpl<Book> page(org.springframework.data.domain.Pageable request) {
                return new org.springframework.data.domain.PageImpl<>(List.of(first, new Book(7)), request, 12L);
            }
        }
        """;
    private static final String BOOK = "public class Book { private int number; public Book(int number) { this.number = number; } "
        + "public int number() { return number; } }";

    @Test
    void pagesAreCopied() throws Throwable {
        try (Program program = new Program().place("main", MAIN).place("shop", SHELF, BOOK).start()) {
            assertEquals(program.whole("pages"), program.split("pages"));
        }
    }
}
