package p;

import static java.util.Comparator.comparing;
import static java.util.Map.Entry.comparingByValue;
import static java.util.stream.Collectors.*;

import java.util.*;
import java.util.function.*;
import java.util.stream.*;

/** Inference: diamonds, chains, wildcards, captures, bounded variables, streams and collectors. */
class Generics<T extends Comparable<T>> {
    static class Node<K extends Comparable<K>, V> implements Comparable<Node<K, V>>, Map.Entry<K, V> {
        K key; V value; Node<K, V> next;
        Node(K key, V value) { this.key = key; this.value = value; }
        static <A extends Comparable<A>, B> Node<A, B> of(A a, B b) { return new Node<>(a, b); }
        public int compareTo(Node<K, V> o) { return key.compareTo(o.key); }
        public K getKey() { return key; }
        public V getValue() { return value; }
        public V setValue(V v) { V old = value; value = v; return old; }
        <R> Node<K, R> map(Function<? super V, ? extends R> f) { return new Node<>(key, f.apply(value)); }
    }
    static class Person { String name; int age; Person boss; List<Person> reports = new ArrayList<>();
        String getName() { return name; } int getAge() { return age; } Optional<Person> boss() { return Optional.ofNullable(boss); } List<Person> reports() { return reports; } }
    static class Sub<X> extends ArrayList<Map<String, X>> { Map<String, X> first() { return get(0); } }
    interface Shape { double area(); }
    interface Named { String name(); }
    record Square(double side) implements Shape, Named { public double area() { return side * side; } public String name() { return "square"; } }
    record Circle(double r) implements Shape, Named { public double area() { return Math.PI * r * r; } public String name() { return "circle"; } }

    T max(Collection<? extends T> all) { T best = null; for (T t : all) if (best == null || best.compareTo(t) < 0) best = t; return best; }
    static <E> E pick(E a, E b) { return a; }
    static <E extends Shape & Named> String both(E e) { return e.name() + e.area(); }
    static <A, B, C> Function<A, C> compose(Function<? super A, ? extends B> f, Function<? super B, ? extends C> g) { return a -> g.apply(f.apply(a)); }
    static <E> void swap(List<E> l, int i, int j) { E e = l.get(i); l.set(i, l.get(j)); l.set(j, e); }

    void use(List<Person> people, Map<String, List<Integer>> map, List<? extends Number> numbers, List<? super Integer> sink, Map<? extends String, ?> unknown) {
        Node<String, Integer> n = new Node<>("a", 1);
        n.next = Node.of("b", 2); n.next.key.length(); n.next.map(x -> x.toString()).getValue().isEmpty(); n.map(String::valueOf).value.trim();
        n.map(Object::toString).map(String::length).compareTo(n);
        for (Map.Entry<String, List<Integer>> e : map.entrySet()) { e.getKey().trim(); e.getValue().get(0).intValue(); for (int i : e.getValue()) String.valueOf(i); }
        for (var e : map.entrySet()) e.getValue().stream().mapToInt(Integer::intValue).sum();
        numbers.get(0).intValue(); sink.add(1); sink.get(0).hashCode(); for (Number x : numbers) x.longValue(); for (var e : unknown.entrySet()) { e.getKey().length(); e.getValue().toString(); }
        map.computeIfAbsent("k", k -> new ArrayList<>()).add(3); map.merge("k", List.of(1), (x, y) -> { x.addAll(y); return x; }).size();
        map.forEach((k, v) -> v.forEach(i -> k.charAt(i))); map.getOrDefault("x", Collections.emptyList()).isEmpty();
        people.stream().map(Person::getName).map(String::toUpperCase).filter(s -> s.startsWith("A")).sorted().collect(Collectors.toList()).get(0).length();
        people.stream().collect(groupingBy(Person::getAge)).get(1).get(0).getName();
        people.stream().collect(groupingBy(p -> p.name, TreeMap::new, mapping(p -> p.age, toSet()))).firstEntry().getValue().iterator().next().intValue();
        people.stream().collect(Collectors.toMap(Person::getName, Function.identity(), (a, b) -> a.age > b.age ? a : b, LinkedHashMap::new)).values().iterator().next().getAge();
        people.stream().collect(partitioningBy(p -> p.age > 3, counting())).get(true).longValue();
        people.stream().sorted(comparing(Person::getName).thenComparing(p -> p.age).reversed()).findFirst().map(p -> p.name).orElse("").length();
        people.sort(Comparator.comparing(p -> p.getName())); people.sort(Comparator.comparingInt(Person::getAge).thenComparing(Person::getName, Comparator.reverseOrder()));
        people.stream().flatMap(p -> p.reports().stream()).mapToInt(Person::getAge).max().orElse(0);
        people.stream().map(Person::boss).filter(Optional::isPresent).map(Optional::get).map(p -> p.name.length()).reduce(0, Integer::sum).byteValue();
        people.stream().map(p -> p.boss().flatMap(Person::boss).map(Person::getName).orElseGet(() -> "none")).collect(joining(", ")).trim();
        people.stream().collect(Collectors.collectingAndThen(toList(), Collections::unmodifiableList)).get(0).getName();
        map.entrySet().stream().filter(e -> e.getValue().size() > 1).sorted(Map.Entry.comparingByKey()).map(e -> e.getKey() + e.getValue().get(0)).forEach(System.out::println);
        Map<String, Integer> counts = new HashMap<>();
        counts.entrySet().stream().sorted(comparingByValue()).map(Map.Entry::getKey).findAny().get().length();
        counts.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed()).limit(3).map(e -> e.getKey()).toList().get(0).isBlank();
        counts.entrySet().stream().max(Map.Entry.comparingByValue(Comparator.naturalOrder())).get().getKey().length();
        Stream.of("a", "b").map(s -> s.split(",")).flatMap(Arrays::stream).map(Integer::parseInt).map(i -> i + 1).toArray(Integer[]::new)[0].toString();
        IntStream.range(0, 3).mapToObj(i -> new Person()).peek(p -> p.age++).map(Person::getName).collect(Collectors.toCollection(ArrayDeque::new)).peekFirst().trim();
        IntStream.rangeClosed(1, 3).boxed().collect(Collectors.toMap(i -> i, i -> "x" + i)).get(1).length();
        Stream.iterate(1, x -> x * 2).limit(5).mapToLong(Integer::longValue).summaryStatistics().getMax();
        Arrays.stream(new int[] {1}).mapToObj(Integer::toString).collect(Collectors.joining()).length(); Arrays.stream("a b".split(" ")).map(String::trim).count();
        pick(1, 2L).hashCode(); pick("a", new StringBuilder()).length(); pick(new ArrayList<String>(), new LinkedList<String>()).get(0).trim(); pick(1, 2).intValue(); pick(new Square(1), new Circle(2)).area();
        both(new Square(1)); compose(String::length, Integer::toBinaryString).apply("x").trim(); compose((String s) -> s.length(), i -> i.toString()).andThen(String::trim).apply("").isEmpty();
        swap(numbers, 0, 1); new Sub<Integer>().first().get("a").intValue(); new Sub<String>().get(0).values().iterator().next().trim(); new Sub<String>().stream().map(m -> m.get("x")).map(String::length);
        Supplier<Supplier<String>> ss = () -> () -> "x"; ss.get().get().length(); BinaryOperator<Integer> op = Math::max; op.apply(1, 2).intValue(); UnaryOperator<String> up = String::trim; up.andThen(String::length).apply("").intValue();
        Function<Integer, Function<Integer, Integer>> curry = a -> b -> a + b; curry.apply(1).apply(2).intValue(); Callback<String> cb = x -> x.length(); cb.call("x"); cb.twice("y");
        Collections.max(List.of(1, 2)).intValue(); Collections.sort(new ArrayList<>(List.of("a"))); Collections.unmodifiableMap(counts).get("a").intValue(); Collections.emptyMap().get("a"); Collections.<String>emptyList().get(0).trim();
        List<String> strings = new ArrayList<>(Arrays.asList("a")); strings.removeIf(String::isEmpty); strings.replaceAll(s -> s + "x"); strings.toArray(new String[strings.size()])[0].length(); strings.toArray(String[]::new)[0].trim();
        Iterator<String> it = strings.iterator(); while (it.hasNext()) it.next().trim(); Optional<? extends Number> on = Optional.of(1); on.get().intValue(); on.map(x -> x.doubleValue()).get().isNaN();
        Class<? extends Number> c = Integer.valueOf(1).getClass(); c.cast(1).intValue(); "x".getClass().getName(); this.getClass().getSimpleName(); String.class.cast("x").length(); Enum.valueOf(Thread.State.class, "NEW").ordinal();
        ThreadLocal<List<String>> tl = ThreadLocal.withInitial(ArrayList::new); tl.get().add("x"); new Generics<String>().max(List.of("a")).length(); Generics<Integer> gi = new Generics<>(); gi.max(List.of(1)).intValue();
        BiFunction<String, Integer, Character> bf = String::charAt; bf.apply("a", 0).charValue(); Function<String, Integer> ctor = Integer::new; ctor.apply("1").intValue(); IntFunction<List<String>[]> arr = List[]::new; arr.apply(1)[0].size();
        people.stream().map(p -> { if (p.age > 1) return p.name; else return "x"; }).forEach(s -> s.length()); people.stream().map(p -> p.age > 1 ? p.name : null).forEach(s -> s.length()); people.stream().map(p -> switch (p.age) { case 1 -> "a"; default -> p.name; }).forEach(s -> s.length());
        Map<Boolean, Map<Integer, List<String>>> deep = people.stream().collect(partitioningBy(p -> p.age > 1, groupingBy(Person::getAge, mapping(Person::getName, toList())))); deep.get(true).get(1).get(0).length();
        people.stream().collect(Collectors.teeing(counting(), averagingInt(Person::getAge), (count, avg) -> count + avg)).intValue(); people.parallelStream().reduce(0, (sum, p) -> sum + p.age, Integer::sum).intValue();
    }
    interface Callback<X> { int call(X x); default int twice(X x) { return call(x) + call(x); } }
    T[] array; List<T>[] lists; T[][] deep;
    void arrays() { array[0].compareTo(array[1]); lists[0].get(0).compareTo(null); deep[0][0].compareTo(array[0]); array.clone()[0].compareTo(null); int l = array.length + deep[0].length; for (T t : array) t.compareTo(t); for (T[] ts : deep) ts[0].compareTo(null); }
    void raw(List list, Map m, Comparable cmp, Node node) { list.add(1); list.get(0).hashCode(); m.entrySet().iterator().next(); cmp.compareTo("x"); for (Object o : list) o.toString(); node.getKey().compareTo(1); node.value.toString(); list.stream().map(x -> x).collect(toList()); new ArrayList(list).size(); Iterator i = list.iterator(); i.next().toString(); }
}
