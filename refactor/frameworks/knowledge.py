"""What is known of a dependency-injection framework, read once from its TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from refactor.support.resources import resource


@dataclass(frozen=True, slots=True)
class Serving:
    """Beans of these types, and classes with these annotations, act on others of their container.

    `concerns`: "*", "controllers", "repositories", or annotations of whoever is affected. `requests`: types that who asks for is affected.
    `told`: they act only on what their methods are given.
    """

    marks: frozenset[str]
    types: frozenset[str]
    concerns: tuple[str, ...]
    requests: frozenset[str]
    told: bool = False


@dataclass(frozen=True, slots=True)
class Container:
    """grammars/java/frameworks/spring.toml, typed. All names are binary class names, but for `lookups` (method names)."""

    stereotypes: frozenset[str]
    methods: frozenset[str]
    repositories: frozenset[str]
    repository_marks: frozenset[str]
    not_repositories: frozenset[str]
    imports: frozenset[str]
    settings: frozenset[str]
    settings_marks: frozenset[str]
    mapper_scans: frozenset[str]
    generated: frozenset[str]
    factories: frozenset[str]
    registrars: frozenset[str]
    register_calls: frozenset[str]
    bean_files: frozenset[str]
    settings_scans: frozenset[str]
    lookups_of_many: frozenset[str]
    surveys: frozenset[str]
    lookup_methods: frozenset[str]
    value_marks: frozenset[str]
    expression_marks: tuple[str, ...]
    odd_traits: frozenset[str]
    ordered: frozenset[str]
    same_conditions: frozenset[str]
    conditions: frozenset[str]
    application: frozenset[str]
    scans: frozenset[str]
    works: frozenset[str]
    work_marks: frozenset[str]
    works_once: frozenset[str]
    works_once_methods: frozenset[str]
    work_marks_once: frozenset[str]
    filled: frozenset[str]
    stateless_types: frozenset[str]
    injected: frozenset[str]
    wrappers: frozenset[str]
    lookups: frozenset[str]
    lookup_owners: tuple[str, ...]
    primary: frozenset[str]
    qualifier: frozenset[str]
    order: frozenset[str]
    profile: frozenset[str]
    scope: frozenset[str]
    full_context: frozenset[str]
    slices: tuple[str, str]
    test_settings: frozenset[str]
    setting_values: frozenset[str]
    test_scripts: frozenset[str]
    renewed: frozenset[str]
    transactional: frozenset[str]
    infrastructure: tuple[str, ...]
    infrastructure_suffixes: tuple[str, ...]
    advice: frozenset[str]
    container_interfaces: frozenset[str]
    configurations: frozenset[str]
    serving: tuple[Serving, ...]
    gathered: frozenset[str]
    passive: frozenset[str]
    harmless_switches: frozenset[str]
    converters: frozenset[str]
    controllers: frozenset[str]
    mappings: frozenset[str]
    server_side: frozenset[str]
    listeners: frozenset[str]
    listener_interfaces: frozenset[str]
    publishers: frozenset[str]
    own_events: tuple[str, ...]
    listener_calls: frozenset[str]
    payloads: frozenset[str]
    any_event: frozenset[str]
    life_events: tuple[str, ...]
    registering: frozenset[str]
    domain_events: frozenset[str]
    recorders: frozenset[str]
    cache_marks: frozenset[str]
    cache_defaults: frozenset[str]
    cache_deciders: tuple[str, ...]
    cache_managers: frozenset[str]
    cache_calls: frozenset[str]
    aspects: frozenset[str]
    implementations: frozenset[str]
    embedded: tuple[tuple[str, str], ...]
    in_memory: tuple[str, ...]
    quiet_data: tuple[str, ...]
    bean_mocks: frozenset[str]
    context_files: frozenset[str]
    questions: tuple[str, ...]
    every_request: frozenset[str]
    kept: tuple[str, ...]
    unseen: tuple[str, ...]
    inside: frozenset[str]
    inside_calls: frozenset[str]
    inside_owners: tuple[str, ...]
    bodies: frozenset[str]
    in_field_order: str

    def is_slice(self, annotation: str) -> bool:
        """Whether an annotation of this name starts a context with a part of the application."""
        prefix, suffix = self.slices
        return annotation.startswith(prefix) and annotation.endswith(suffix) and annotation not in self.full_context


@lru_cache(maxsize=1)
def container() -> Container:
    """before: spring.toml   after: Container"""
    data = tomllib.loads(resource("grammars/java/frameworks/spring.toml").read_text(encoding="utf-8"))
    beans, application, injection, traits, tests = (data[k] for k in ("beans", "application", "injection", "traits", "tests"))
    infrastructure = data["infrastructure"]
    serving = tuple(
        Serving(frozenset(s["marks"]), frozenset(s["types"]), tuple(s["concerns"]), frozenset(s.get("requests", ())), s.get("told", False))
        for s in data["serving"]
    )
    return Container(
        stereotypes=frozenset(beans["stereotypes"]),
        methods=frozenset(beans["methods"]),
        repositories=frozenset(beans["repositories"]),
        repository_marks=frozenset(beans["repository_marks"]),
        not_repositories=frozenset(beans["not_repositories"]),
        imports=frozenset(beans["imports"]),
        settings=frozenset(beans["settings"]),
        settings_marks=frozenset(beans["settings_marks"]),
        mapper_scans=frozenset(beans["mapper_scans"]),
        generated=frozenset(beans["generated"]),
        factories=frozenset(beans["factories"]),
        registrars=frozenset(beans["registrars"]),
        register_calls=frozenset(beans["register_calls"]),
        bean_files=frozenset(beans["files"]),
        settings_scans=frozenset(beans["settings_scans"]),
        lookups_of_many=frozenset(injection["lookups_of_many"]),
        surveys=frozenset(injection["surveys"]),
        lookup_methods=frozenset(injection["lookup_methods"]),
        value_marks=frozenset(injection["values"]),
        expression_marks=tuple(injection["expressions"]),
        odd_traits=frozenset(traits["odd"]),
        ordered=frozenset(traits["ordered"]),
        same_conditions=frozenset(traits["same_conditions"]),
        conditions=frozenset(traits["conditions"]),
        application=frozenset(application["marks"]),
        scans=frozenset(application["scans"]),
        works=frozenset(application["works"]),
        work_marks=frozenset(application["work_marks"]),
        works_once=frozenset(application["works_once"]),
        works_once_methods=frozenset(application["works_once_methods"]),
        work_marks_once=frozenset(application["work_marks_once"]),
        filled=frozenset(application["filled"]) | frozenset(injection["marks"]),
        stateless_types=frozenset(application["stateless_types"]),
        injected=frozenset(injection["marks"]),
        wrappers=frozenset(injection["wrappers"]),
        lookups=frozenset(injection["lookups"]),
        lookup_owners=tuple(injection["lookup_owners"]),
        primary=frozenset(traits["primary"]),
        qualifier=frozenset(traits["qualifier"]),
        order=frozenset(traits["order"]),
        profile=frozenset(traits["profile"]),
        scope=frozenset(traits["scope"]),
        full_context=frozenset(tests["full_context"]),
        test_settings=frozenset(tests["settings"]),
        setting_values=frozenset(tests["setting_values"]),
        test_scripts=frozenset(tests["scripts"]),
        renewed=frozenset(tests["renewed"]),
        slices=(tests["slice_prefix"], tests["slice_suffix"]),
        transactional=frozenset(tests["transactional"]),
        infrastructure=tuple(infrastructure["types"]),
        infrastructure_suffixes=tuple(infrastructure["suffixes"]),
        advice=frozenset(infrastructure["advice"]),
        container_interfaces=frozenset(infrastructure["interfaces"]),
        configurations=frozenset(infrastructure["configurations"]),
        serving=serving,
        gathered=frozenset(data["gathered"]["types"]).union(*(s.types for s in serving if not s.requests)),
        passive=frozenset(data["gathered"]["passive"]),
        harmless_switches=frozenset(data["gathered"]["harmless_switches"]),
        converters=frozenset(infrastructure["converters"]),
        controllers=frozenset(data["controllers"]["marks"]),
        mappings=frozenset(data["controllers"]["mappings"]),
        server_side=frozenset(tests["server_side"]),
        listeners=frozenset(data["events"]["listeners"]),
        listener_interfaces=frozenset(data["events"]["listener_interfaces"]),
        publishers=frozenset(data["events"]["publishers"]),
        own_events=tuple(data["events"]["own"]),
        listener_calls=frozenset(data["events"]["listener_calls"]),
        payloads=frozenset(data["events"]["payloads"]),
        any_event=frozenset(data["events"]["any"]),
        life_events=tuple(data["events"]["life"]),
        registering=frozenset(data["events"]["registering"]),
        domain_events=frozenset(data["events"]["domain_events"]),
        recorders=frozenset(data["events"]["recorders"]),
        cache_marks=frozenset(data["caches"]["marks"]),
        cache_defaults=frozenset(data["caches"]["defaults"]),
        cache_deciders=tuple(data["caches"]["deciders"]),
        cache_managers=frozenset(data["caches"]["managers"]),
        cache_calls=frozenset(data["caches"]["calls"]),
        aspects=frozenset(data["aspects"]["marks"]),
        implementations=frozenset(data["aspects"]["implementations"]),
        embedded=tuple((driver, name) for driver, name in data["databases"]["embedded"]),
        in_memory=tuple(data["databases"]["in_memory"]),
        quiet_data=tuple(data["databases"]["quiet"]),
        bean_mocks=frozenset(tests["bean_mocks"]),
        questions=tuple(data["questions"]["prefixes"]),
        every_request=frozenset(data["questions"]["every_request"]),
        context_files=frozenset(tests["context_files"]),
        kept=tuple(data["properties"]["kept"]),
        unseen=tuple(data["properties"]["unseen"]),
        inside=frozenset(data["properties"]["inside"]),
        inside_calls=frozenset(data["properties"]["inside_calls"]),
        inside_owners=tuple(data["properties"]["inside_owners"]),
        bodies=frozenset(data["properties"]["bodies"]),
        in_field_order=data["properties"]["in_field_order"],
    )
