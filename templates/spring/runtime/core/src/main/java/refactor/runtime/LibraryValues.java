package refactor.runtime;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.text.FieldPosition;
import java.text.ParsePosition;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The platform's value types: how each is written and read. The tag on the wire is the class name. */
final class LibraryValues {
    /** Writes and reads the objects of one platform class. */
    abstract static class Codec<T> {
        final String name;

        Codec(String name) {
            this.name = name;
        }

        abstract void write(T value, Marshal out);

        abstract T read(Unmarshal in);
    }

    private static final Map<Class<?>, Codec<?>> BY_CLASS = new HashMap<>();
    private static final Map<String, Codec<?>> BY_NAME = new HashMap<>();

    static {
        text(BigDecimal.class, BigDecimal::toString, BigDecimal::new);
        text(BigInteger.class, BigInteger::toString, BigInteger::new);
        text(UUID.class, UUID::toString, UUID::fromString);
        text(java.net.URI.class, Object::toString, java.net.URI::create);
        text(java.net.URL.class, java.net.URL::toExternalForm, LibraryValues::url);
        text(Currency.class, Currency::getCurrencyCode, Currency::getInstance);
        text(java.time.Instant.class, Object::toString, java.time.Instant::parse);
        text(java.time.LocalDate.class, Object::toString, java.time.LocalDate::parse);
        text(java.time.LocalTime.class, Object::toString, java.time.LocalTime::parse);
        text(java.time.LocalDateTime.class, Object::toString, java.time.LocalDateTime::parse);
        text(java.time.OffsetDateTime.class, Object::toString, java.time.OffsetDateTime::parse);
        text(java.time.OffsetTime.class, Object::toString, java.time.OffsetTime::parse);
        text(java.time.ZonedDateTime.class, Object::toString, java.time.ZonedDateTime::parse);
        text(java.time.Duration.class, Object::toString, java.time.Duration::parse);
        text(java.time.Period.class, Object::toString, java.time.Period::parse);
        text(java.time.Year.class, Object::toString, java.time.Year::parse);
        text(java.time.YearMonth.class, Object::toString, java.time.YearMonth::parse);
        text(java.time.MonthDay.class, Object::toString, java.time.MonthDay::parse);
        text(java.math.MathContext.class, Object::toString, java.math.MathContext::new);
        text(java.nio.file.attribute.FileTime.class, Object::toString, v -> java.nio.file.attribute.FileTime.from(java.time.Instant.parse(v)));
        text(java.util.logging.Logger.class, java.util.logging.Logger::getName, java.util.logging.Logger::getLogger);
        text(DateTimeFormatter.class, LibraryValues::nameOf, LibraryValues::formatter);
        text(java.time.ZoneOffset.class, java.time.ZoneOffset::getId, java.time.ZoneOffset::of);
        alias(java.time.ZoneId.of("Europe/Paris").getClass(), text(java.time.ZoneId.class, java.time.ZoneId::getId, java.time.ZoneId::of));
        Codec<?> charset = text(Charset.class, Charset::name, Charset::forName);
        for (Charset each : List.of(java.nio.charset.StandardCharsets.UTF_8, java.nio.charset.StandardCharsets.US_ASCII,
                java.nio.charset.StandardCharsets.ISO_8859_1, java.nio.charset.StandardCharsets.UTF_16,
                java.nio.charset.StandardCharsets.UTF_16BE, java.nio.charset.StandardCharsets.UTF_16LE)) alias(each.getClass(), charset);
        list(Locale.class, v -> List.of(v.toLanguageTag(), v.getLanguage(), v.getCountry(), v.getVariant()), LibraryValues::locale);
        list(Pattern.class, v -> List.of(v.pattern(), v.flags()), v -> Pattern.compile((String) v.get(0), (Integer) v.get(1)));
        Codec<?> zone = text(TimeZone.class, TimeZone::getID, TimeZone::getTimeZone);
        alias(TimeZone.getTimeZone("Europe/Paris").getClass(), zone);
        list(SimpleTimeZone.class, LibraryValues::withoutRules, v -> new SimpleTimeZone((Integer) v.get(0), (String) v.get(1)));
        list(Optional.class, v -> Collections.singletonList(v.orElse(null)), v -> Optional.ofNullable(v.get(0)));
        list(OptionalInt.class, v -> v.isPresent() ? List.of(v.getAsInt()) : List.of(),
            v -> v.isEmpty() ? OptionalInt.empty() : OptionalInt.of((Integer) v.get(0)));
        list(OptionalLong.class, v -> v.isPresent() ? List.of(v.getAsLong()) : List.of(),
            v -> v.isEmpty() ? OptionalLong.empty() : OptionalLong.of((Long) v.get(0)));
        list(OptionalDouble.class, v -> v.isPresent() ? List.of(v.getAsDouble()) : List.of(),
            v -> v.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of((Double) v.get(0)));
        text(java.io.File.class, java.io.File::getPath, java.io.File::new);
        alias(java.nio.file.Path.of("x").getClass(), text(java.nio.file.Path.class, Object::toString, java.nio.file.Path::of));
        list(java.net.InetAddress.class, v -> List.of(v.toString().substring(0, v.toString().indexOf(47)), v.getAddress()), LibraryValues::address);
        alias(java.net.Inet4Address.class, BY_NAME.get("java.net.InetAddress"));
        alias(java.net.Inet6Address.class, BY_NAME.get("java.net.InetAddress"));
        list(StackTraceElement.class, v -> List.of(Thrown.text(v)), v -> Thrown.frame((String) v.get(0)));
        PageValues.register();
    }

    private LibraryValues() {}

    private static <T> Codec<T> add(Class<T> type, Codec<T> codec) {
        BY_CLASS.put(type, codec);
        BY_NAME.put(codec.name, codec);
        return codec;
    }

    private static void alias(Class<?> type, Codec<?> codec) {
        BY_CLASS.put(type, codec);
    }

    private static <T> Codec<T> text(Class<T> type, Function<? super T, String> write, Function<String, ? extends T> read) {
        return add(type, new Codec<T>(type.getName()) {
            @Override
            void write(T value, Marshal out) {
                out.out.string(write.apply(value));
            }

            @Override
            T read(Unmarshal in) {
                return read.apply(in.in.string());
            }
        });
    }

    static <T> void list(Class<T> type, Function<? super T, List<?>> write, Function<List<Object>, ? extends T> read) {
        add(type, new Codec<T>(type.getName()) {
            @Override
            void write(T value, Marshal out) {
                out.out.open('[');
                for (Object each : write.apply(value)) out.value(each);
                out.out.close(']');
            }

            @Override
            T read(Unmarshal in) {
                return read.apply(in.values());
            }
        });
    }

    @SuppressWarnings("unchecked")
    static Codec<Object> find(Class<?> type) {
        return (Codec<Object>) BY_CLASS.get(type);
    }

    static Codec<?> find(String tag) {
        return BY_NAME.get(tag);
    }

    static boolean has(String className) {
        return BY_NAME.containsKey(className);
    }

    private static java.net.URL url(String text) {
        try {
            return new java.net.URL(text);
        } catch (java.net.MalformedURLException e) {
            throw new UnsupportedValue("this process has no handler for the URL " + text, e);
        }
    }

    private static java.net.InetAddress address(List<Object> parts) {
        try {
            return java.net.InetAddress.getByAddress((String) parts.get(0), (byte[]) parts.get(1));
        } catch (java.net.UnknownHostException e) {
            throw new JsonReader.Malformed("bad address: " + e.getMessage());
        }
    }

    /** The rules of daylight saving cannot be read from a zone: a copy would tell other times. */
    private static List<?> withoutRules(SimpleTimeZone zone) {
        if (zone.useDaylightTime()) {
            throw new UnsupportedValue("a java.util.SimpleTimeZone with daylight saving cannot be copied (" + zone.getID() + "): use a zone of"
                + " the platform's, or keep the classes that share it in one part");
        }
        return List.of(zone.getRawOffset(), zone.getID());
    }

    /** Formatters have no readable form; the platform's constants are known by name. */
    private static String nameOf(DateTimeFormatter formatter) {
        try {
            for (java.lang.reflect.Field field : DateTimeFormatter.class.getFields()) {
                if (field.getType() == DateTimeFormatter.class && field.get(null) == formatter) return field.getName();
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("public constants are readable", e);
        }
        throw new UnsupportedValue("a java.time.format.DateTimeFormatter made from a pattern cannot be copied (" + formatter
            + "): pass the pattern, or keep the classes that share it in one part");
    }

    private static DateTimeFormatter formatter(String name) {
        try {
            return (DateTimeFormatter) DateTimeFormatter.class.getField(name).get(null);
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new JsonReader.Malformed("no formatter " + name);
        }
    }

    private static Locale locale(List<Object> parts) {
        Locale locale = Locale.forLanguageTag((String) parts.get(0));
        boolean same = locale.getLanguage().equals(parts.get(1)) && locale.getCountry().equals(parts.get(2))
            && locale.getVariant().equals(parts.get(3));
        return same ? locale : new Locale((String) parts.get(1), (String) parts.get(2), (String) parts.get(3));
    }

    /** Mutable carriers of one call: copied there, and their contents copied back. */
    static boolean isRestored(Class<?> type) {
        return type == StringBuilder.class || type == StringBuffer.class || FieldPosition.class.isAssignableFrom(type)
            || type == ParsePosition.class || type == Date.class || type == java.sql.Date.class || type == java.sql.Time.class
            || type == java.sql.Timestamp.class;
    }

    /** The platform has private FieldPositions; the plain one does for the callee. */
    static String restoredTag(Object value) {
        return value instanceof FieldPosition ? FieldPosition.class.getName() : value.getClass().getName();
    }

    static void writeContents(Object value, Marshal out) {
        if (value instanceof CharSequence text) {
            out.out.string(text.toString());
        } else if (value instanceof java.sql.Timestamp stamp) {
            out.out.open('[').number(stamp.getTime()).number(stamp.getNanos()).close(']');
        } else if (value instanceof Date date) {
            out.out.number(date.getTime());
        } else if (value instanceof ParsePosition position) {
            out.out.open('[').number(position.getIndex()).number(position.getErrorIndex()).close(']');
        } else {
            FieldPosition position = (FieldPosition) value;
            out.out.open('[').number(position.getField()).number(position.getBeginIndex()).number(position.getEndIndex()).close(']');
        }
    }

    static Object readRestored(String className, Unmarshal in) {
        Object value;
        switch (className) {
            case "java.lang.StringBuilder": value = new StringBuilder(); break;
            case "java.lang.StringBuffer": value = new StringBuffer(); break;
            case "java.util.Date": value = new Date(0); break;
            case "java.sql.Date": value = new java.sql.Date(0); break;
            case "java.sql.Time": value = new java.sql.Time(0); break;
            case "java.sql.Timestamp": value = new java.sql.Timestamp(0); break;
            case "java.text.ParsePosition": value = new ParsePosition(0); break;
            default: value = new FieldPosition(in.fieldOfPosition());
        }
        readContents(value, in);
        return value;
    }

    static void readContents(Object value, Unmarshal in) {
        if (value instanceof StringBuilder builder) {
            replace(builder, in.in.string());
        } else if (value instanceof StringBuffer buffer) {
            String text = in.in.string();
            if (!buffer.toString().equals(text)) {
                buffer.setLength(0);
                buffer.append(text);
            }
        } else if (value instanceof java.sql.Timestamp stamp) {
            in.in.open('[');
            in.in.element();
            stamp.setTime(in.in.integer()); // resets the nanoseconds
            in.in.element();
            stamp.setNanos((int) in.in.integer());
            if (in.in.element()) throw in.in.malformed("two numbers make a timestamp");
        } else if (value instanceof Date date) {
            date.setTime(in.in.integer());
        } else {
            in.in.open('[');
            List<Integer> numbers = new ArrayList<>();
            while (in.in.element()) numbers.add((int) in.in.integer());
            if (value instanceof ParsePosition position) {
                position.setIndex(numbers.get(0));
                position.setErrorIndex(numbers.get(1));
            } else if (value instanceof FieldPosition position) {
                position.setBeginIndex(numbers.get(1));
                position.setEndIndex(numbers.get(2));
            }
        }
    }

    private static void replace(StringBuilder builder, String text) {
        if (builder.toString().contentEquals(text)) return;
        builder.setLength(0);
        builder.append(text);
    }
}
