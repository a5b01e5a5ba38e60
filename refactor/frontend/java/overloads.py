"""Overload resolution (JLS 15.12.2): three phases of applicability, then the most specific method."""

from __future__ import annotations

from collections.abc import Sequence

from refactor.frontend.java import tree as t
from refactor.frontend.java.base import WAITING, Arg, Attribution, Composite, Deferred, Partial, Pending
from refactor.frontend.java.classes import Cls
from refactor.frontend.java.declarations import variables_of
from refactor.frontend.java.inference import Inference
from refactor.frontend.java.relations import box, erased, is_ivar, ivars, lower_or_upper, mentions_ivar, substitute, upper
from refactor.ir.symbols import Flags, MethodSymbol
from refactor.ir.types import (
    NULL,
    OBJECT,
    VOID,
    ArrayType,
    ClassType,
    IntersectionType,
    NullType,
    PrimitiveType,
    Type,
    TypeVar,
    UnknownType,
    WildcardType,
)

_NO_BOUNDS: dict[str, tuple[Type, ...]] = {}


class Overloads(Attribution):
    """Chooses among candidate methods."""

    def formals(self, method: MethodSymbol) -> tuple[tuple[Type, ...], dict[str, tuple[Type, ...]]]:
        """Parameter types with the method's own variables marked as to be inferred, and the bounds of those."""
        cache = self.world.formals
        known = cache.get(id(method))
        if known is not None:
            return known[0], known[1]
        types = tuple([p.type for p in method.params])
        bounds = _NO_BOUNDS
        if method.type_params:
            marked: dict[TypeVar, Type] = {v: TypeVar(v.name, "?") for v in variables_of(method)}
            types = tuple([substitute(x, marked) for x in types])
            bounds = {v.name: tuple([substitute(b, marked) for b in self.world.bounds(v)]) for v in variables_of(method)}
        cache[id(method)] = (types, bounds, method)
        return types, bounds

    def select_method(
        self,
        candidates: Sequence[MethodSymbol],
        args: list[Arg],
        site: Type | None,
        place: Cls | None,
        site_class: Cls | None = None,
        given: Sequence[Type] = (),
    ) -> tuple[MethodSymbol, bool] | str:
        """The method that a call means and whether by variable arity, or the reason why there is none.

        `given`: the type arguments that the call states.
        """
        if not candidates:
            return "no such method"
        if len(candidates) == 1 or given:
            return self._choose_method(candidates, args, site, place, site_class, given)
        for arg in args:
            if isinstance(arg, WAITING):
                return self._choose_method(candidates, args, site, place, site_class, given)
        # Most calls repeat: the same overloads with arguments of the same types. The entry keeps the list, and so its id, alive.
        key = (id(candidates), tuple(args), site, None if place is None else place.name)
        entry = self.world.chosen.get(key)
        if entry is None:
            entry = self.world.chosen[key] = (self._choose_method(candidates, args, site, place, site_class, given), candidates)
        return entry[0]

    def _choose_method(
        self,
        candidates: Sequence[MethodSymbol],
        args: list[Arg],
        site: Type | None,
        place: Cls | None,
        site_class: Cls | None,
        given: Sequence[Type],
    ) -> tuple[MethodSymbol, bool] | str:
        count = len(args)
        visible = [m for m in candidates if self.accessible(m, site_class, place)]
        fitting = [m for m in visible if len(m.params) == count]
        variable = [m for m in visible if m.flags & Flags.VARARGS and count >= len(m.params) - 1]
        if len(fitting) == 1 and len(visible) == 1:
            # One candidate only: javac would report an error rather than choose another.
            if self._applies(fitting[0], args, site, True, False):
                return fitting[0], False
            if variable and self._applies(variable[0], args, site, True, True):
                return variable[0], True
        else:
            # Type arguments decide only where they leave somebody: they may be imprecise here.
            for strict in (True, False):
                for loose in (False, True):
                    applicable = [m for m in fitting if self._applies(m, args, site, loose, False, strict, given)]
                    if applicable:
                        return self._most_specific(applicable, args, site, False), False
                applicable = [m for m in variable if self._applies(m, args, site, True, True, strict, given)]
                if applicable:
                    return self._most_specific(applicable, args, site, True), True
        if len(fitting) == 1:
            return fitting[0], False  # an argument's type is imprecise, but nothing else can be meant
        if fitting and any(self._unknown(a) for a in args):
            return self._most_specific(fitting, args, site, False), False
        if not fitting and len(variable) == 1:
            return variable[0], True
        if not visible:
            return "not accessible"
        return "no applicable method" if not fitting else "no method applicable to these argument types"

    @staticmethod
    def _unknown(arg: Arg) -> bool:
        return isinstance(arg, UnknownType)

    def _formal(self, types: tuple[Type, ...], index: int, count: int, variable: bool) -> Type:
        last = len(types) - 1
        if variable and index >= last:
            array = types[last]
            return array.element if isinstance(array, ArrayType) else array
        return types[index]

    def _applies(
        self,
        method: MethodSymbol,
        args: list[Arg],
        site: Type | None,
        loose: bool,
        variable: bool,
        strict: bool = False,
        given: Sequence[Type] = (),
    ) -> bool:
        """`strict`: type arguments count too, not erasures only."""
        types, bounds = self.formals(method)
        if given and method.type_params:
            if len(given) != len(method.type_params):
                return False
            stated = {TypeVar(p.name, "?"): type_ for p, type_ in zip(method.type_params, given, strict=True)}
            types = tuple([substitute(x, stated) for x in types])
        if bounds and site is not None and not method.flags & Flags.STATIC:
            bounds = {n: tuple([upper(self.member_of(site, method.owner, b)) for b in found]) for n, found in bounds.items()}
        count = len(args)
        for index, arg in enumerate(args):
            formal = self._formal(types, index, count, variable)
            if site is not None and (not isinstance(formal, ClassType) or formal.args):
                formal = self.member_of(site, method.owner, formal)
            if not self._accepts(arg, formal, bounds, loose, strict):
                return False
        return True

    def _accepts(self, arg: Arg, formal: Type, bounds: dict[str, tuple[Type, ...]], loose: bool, strict: bool = False) -> bool:
        if isinstance(arg, Deferred):
            formal = lower_or_upper(formal)
            if isinstance(formal, TypeVar) and formal.owner[:1] == "?":
                return True
            return self.lambda_fits(arg, formal, loose)
        if isinstance(arg, Composite):
            return all(self._accepts(p, formal, bounds, loose, strict) for p in arg.parts)
        if isinstance(arg, Partial):
            type_ = self.provisional(arg)
            if isinstance(type_, NullType):
                if not isinstance(formal, PrimitiveType):
                    return True
                return loose
            if strict:
                type_ = self._known_arguments(type_, arg.inference)
        else:
            type_ = arg
        if isinstance(formal, TypeVar) and formal.owner[:1] == "?":
            if isinstance(type_, PrimitiveType):
                if not loose or type_.name == "void":
                    return False
                type_ = box(type_)
            return self._within(type_, formal, bounds)
        return self.convertible(type_, formal, loose) and (not strict or self._arguments_fit(type_, formal, bounds))

    def _within(self, type_: Type, variable: TypeVar, bounds: dict[str, tuple[Type, ...]]) -> bool:
        return all(self.subtype(type_, self._bound(b)) for b in bounds.get(variable.name, ()))

    def _arguments_fit(self, type_: Type, formal: Type, bounds: dict[str, tuple[Type, ...]]) -> bool:
        """False where type arguments prove that a `type_` is no `formal`, whose erasure it is a subtype of."""
        formal = lower_or_upper(formal)
        if isinstance(formal, ArrayType) and isinstance(type_, ArrayType):
            if isinstance(formal.element, TypeVar) and is_ivar(formal.element):
                return self._within(type_.element, formal.element, bounds)
            return self._arguments_fit(type_.element, formal.element, bounds)
        if not isinstance(formal, ClassType) or not formal.args or isinstance(type_, NullType | UnknownType):
            return True
        seen = self.as_super(box(type_), formal.name)
        if seen is None or len(seen.args) != len(formal.args):
            return True  # raw: an unchecked conversion
        return all(self._argument_fits(i, o, bounds) for i, o in zip(seen.args, formal.args, strict=True))

    def _argument_fits(self, inner: Type, outer: Type, bounds: dict[str, tuple[Type, ...]]) -> bool:
        """Whether `outer` may contain `inner` (JLS 4.5.1). A wildcard inside may stand for what is not known better."""
        if isinstance(outer, WildcardType):
            if outer.lower is not None:
                return isinstance(inner, WildcardType) or self.subtype(outer.lower, inner)
            if outer.upper is None:
                return True
            inner, limit = upper(inner), outer.upper
            if isinstance(limit, TypeVar) and is_ivar(limit):
                return self._within(inner, limit, bounds)
            return self.subtype(inner, limit) and self._arguments_fit(inner, limit, bounds)
        if is_ivar(inner):
            return True
        if isinstance(outer, TypeVar) and is_ivar(outer):
            return self._within(upper(inner), outer, bounds)
        if isinstance(inner, WildcardType):
            return False  # Supplier<?> is no Supplier<Object>
        if isinstance(inner, ClassType) and isinstance(outer, ClassType):
            if inner.name != outer.name:
                return False
            if len(inner.args) != len(outer.args):
                return True
            return all(self._argument_fits(i, o, bounds) for i, o in zip(inner.args, outer.args, strict=True))
        if isinstance(inner, ArrayType) and isinstance(outer, ArrayType):
            return self._argument_fits(inner.element, outer.element, bounds)
        if isinstance(inner, TypeVar) and isinstance(outer, TypeVar):
            return inner == outer
        return isinstance(inner, UnknownType | IntersectionType) or isinstance(outer, UnknownType | IntersectionType)

    def _known_arguments(self, type_: Type, inference: Inference) -> Type:
        """An unfinished call's type with what is known of its variables: a lower bound is the least that one can become."""
        by: dict[TypeVar, Type] = {}
        for variable in ivars(type_, []):
            bounds = inference.bounds.get(variable)
            if variable in inference.found:
                by[variable] = inference.found[variable]
            elif bounds is not None:
                same = [b for b in bounds.eq if not mentions_ivar(b)]
                lower: list[Type] = [b for b in bounds.lower if not mentions_ivar(b) and not isinstance(b, NullType)]
                if same:
                    by[variable] = same[0]
                elif lower:
                    by[variable] = IntersectionType((self.lub(lower),))  # of one part: what it becomes is at least this
        return substitute(type_, by) if by else type_

    @staticmethod
    def _bound(type_: Type) -> Type:
        return OBJECT if is_ivar(type_) else type_

    def provisional(self, arg: Partial) -> Type:
        """The type of an unfinished call as far as its own arguments tell; the null type where they tell nothing."""
        if isinstance(arg.type, TypeVar):
            inference = arg.inference
            known = inference.found.get(arg.type)
            if known is not None:
                return known
            bounds = inference.bounds.get(arg.type)
            if bounds is None:
                return NULL
            for same in bounds.eq:
                if not is_ivar(same):
                    return same
            lower = [b for b in bounds.lower if not mentions_ivar(b)]
            if lower:
                return self.lub(lower)
            solid = [b for b in bounds.lower if not is_ivar(b)]
            if solid:
                return erased(solid[0], self.world)
            return self._from_lambdas(arg.type, inference)
        return arg.type

    def _from_lambdas(self, variable: TypeVar, inference: Inference) -> Type:
        """What exact lambdas and references that still wait return, where the variable is their result; else the null type."""
        found: list[Type] = []
        for pending in inference.pending:
            if not isinstance(pending, Pending):
                continue
            function = self.function_type(inference.apply(pending.formal))
            if function is None or lower_or_upper(function[1]) != variable:
                continue
            node, scope = pending.arg.node, pending.arg.scope
            if isinstance(node, t.MRef):
                method = self.exact(node, scope, len(function[0]))
                result = self._exact_result(method) if method is not None else VOID
                if result != VOID and (isinstance(result, PrimitiveType) or (isinstance(result, ClassType) and not result.args)):
                    found.append(box(result))
            elif (node.explicit or not node.params) and not isinstance(node.body, t.Block):
                found += [box(r) for r in self.function_body(node, scope, []) if not isinstance(r, WAITING) and r != VOID]
        return self.lub(found) if found else NULL

    def _exact_result(self, method: MethodSymbol) -> Type:
        """What an exact reference to the method gives; void where that takes inference."""
        if method.name != "<init>":
            return method.result
        cls = self.world.find(method.owner)
        return cls.type if cls is not None and not cls.tparams else VOID

    # --- most specific

    def _most_specific(self, methods: list[MethodSymbol], args: list[Arg], site: Type | None, variable: bool) -> MethodSymbol:
        if len(methods) == 1:
            return methods[0]
        best = [m for m in methods if all(o is m or self._more_specific(m, o, args, site, variable) for o in methods)]
        if len(best) == 1:
            return best[0]
        pool = best or methods
        concrete = [m for m in pool if not m.flags & Flags.ABSTRACT]
        if len(concrete) == 1 and best:
            return concrete[0]
        for method in pool:
            if all(o is method or self.subtype(method.result, o.result) for o in pool):
                return method
        return pool[0]

    def _more_specific(self, one: MethodSymbol, two: MethodSymbol, args: list[Arg], site: Type | None, variable: bool) -> bool:
        types1, bounds1 = self.formals(one)
        types2, bounds2 = self.formals(two)
        count = max(len(args), len(types1), len(types2)) if variable else len(args)
        for index in range(count):
            formal1 = self._seen(one, self._formal(types1, index, count, variable), site)
            formal2 = self._seen(two, self._formal(types2, index, count, variable), site)
            arg = args[index] if index < len(args) else None
            if isinstance(arg, Deferred) and self.more_functional(arg, formal1, formal2):
                continue
            if isinstance(arg, Composite) and all(
                isinstance(p, Deferred) and self.more_functional(p, formal1, formal2) for p in arg.parts
            ):
                continue
            if not self._below(formal1, formal2, bounds1, bounds2):
                return False
        return True

    def _seen(self, method: MethodSymbol, formal: Type, site: Type | None) -> Type:
        if site is not None and (not isinstance(formal, ClassType) or formal.args):
            return lower_or_upper(self.member_of(site, method.owner, formal))
        return formal

    def _below(self, one: Type, two: Type, bounds1: dict[str, tuple[Type, ...]], bounds2: dict[str, tuple[Type, ...]]) -> bool:
        if isinstance(two, TypeVar) and two.owner[:1] == "?":
            limits = [b for b in bounds2.get(two.name, ()) if not is_ivar(b)]
            if isinstance(one, PrimitiveType):
                return False
            return all(self._below(one, limit, bounds1, {}) for limit in limits)
        if isinstance(one, TypeVar) and one.owner[:1] == "?":
            own = bounds1.get(one.name, ()) or (OBJECT,)
            return any(not is_ivar(b) and self.subtype(b, two) for b in own)
        if isinstance(one, ArrayType) and isinstance(two, ArrayType):
            if isinstance(one.element, PrimitiveType) or isinstance(two.element, PrimitiveType):
                return one.element == two.element
            return self._below(one.element, two.element, bounds1, bounds2)
        return self.subtype(one, two)


def is_literal_null(node: t.Expr) -> bool:
    return isinstance(node, t.Literal) and node.kind == "null"
