"""Build plug-ins that make code: sources before compilation, or changed classes after it.

They are the only plug-ins, besides those that compile and test, without which a monolith is not itself.
"""

from __future__ import annotations

from refactor.frontend.project.model import PluginConfig

_KNOWN = {
    "antlr3-maven-plugin": "sources",
    "antlr4-maven-plugin": "sources",
    "avro-maven-plugin": "sources",
    "axistools-maven-plugin": "sources",
    "cxf-codegen-plugin": "sources",
    "cxf-xjc-plugin": "sources",
    "graphqlcodegen-maven-plugin": "sources",
    "javacc-maven-plugin": "sources",
    "jaxb2-maven-plugin": "sources",
    "jaxb-maven-plugin": "sources",
    "jaxb30-maven-plugin": "sources",
    "jaxws-maven-plugin": "sources",
    "jflex-maven-plugin": "sources",
    "jooq-codegen-maven": "sources",
    "jsonschema2pojo-maven-plugin": "sources",
    "maven-jaxb2-plugin": "sources",
    "modello-maven-plugin": "sources",
    "openapi-generator-maven-plugin": "sources",
    "protobuf-maven-plugin": "sources",
    "querydsl-maven-plugin": "sources",
    "swagger-codegen-maven-plugin": "sources",
    "templating-maven-plugin": "sources",
    "thrift-maven-plugin": "sources",
    "apt-maven-plugin": "sources",
    "kotlin-maven-plugin": "classes",
    "gmavenplus-plugin": "classes",
    "scala-maven-plugin": "classes",
    "aspectj-maven-plugin": "weaving",
    "byte-buddy-maven-plugin": "weaving",
    "datanucleus-maven-plugin": "weaving",
    "eclipselink-maven-plugin": "weaving",
    "hibernate-enhance-maven-plugin": "weaving",
    "hibernate-maven-plugin": "weaving",
    "javassist-maven-plugin": "weaving",
    "jpa-enhancer-maven-plugin": "weaving",
    "openjpa-maven-plugin": "weaving",
}


def makes(plugin: PluginConfig) -> str | None:
    """What the plug-in makes ("sources", "classes", "weaving"), or None for one that the result does not depend on.

    A plug-in only counts with an execution: a mere version or configuration binds it to no phase.
    """
    if not any(execution.goals or execution.phase for execution in plugin.executions):
        return None
    return _KNOWN.get(plugin.artifact)
