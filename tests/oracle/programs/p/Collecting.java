package p;

import java.util.*; import java.util.function.*; import java.util.stream.*;
/** Collectors with factories: inference through nested calls, lambdas and generic constructor references. */
class Collecting {
  static class Person { String name; int age; String getName() { return name; } int getAge() { return age; } }
  void a(List<Person> people) {
    people.stream().collect(Collectors.toMap(Person::getName, Function.identity(), (a, b) -> a, LinkedHashMap::new)).values().iterator().next().getAge();
  }
  void b(List<Person> people) {
    people.stream().collect(Collectors.toMap(p -> p.name, p -> p, (a, b) -> a, () -> new TreeMap<>())).values().iterator().next().getAge();
  }
  void c(List<Person> people) {
    people.stream().collect(Collectors.groupingBy(p -> p.name, TreeMap::new, Collectors.mapping(p -> p.age, Collectors.toSet()))).firstEntry().getValue().iterator().next().intValue();
  }
  void c2(List<Person> people) {
    people.stream().collect(Collectors.groupingBy(p -> p.name, TreeMap::new, Collectors.toList())).firstEntry().getValue().iterator().next().getAge();
  }
  void c3(List<Person> people) {
    people.stream().collect(Collectors.groupingBy(p -> p.name, Collectors.mapping(p -> p.age, Collectors.toSet()))).get("x").iterator().next().intValue();
  }
  void d(List<Person> people) {
    people.stream().collect(Collectors.collectingAndThen(Collectors.toList(), Collections::unmodifiableList)).get(0).getName();
  }
  void d2(List<Person> people) {
    people.stream().collect(Collectors.collectingAndThen(Collectors.toList(), l -> l)).get(0).getName();
  }
  void e() { ThreadLocal<List<String>> tl = ThreadLocal.withInitial(ArrayList::new); tl.get().add("x"); }
  void f() { Enum.valueOf(Thread.State.class, "NEW").ordinal(); String.class.cast("x").length(); Collections.<String>emptyList().get(0).trim(); }
}
