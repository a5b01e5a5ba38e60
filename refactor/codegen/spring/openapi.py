"""`openapi.json`: every endpoint of one service, as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from refactor.codegen.spring.beans import controllers
from refactor.codegen.spring.javatypes import render
from refactor.codegen.spring.manifest import skeletons
from refactor.codegen.spring.members import Operation
from refactor.codegen.spring.proxymembers import is_inner
from refactor.codegen.spring.skeleton import operations_served, served_classes
from refactor.codegen.spring.world import World
from refactor.ir.symbols import ClassKind, ClassSymbol, Flags
from refactor.ir.types import STRING, VOID, ArrayType, ClassType, PrimitiveType, Type
from refactor.isolate.plan import EndpointKind, PartPlan, Passing
from refactor.support.jsontext import indented

_NUMBERS = {
    "byte": ("integer", None), "short": ("integer", None), "int": ("integer", "int32"), "long": ("integer", "int64"),
    "float": ("number", "float"), "double": ("number", "double"),
}  # fmt: skip
_WITH_SELF = frozenset({EndpointKind.METHOD, EndpointKind.GET, EndpointKind.SET})


def openapi(world: World, part: PartPlan, project: str, version: str) -> str:
    """The document of one part as JSON text; paths sorted."""
    paths: dict[str, Any] = {}
    for top in skeletons(world, part):
        for cls in served_classes(world, top, part.name):
            for operation in operations_served(world, cls, part.name):
                paths[f"/api/{cls.name}/{operation.name}"] = {"post": _operation(world, cls, operation)}
    web = controllers(world, part)
    said = f"Calls between parts. The application's own web requests of {', '.join(web)} are answered by this service, too." if web else ""
    document = {
        "openapi": "3.1.0",
        "info": {"title": f"{project}: {part.name}", "version": version} | ({"description": said} if said else {}),
        "servers": [{"url": f"http://127.0.0.1:{part.port}"}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": _components(),
    }
    return indented(document) + "\n"


def _operation(world: World, cls: ClassSymbol, operation: Operation) -> dict[str, Any]:
    arguments, result = _signature(world, cls, operation)
    by_self = operation.kind in _WITH_SELF and cls.kind is not ClassKind.ENUM
    properties: dict[str, Any] = {"self": {"$ref": "#/components/schemas/Reference"}} if by_self else {}
    properties["args"] = {"type": "array", "prefixItems": arguments, "minItems": len(arguments), "items": False}
    answer = {"type": "null"} if result is None else result
    return {
        "operationId": f"{cls.name}.{operation.name}",
        "summary": f"{operation.kind.value}: {operation.member}",
        "tags": [cls.name],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object", "properties": properties, "required": list(properties)}}},
        },
        "responses": {
            "200": {
                "description": "The result.",
                "content": {"application/json": {"schema": {"type": "object", "properties": {"result": answer}}}},
            },
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _signature(world: World, cls: ClassSymbol, operation: Operation) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Schemas of the arguments and of the result; None: void."""
    own = [schema(world, cls.type())]
    method, field = operation.method, operation.field
    if method is not None:
        inner = method.is_constructor and is_inner(world, cls)
        constant = cls.kind is ClassKind.ENUM and not method.flags & Flags.STATIC
        first = [schema(world, world.program.classes[cls.outer or ""].type())] if inner else own if constant else []
        arguments = [*first, *(schema(world, p.type) for p in method.params)]
        if method.is_constructor:
            return arguments, own[0]
        return arguments, None if method.result == VOID else schema(world, method.result)
    assert field is not None
    first = own if cls.kind is ClassKind.ENUM and not field.flags & Flags.STATIC else []
    type_ = schema(world, field.type)
    return ([*first, type_] if operation.kind in (EndpointKind.SET, EndpointKind.STATIC_SET) else first), type_


def schema(world: World, type_: Type) -> dict[str, Any]:
    """The JSON form of a Java type; `x-java-type` says what it is in the program."""
    if isinstance(type_, PrimitiveType):
        if type_.name in _NUMBERS:
            kind, format_ = _NUMBERS[type_.name]
            return {"type": kind, **({"format": format_} if format_ else {})}
        return {"type": "boolean"} if type_.name == "boolean" else {"type": "string", "minLength": 1, "maxLength": 1}
    java = render(world.program, type_)
    if type_ == STRING:
        return {"type": ["string", "null"]}
    if isinstance(type_, ArrayType):
        return {"$ref": "#/components/schemas/Array", "x-java-type": java}
    known = world.program.classes.get(type_.name) if isinstance(type_, ClassType) else None
    if known is not None and world.passes(known.name) in (Passing.VALUE, Passing.EXCEPTION, Passing.ENUM):
        return {"$ref": "#/components/schemas/Value", "x-java-type": java}
    return {"$ref": "#/components/schemas/Reference" if known is not None else "#/components/schemas/Any", "x-java-type": java}


def _components() -> dict[str, Any]:
    return {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "REFACTOR_TOKEN of this deployment"}},
        "schemas": {
            "Reference": {
                "description": "An object that stays with its owner: an id and the class it has there; null for null.",
                "type": ["object", "null"],
            },
            "Value": {"description": "A copy: the class's name and its fields.", "type": ["object", "string", "null"]},
            "Array": {
                "description": "A copy of an array; what the callee stores in it comes back with the answer.",
                "type": ["object", "null"],
            },
            "Any": {"description": "Decided by the run-time class of the value."},
            "Problem": {
                "description": "RFC 9457. An exception of the program is in `thrown`.",
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "thrown": {"$ref": "#/components/schemas/Value"},
                },
            },
        },
        "responses": {
            "Problem": {
                "description": "The call did not return.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
        },
    }
