"""Cls of a source class -> ClassSymbol, the form in which all later passes see it."""

from __future__ import annotations

from refactor.frontend.java.classes import Cls
from refactor.ir.symbols import Annotation, ClassSymbol, TypeParam


def class_symbol(cls: Cls, annotations: tuple[Annotation, ...] = ()) -> ClassSymbol:
    """The symbol of a source class whose members are known."""
    decl, source = cls.decl, cls.source
    assert decl is not None
    assert source is not None
    return ClassSymbol(
        name=cls.name,
        kind=cls.kind,
        flags=cls.flags,
        origin=cls.origin,
        type_params=tuple(TypeParam(v.name, v.bounds) for v in cls.tparams),
        superclass=cls.superclass,
        interfaces=cls.interfaces,
        permits=cls.permits,
        outer=cls.outer.name if cls.outer is not None else None,
        top=cls.top,
        enclosing_method=cls.enclosing_method,
        local=cls.local,
        anonymous=cls.anonymous,
        fields=tuple(cls.fields.values()),
        methods=tuple(m for group in cls.methods.values() for m in group),
        record_components=cls.record_components,
        members=tuple(cls.members.values()),
        annotations=annotations,
        file=source.path,
        module=source.file.module,
        span=source.span(decl.start, decl.end),
        name_span=source.span(decl.name_start, decl.name_end),
        body_span=source.span(decl.body_start, decl.body_end),
    )
