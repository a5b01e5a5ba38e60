"""Method references `X::m` (JLS 15.13): exact ones, the two searches, constructors and array constructors."""

from __future__ import annotations

from refactor.frontend.java import tree as t
from refactor.frontend.java.base import Arg
from refactor.frontend.java.declarations import variables_of
from refactor.frontend.java.inference import Inference
from refactor.frontend.java.lambdas import Lambdas
from refactor.frontend.java.relations import is_ivar, mentions_ivar, substitute, upper
from refactor.frontend.java.scopes import Scope, resolve
from refactor.ir.symbols import Flags, MethodSymbol
from refactor.ir.types import OBJECT, VOID, ArrayType, ClassType, Type, TypeVar, UnknownType

Function = tuple[tuple[Type, ...], Type, MethodSymbol]


class References(Lambdas):
    """Attributes method references."""

    def candidates(self, node: t.MRef, scope: Scope) -> list[MethodSymbol]:
        """Every method of that name in the type before `::`."""
        site = self.reference_site(node, scope)
        found: list[MethodSymbol] = []
        for part in self.sites(site) if site is not None else ():
            cls = self.world.find(part.name)
            for method in self.methods(cls, node.name) if cls is not None else ():
                if not any(f is method for f in found) and self.accessible(method, cls, scope.owner):
                    found.append(method)
        return found

    def exact(self, node: t.MRef, scope: Scope, arity: int) -> MethodSymbol | None:
        """The one method an exact method reference can mean (JLS 15.13.1)."""
        if isinstance(self.reference_site(node, scope), ArrayType):
            return None
        found = self.candidates(node, scope)
        if len(found) != 1 or found[0].flags & Flags.VARARGS or (found[0].type_params and not node.targs):
            return None
        if node.name == "<init>":
            site = self.reference_site(node, scope)
            cls = self.world.find(site.name) if isinstance(site, ClassType) else None
            if cls is not None and cls.tparams and isinstance(site, ClassType) and not site.args:
                return None
        return found[0]

    def reference_fits(self, node: t.MRef, scope: Scope, params: tuple[Type, ...], result: Type, loose: bool) -> bool:
        """Whether the reference is potentially compatible with a function of these types."""
        site = self.reference_site(node, scope)
        if isinstance(site, UnknownType):
            return True
        if isinstance(site, ArrayType) and node.name == "<init>":
            return len(params) == 1
        found = self.candidates(node, scope)
        arity = len(params)
        exact = self.exact(node, scope, arity)
        if exact is not None:
            count = len(exact.params)
            unbound = node.static_left and exact.name != "<init>" and not exact.flags & Flags.STATIC
            if arity != count + (1 if unbound else 0):
                return False
            rest = params[1:] if unbound else params
            for param, formal in zip(rest, exact.params, strict=True):
                wanted = self.member_of(site, exact.owner, formal.type) if site is not None else formal.type
                if not mentions_ivar(param) and not self.convertible(upper(param), wanted, True):
                    return False
            if unbound and not mentions_ivar(params[0]) and site is not None and not self.subtype(upper(params[0]), site):
                return False
            if result == VOID or exact.name == "<init>":
                return True
            if exact.result == VOID:
                return False
            returned = self.member_of(site, exact.owner, exact.result) if site is not None else exact.result
            return mentions_ivar(result) or self.convertible(upper(returned), result, True)
        for method in found:
            count = len(method.params)
            varargs = bool(method.flags & Flags.VARARGS)
            static = bool(method.flags & Flags.STATIC) or method.name == "<init>"
            if (static or not node.static_left) and (count == arity or (varargs and arity >= count - 1)):
                return True
            if not static and node.static_left and (count == arity - 1 or (varargs and arity - 1 >= count - 1)):
                return True
        return not found

    def reference_to(
        self, node: t.MRef, scope: Scope, target: Type, function: Function | None, inference: Inference | None
    ) -> Type:
        """Choose the method for a target function; adds what the reference says about inference variables."""
        site = self.reference_site(node, scope)
        for arg in node.targs:
            resolve(scope, arg)
        node.type = target
        if inference is not None and mentions_ivar(target):

            def final(solved: Inference) -> None:
                node.type = solved.proper(target)

            inference.finals.append(final)
        if site is None or isinstance(site, UnknownType):
            node.reason = site.reason if isinstance(site, UnknownType) else "the receiver's type is unknown"
            return target
        if isinstance(site, ArrayType) and node.name == "<init>":
            node.reason = ""
            if inference is not None and function is not None:
                inference.compatible(site, function[1])
            return target
        if function is None:
            found = self.candidates(node, scope)
            if len(found) == 1:
                node.method = found[0]
                return target
            node.reason = target.reason if isinstance(target, UnknownType) else f"{target} is no functional interface"
            return target
        params, result, _ = function
        exact = self.exact(node, scope, len(params))
        if exact is None and inference is not None:
            params = tuple([inference.proper(p) for p in params])
            result = inference.apply(result)
        chosen = (exact, False) if exact is not None else self._search(node, scope, site, params)
        if chosen is None:
            node.reason = f"no method {node.name} in {site} fits {target}"
            first = next(iter(self.sites(site)), None)
            if first is not None and (self.world.find(first.name) is None or self.has_unknown_parent(first.name)):
                node.reason = f"class {first.name} or a supertype is not on the class path"
            return target
        node.method, node.varargs, node.reason = *chosen, ""
        if inference is not None:
            self._relate_reference(node, chosen[0], site, params, result, inference)
        return target

    def _search(self, node: t.MRef, scope: Scope, site: Type, params: tuple[Type, ...]) -> tuple[MethodSymbol, bool] | None:
        found = self.candidates(node, scope)
        args: list[Arg] = [upper(p) for p in params]
        first = next(iter(self.sites(site)), None)
        cls = self.world.find(first.name) if first is not None else None
        first_choice = self.select_method(found, args, site, None, cls) if self._possible(found, len(args)) else "none"
        if node.name == "<init>" or not node.static_left:
            return None if isinstance(first_choice, str) else first_choice
        second_choice: tuple[MethodSymbol, bool] | str = "none"
        if args and self._possible(found, len(args) - 1) and self.subtype(upper(params[0]), site):
            seen = upper(params[0]) if isinstance(site, ClassType) and not site.args else site
            second_choice = self.select_method(found, args[1:], seen, None, cls)
        static = not isinstance(first_choice, str) and bool(first_choice[0].flags & Flags.STATIC)
        unbound = not isinstance(second_choice, str) and not second_choice[0].flags & Flags.STATIC
        if static and not (unbound and not self._fits(first_choice, args, site)):
            assert not isinstance(first_choice, str)
            return first_choice
        if unbound:
            assert not isinstance(second_choice, str)
            return second_choice
        return None if isinstance(first_choice, str) else first_choice

    def _fits(self, choice: tuple[MethodSymbol, bool] | str, args: list[Arg], site: Type) -> bool:
        return not isinstance(choice, str) and self._applies(choice[0], args, site, True, choice[1])

    @staticmethod
    def _possible(found: list[MethodSymbol], count: int) -> bool:
        return any(len(m.params) == count or (m.flags & Flags.VARARGS and count >= len(m.params) - 1) for m in found)

    def _relate_reference(
        self, node: t.MRef, method: MethodSymbol, site: Type, params: tuple[Type, ...], result: Type, inference: Inference
    ) -> None:
        """Parameters flow into the method, its result into the function's result."""
        formals = [p.type for p in method.params]
        returned = method.result
        seen = site
        rest = list(params)
        unbound = node.static_left and method.name != "<init>" and not method.flags & Flags.STATIC
        by: dict[TypeVar, Type] = {}
        if method.name == "<init>":
            cls = self.world.find(method.owner)
            if cls is None:
                return
            returned = site
            if cls.tparams and isinstance(site, ClassType) and not site.args:
                by.update(inference.fresh(cls.tparams))
                seen = returned = cls.type
        elif unbound and rest:
            receiver = rest.pop(0)
            cls = self.world.find(site.name) if isinstance(site, ClassType) else None
            if cls is not None and cls.tparams and isinstance(site, ClassType) and not site.args:
                if is_ivar(receiver):
                    receiver = inference.proper(receiver)
                seen = self.as_super(upper(receiver), cls.name) or site
            else:
                inference.compatible(receiver, site)
        variables = variables_of(method)
        if variables:
            if node.targs:
                by.update(zip(variables, (a.type or OBJECT for a in node.targs), strict=False))
            else:
                by.update(inference.fresh(variables))
        if not method.flags & Flags.STATIC:  # List::of is no member of the raw type List
            formals = [self.member_of(seen, method.owner, f) for f in formals]
            returned = self.member_of(seen, method.owner, returned)
        formals = [substitute(f, by) for f in formals]
        if method.flags & Flags.VARARGS and len(formals) != len(rest) and formals:
            array = formals.pop()
            formals.extend([array.element if isinstance(array, ArrayType) else array] * (len(rest) - len(formals)))
        for param, formal in zip(rest, formals, strict=False):
            inference.compatible(param, formal)
        if result != VOID and returned != VOID:
            returned = substitute(returned, by)
            if method.name == "getClass" and method.owner == "java.lang.Object":
                return
            inference.compatible(upper(returned), result)

