"""Method calls and instance creation (JLS 15.9, 15.12): candidates, choice, instantiation, result."""

from __future__ import annotations

from collections.abc import Callable

from refactor.frontend.java import tree as t
from refactor.frontend.java.base import WAITING, Arg, Composite, Deferred, Partial
from refactor.frontend.java.classes import Cls
from refactor.frontend.java.declarations import variables_of
from refactor.frontend.java.inference import Inference
from refactor.frontend.java.overloads import Overloads
from refactor.frontend.java.relations import erased, mentions_ivar, substitute, upper
from refactor.frontend.java.scopes import Scope, member_type, resolve, type_refer
from refactor.ir.symbols import Flags, MethodSymbol
from refactor.ir.types import (
    OBJECT,
    VOID,
    ArrayType,
    ClassType,
    IntersectionType,
    PrimitiveType,
    Type,
    TypeVar,
    UnknownType,
    WildcardType,
)

Node = t.Call | t.New | t.CtorCall


class Calls(Overloads):
    """Attributes calls."""

    def sites(self, type_: Type) -> list[ClassType]:
        """The class types through which members of a value of this type are found."""
        if isinstance(type_, ClassType):
            return [type_]
        if isinstance(type_, TypeVar):
            return [s for b in self.world.bounds(type_) for s in self.sites(b)]
        if isinstance(type_, IntersectionType):
            return [s for p in type_.parts for s in self.sites(p)]
        if isinstance(type_, WildcardType):
            return self.sites(upper(type_))
        if isinstance(type_, ArrayType):
            return [OBJECT]
        return []

    def call(self, node: t.Call, scope: Scope) -> Arg:
        """A method call; unfinished where its result waits for a target."""
        args = self.args(node.args, scope)
        place = scope.owner
        if node.object is None:
            return self._unqualified(node, args, scope)
        static = False
        if isinstance(node.object, t.Super):
            site: Type = self.attrib(node.object, scope)
        else:
            found = self.qualifier(node.object, scope)
            if isinstance(found, Cls):
                static = True
                site = ClassType(found.name)
                node.object.type = None
            elif isinstance(found, str):
                node.reason = f"package {found} has no method"
                return self._give_up(node, args, node.reason)
            else:
                site = found  # type: ignore[assignment]
        site = upper(site)
        if isinstance(site, UnknownType):
            return self._give_up(node, args, site.reason or "the receiver's type is unknown")
        if isinstance(site, PrimitiveType):
            return self._give_up(node, args, f"{site.name} has no methods")
        candidates: list[MethodSymbol] = []
        through: ClassType | None = None
        missing = ""
        for candidate_site in self.sites(site):
            cls = self.world.find(candidate_site.name)
            if cls is None:
                missing = candidate_site.name
                continue
            found_here = self.methods(cls, node.name)
            if candidates:
                known = {id(m) for m in candidates}
                candidates = candidates + [m for m in found_here if id(m) not in known]
            else:
                candidates = found_here
            through = through or candidate_site
        if not candidates:
            reason = f"class {missing} is not on the class path" if missing else self._missing(site, node.name)
            return self._give_up(node, args, reason)
        assert through is not None
        site_class = self.world.find(through.name)
        if isinstance(site, ArrayType) and node.name == "clone" and not args:
            node.method, node.site, node.type = candidates[0], OBJECT, site
            return site
        given = [resolve(scope, a) for a in node.targs]
        chosen = self.select_method(candidates, args, None if static else site, place, site_class, given)
        node.site = site if not isinstance(site, ArrayType) else OBJECT
        if isinstance(chosen, str):
            return self._give_up(node, args, chosen + f" {node.name} in {through.name}")
        return self._instantiate(node, chosen, args, None if static else site, scope)

    def _missing(self, site: Type, name: str) -> str:
        first = next(iter(self.sites(site)), None)
        if first is not None and self.has_unknown_parent(first.name):
            return f"a supertype of {first.name} is not on the class path"
        return f"no method {name} in {first.name if first is not None else site}"

    def _unqualified(self, node: t.Call, args: list[Arg], scope: Scope) -> Arg:
        at: Scope | None = scope
        reason = ""
        unknown = ""
        while at is not None:
            cls = at.cls
            if cls is not None:
                candidates = self.methods(cls, node.name)
                if candidates:
                    chosen = self.select_method(candidates, args, cls.type, scope.owner, cls)
                    if not isinstance(chosen, str):
                        node.site = cls.type
                        return self._instantiate(node, chosen, args, cls.type, scope)
                    reason = reason or f"{chosen} {node.name} in {cls.name}"
                elif not unknown and self.has_unknown_parent(cls.name):
                    unknown = f"a supertype of {cls.name} is not on the class path"
            at = at.parent
        for demand in (False, True):
            candidates = self._imported(scope, node.name, demand)
            if candidates:
                chosen = self.select_method(candidates, args, None, scope.owner)
                if not isinstance(chosen, str):
                    node.site = ClassType(chosen[0].owner)
                    return self._instantiate(node, chosen, args, None, scope)
                reason = reason or f"{chosen} {node.name}"
        return self._give_up(node, args, reason or unknown or f"no method {node.name} in scope")

    def _imported(self, scope: Scope, name: str, demand: bool) -> list[MethodSymbol]:
        """The static methods of that name which static imports make visible."""
        cache = scope.file.methods
        key = (name, demand)
        found: list[MethodSymbol] | None = cache.get(key)
        if found is None:
            holders = scope.file.static_demand_holders() if demand else scope.file.static_holders(name)
            by_id = {id(m): m for h in holders for m in self.methods(h, name) if m.flags & Flags.STATIC}
            found = cache[key] = list(by_id.values())
        return found

    def _give_up(self, node: Node, args: list[Arg], reason: str) -> Type:
        node.reason = reason
        node.method = None
        for arg in args:
            self.finish(arg, UnknownType(reason) if isinstance(arg, Deferred | Composite) else None)
        if not isinstance(node, t.New) or node.type is None:
            node.type = UnknownType(reason)
        assert node.type is not None
        return node.type

    # --- instantiation

    def _instantiate(self, node: t.Call, chosen: tuple[MethodSymbol, bool], args: list[Arg], site: Type | None, scope: Scope) -> Arg:
        method, variable = chosen
        node.method, node.varargs, node.reason = method, variable, ""
        result = method.result
        simple = isinstance(result, PrimitiveType) or (isinstance(result, ClassType) and not result.args)
        if simple and not method.type_params and not any(isinstance(a, WAITING) for a in args):
            node.type = result
            return result
        mapping: dict[TypeVar, Type] | None = {}
        if site is not None and not method.flags & Flags.STATIC:
            mapping = self.mapping_of(site, method.owner)
        raw = mapping is None
        if raw:
            result = erased(result, self.world)
        elif mapping:
            result = substitute(result, mapping)
        if method.name == "getClass" and not args and method.owner == "java.lang.Object":
            bound = erased(upper(site), self.world) if site is not None else OBJECT
            node.type = ClassType("java.lang.Class", (WildcardType(upper=bound),))
            return node.type
        formals = self._formals_of(method, len(args), variable)
        formals = [erased(f, self.world) for f in formals] if raw else [substitute(f, mapping) for f in formals] if mapping else formals
        if not method.type_params or raw:
            for arg, formal in zip(args, formals, strict=False):
                if isinstance(arg, WAITING):
                    self.finish(arg, upper(formal) if isinstance(arg, Deferred) else formal)
            node.type = result = upper(result)
            return result
        variables = variables_of(method)
        if node.targs:
            given: dict[TypeVar, Type] = dict(zip(variables, (resolve(scope, a) for a in node.targs), strict=False))
            for arg, formal in zip(args, formals, strict=False):
                if isinstance(arg, WAITING):
                    self.finish(arg, substitute(formal, given))
            node.type = result = upper(substitute(result, given))
            return result
        inference = Inference(self)
        by = inference.fresh(variables)
        if mapping:
            self._rebound(inference, variables, by, mapping)
        return self._infer(node, inference, args, [substitute(f, by) for f in formals], substitute(result, by), self._set_type(node))

    def _rebound(self, inference: Inference, variables: tuple[TypeVar, ...], by: dict[TypeVar, Type], mapping: dict[TypeVar, Type]) -> None:
        """Declared bounds that mention the class's variables, as the receiver has them."""
        for variable in variables:
            ivar = by[variable]
            assert isinstance(ivar, TypeVar)
            bounds = inference.bounds[ivar]
            bounds.upper = [upper(substitute(b, mapping)) for b in bounds.upper]

    @staticmethod
    def _set_type(node: t.Expr) -> Callable[[Type], None]:
        def set_type(type_: Type) -> None:
            node.type = type_

        return set_type

    def _infer(
        self, node: Node, inference: Inference, args: list[Arg], formals: list[Type], result: Type, done: Callable[[Type], None]
    ) -> Arg:
        inference.unchecked = False
        for arg, formal in zip(args, formals, strict=False):
            self.meet(arg, formal, inference)
        if inference.unchecked and not isinstance(node, t.New):
            self.conclude(inference)
            type_ = erased(inference.proper(result), self.world)
            done(type_)
            node.type = type_
            return type_
        if not mentions_ivar(result):
            self.conclude(inference)
            node.type = upper(result)
            done(node.type)
            return node.type

        def final(solved: Inference) -> None:
            type_ = upper(solved.proper(result))
            node.type = type_
            done(type_)

        inference.finals.append(final)
        node.type = None
        return Partial(node, result, inference)

    @staticmethod
    def _formals_of(method: MethodSymbol, count: int, variable: bool) -> list[Type]:
        formals = [p.type for p in method.params]
        if variable and formals:
            array = formals.pop()
            element = array.element if isinstance(array, ArrayType) else array
            formals.extend([element] * (count - len(formals)))
        return formals

    # --- creation

    def new(self, node: t.New, scope: Scope) -> Arg:
        """`new C<..>(args) {..}`; unfinished for a diamond."""
        outer: Type | None = None
        if node.outer is not None:
            outer = self.attrib(node.outer, scope)
            type_ = self._inner_type(node, outer, scope)
        else:
            type_ = resolve(scope, node.of)
        args = self.args(node.args, scope)
        if not isinstance(type_, ClassType):
            reason = type_.reason if isinstance(type_, UnknownType) else "not a class"
            self._give_up(node, args, reason or "unknown class")
            node.type = UnknownType(reason)
            if node.body is not None:
                self.anonymous(node, ClassType("java.lang.Object"), scope)
            return node.type
        cls = self.world.find(type_.name)
        if cls is None:
            node.type = type_
            self._give_up(node, args, f"class {type_.name} is not on the class path")
            if node.body is not None:
                self.anonymous(node, type_, scope)
            return type_
        node.cls = cls
        return self.construct(node, cls, type_, args, scope)

    def construct(self, node: t.New, cls: Cls, type_: ClassType, args: list[Arg], scope: Scope) -> Arg:
        """Choose the constructor; also used for enum constants."""
        holder = cls
        if cls.is_interface:
            root = self.world.find("java.lang.Object")
            assert root is not None
            holder = root
        constructors = self.methods(holder, "<init>")
        diamond = node.of.is_diamond
        generic = ClassType(cls.name, cls.tparams) if diamond else type_
        site = ClassType(cls.name, tuple([TypeVar(v.name, "?") for v in cls.tparams])) if diamond else type_
        place = scope.owner
        visible: list[MethodSymbol] = constructors
        if node.body is not None and place is not None:
            chosen = self.select_method(visible, args, site, None, holder)
        else:
            chosen = self.select_method(visible, args, site, place, holder)
        if isinstance(chosen, str):
            node.type = generic if not diamond else ClassType(cls.name)
            self._give_up(node, args, f"{chosen}: constructor of {cls.name}")
            if node.body is not None:
                self.anonymous(node, type_, scope)
            return node.type
        method, variable = chosen
        node.method, node.varargs, node.reason = method, variable, ""
        formals = self._formals_of(method, len(args), variable)
        variables = (*cls.tparams, *variables_of(method)) if diamond else variables_of(method)
        mapping = {} if diamond else self.mapping_of(type_, method.owner)
        if mapping is None:
            formals = [erased(f, self.world) for f in formals]
        elif mapping:
            formals = [substitute(f, mapping) for f in formals]
        node.type = type_
        if not variables or mapping is None or (not diamond and node.targs):
            for arg, formal in zip(args, formals, strict=False):
                if isinstance(arg, WAITING):
                    self.finish(arg, formal)
            if node.body is not None:
                self.anonymous(node, type_, scope)
            return node.type
        inference = Inference(self)
        by = inference.fresh(variables)

        def done(found: Type) -> None:
            if node.body is not None:
                base = found if isinstance(found, ClassType) else type_
                args_ = tuple([upper(a) if isinstance(a, WildcardType) else a for a in base.args])
                self.anonymous(node, ClassType(base.name, args_), scope)

        return self._infer(node, inference, args, [substitute(f, by) for f in formals], substitute(generic, by), done)

    def _inner_type(self, node: t.New, outer: Type, scope: Scope) -> Type:
        part = node.of.parts[0]
        for site in self.sites(outer):
            cls = self.world.find(site.name)
            inner = member_type(self.world, cls, part.name) if cls is not None else None
            if inner is not None:
                if node.of.type is None:
                    type_refer(scope, part.start, part.end, inner.name)
                node.of.type = ClassType(inner.name, tuple(resolve(scope, a) for a in part.args or ()))
                return node.of.type
        return UnknownType(f"no inner class {part.name}")

    def anonymous(self, node: t.New, parent: ClassType, scope: Scope) -> None:
        """Declare the class of `new X() {..}` and attribute its body."""
        assert node.body is not None
        cls = self.declare_local(node.body, scope, parent)
        node.cls = cls
        node.type = parent
        if isinstance(node.body, t.ClassDecl):
            node.type = ClassType(cls.name)
            self.enter_body(node.body, cls)

    def constructor_call(self, node: t.CtorCall, scope: Scope) -> Type:
        """`this(..)` and `super(..)`."""
        if node.outer is not None:
            self.attrib(node.outer, scope)
        args = self.args(node.args, scope)
        node.type = VOID
        owner = scope.owner
        assert owner is not None
        site: Type | None = owner.type if node.name == "this" else owner.superclass
        cls = self.world.find(site.name) if isinstance(site, ClassType) else None
        if cls is None or site is None:
            self._give_up(node, args, f"class {site.name if isinstance(site, ClassType) else '?'} is not on the class path")
            node.type = VOID
            return VOID
        chosen = self.select_method(self.methods(cls, "<init>"), args, site, owner, cls)
        if isinstance(chosen, str):
            self._give_up(node, args, f"{chosen}: constructor of {cls.name}")
            node.type = VOID
            return VOID
        method, variable = chosen
        node.method, node.varargs, node.reason = method, variable, ""
        formals = [self.member_of(site, method.owner, f) for f in self._formals_of(method, len(args), variable)]
        variables = variables_of(method)
        inference = Inference(self)
        by = inference.fresh(variables)
        for arg, formal in zip(args, formals, strict=False):
            if variables:
                self.meet(arg, substitute(formal, by), inference)
            elif isinstance(arg, WAITING):
                self.finish(arg, formal)
        if variables:
            self.conclude(inference)
        node.type = VOID
        return VOID

