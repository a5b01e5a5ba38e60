"""Caches by annotation and by hand: all users of a name stay together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.ir.program import Program
from tests.frameworks.test_events import APP, refused, ties

Spring = Callable[..., Program]

EDIT = "@Component public class Edit { int n; "
BY_HAND = f"{EDIT}@Autowired CacheManager all; "
EDITORS = {
    "plain": EDIT + '@CacheEvict(cacheNames = "prices", key = "#i") public void set(int i) { n++; } }',
    "by value": EDIT + '@CacheEvict({"other", "prices"}) public void set(int i) { n++; } }',
    "grouped": EDIT + '@Caching(evict = {@CacheEvict("x"), @CacheEvict("prices")}) public void set() { n++; } }',
    "whole class": '@Component @CacheEvict("prices") public class Edit { int n; public void set(int i) { n++; } }',
    "names of the class":
        '@Component @CacheConfig(cacheNames = "prices") public class Edit { int n; @CacheEvict public void set() { n++; } }',
    "a constant": EDIT + "@CacheEvict(a.Names.PRICES) public void set(int i) { n++; } }",
    "inherited": "@Component public class Edit extends b.Base { int n; public void more() { n++; } }",
    "interface": "@Component public class Edit implements b.Edits { int n; public void set(int i) { n++; } }",
    "composed": EDIT + "@b.Emptied public void set(int i) { n++; } }",
    "composed with an alias": EDIT + '@b.Empties(of = "prices") public void set(int i) { n++; } }',
    "JSR 107": EDIT + '@javax.cache.annotation.CacheRemove(cacheName = "prices") public void set() { n++; } }',
    "resolver": EDIT + '@Cacheable(cacheResolver = "r") public Object set(int i) { return n++; } }',
    "by hand": BY_HAND + 'public void set() { n++; all.getCache("prices"); } }',
    "by hand, any": BY_HAND + "public void set(String s) { n++; all.getCache(s); } }",
    "method reference": BY_HAND + "public void set(List<String> names) { n++; names.forEach(all::getCache); } }",
}
ABOVE = {
    "a.Names": 'public interface Names { String PRICES = "prices"; }',
    "b.Base": 'public abstract class Base { @CacheEvict("prices") public void set(int i) {} }',
    "b.Edits": 'public interface Edits { @CacheEvict("prices") void set(int i); }',
    "b.Emptied": '@CacheEvict("prices") public @interface Emptied {}',
    "b.Empties":
        '@CacheEvict public @interface Empties { @AliasFor(annotation = CacheEvict.class, attribute = "cacheNames") String[] of(); }',
    "a.Read": '@Component public class Read { int n; @Cacheable("prices") public Integer of(int i) { return n++; } }',
}


@pytest.mark.parametrize("form", EDITORS)
def test_who_uses_a_cache_of_one_name_stays_together(spring: Spring, form: str) -> None:
    plan = refused(spring({**APP, **ABOVE, "b.Edit": EDITORS[form]}))
    assert ("a.Read", "b.Edit") in ties(plan), plan.refusals


def test_caches_of_other_names_may_be_elsewhere(spring: Spring) -> None:
    other = '@Component @CacheConfig(cacheNames = "other") public class Edit { int n; @CacheEvict public void set() { n++; } }'
    assert refused(spring({**APP, **ABOVE, "b.Edit": other})).refusals == ()


def test_a_test_that_empties_a_cache_is_where_it_is(spring: Spring) -> None:
    test = '@SpringBootTest public class EmptyTest { @Autowired CacheManager all; @Test void t() { all.getCache("prices"); } }'
    assert [t.placements for t in refused(spring({**APP, **ABOVE, "b.EmptyTest": test})).tests] == [("a",)]


def test_configuration_of_every_container_sets_up_the_cache_of_each(spring: Spring) -> None:
    setup = '@Configuration public class Setup { @Bean WebMvcConfigurer made(CacheManager all) { all.getCache("prices"); return null; } }'
    configurer = {"org.springframework.web.servlet.config.annotation.WebMvcConfigurer": "public interface WebMvcConfigurer {}"}
    plan = refused(spring({**APP, **ABOVE, "b.Setup": setup}, configurer))
    assert plan.refusals == ()
    assert {c.name: c.role.value for c in plan.classes}["b.Setup"] == "replicated"
