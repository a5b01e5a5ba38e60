"""Lambdas and method references, and the arguments that wait for a target (JLS 15.13, 15.27, 18.2.1, 18.5)."""

from __future__ import annotations

from refactor.frontend.java import tree as t
from refactor.frontend.java.base import WAITING, Arg, BodyInfo, Composite, Deferred, Partial, Pending
from refactor.frontend.java.calls import Calls
from refactor.frontend.java.classes import Cls
from refactor.frontend.java.flow import returns
from refactor.frontend.java.inference import Inference
from refactor.frontend.java.relations import erased, is_ivar, ivars, lower_or_upper, mentions_ivar, upper
from refactor.frontend.java.scopes import Scope, resolve
from refactor.ir.types import (
    OBJECT,
    VOID,
    ClassType,
    NullType,
    PrimitiveType,
    Type,
    TypeVar,
    UnknownType,
)

_STATEMENTS = (t.Call, t.New, t.Assign, t.Update)


class Lambdas(Calls):
    """Attributes lambdas and hands waiting arguments their targets."""

    # --- waiting arguments

    def meet(self, arg: Arg, formal: Type, inference: Inference) -> None:
        """An argument meets a formal type that may mention inference variables."""
        if isinstance(arg, Deferred):
            inference.pending.append(Pending(arg, formal))
        elif isinstance(arg, Partial):
            inference.merge(arg.inference)
            inference.compatible(arg.type, formal)
        elif isinstance(arg, Composite):
            for part in arg.parts:
                self.meet(part, formal, inference)
            node = arg.node

            def final(solved: Inference) -> None:
                node.type = upper(solved.proper(formal))

            inference.finals.append(final)
        else:
            inference.compatible(arg, formal)

    def finish(self, arg: Arg, target: Type | None) -> Type:
        """An argument meets its final target; None: there is none."""
        if isinstance(arg, Partial):
            if target is not None and not isinstance(target, UnknownType | NullType):
                arg.inference.compatible(arg.type, target)
            self.conclude(arg.inference)
            assert arg.node.type is not None
            return arg.node.type
        if isinstance(arg, Deferred):
            return self.lambda_to(arg, target if target is not None else UnknownType("no target type"), None)
        if isinstance(arg, Composite):
            types = [self.finish(p, target) for p in arg.parts]
            arg.node.type = target if target is not None and not isinstance(target, UnknownType) else self.lub(types)
            return arg.node.type
        return arg

    def conclude(self, inference: Inference) -> None:
        """Work off the waiting lambdas, then give every call its type."""
        while inference.pending:
            pending = self._next(inference)
            inference.pending.remove(pending)
            self.lambda_to(pending.arg, inference.apply(pending.formal), inference)
        finals, inference.finals = inference.finals, []
        for final in finals:
            final(inference)

    def _next(self, inference: Inference) -> Pending:
        """The pending argument whose inputs are known best (JLS 18.5.2.2)."""
        best: tuple[int, Pending] | None = None
        outputs: set[TypeVar] = set()
        waiting = [p for p in inference.pending if isinstance(p, Pending)]
        if len(waiting) == 1:
            return waiting[0]
        for pending in waiting:
            outputs.update(self._outputs(pending, inference))
        for pending in waiting:
            inputs = [v for v in self._inputs(pending, inference) if v not in inference.found]
            if not inputs:
                return pending
            rank = 0 if all(inference.has_bounds(v) and v not in outputs for v in inputs) else 1
            if rank and all(inference.has_bounds(v) for v in inputs):
                rank = 1
            elif rank:
                rank = 2
            if best is None or rank < best[0]:
                best = (rank, pending)
        assert best is not None
        return best[1]

    def _inputs(self, pending: Pending, inference: Inference) -> list[TypeVar]:
        formal = inference.apply(pending.formal)
        if isinstance(formal, TypeVar) and is_ivar(formal):
            return [formal]
        node = pending.arg.node
        if isinstance(node, t.LambdaExpr) and (node.explicit or not node.params):
            return []
        function = self.function_type(formal)
        if function is None:
            return []
        if isinstance(node, t.MRef) and self.exact(node, pending.arg.scope, len(function[0])) is not None:
            return []
        found: list[TypeVar] = []
        for param in function[0]:
            ivars(param, found)
        return found

    def _outputs(self, pending: Pending, inference: Inference) -> list[TypeVar]:
        function = self.function_type(inference.apply(pending.formal))
        return ivars(function[1], []) if function is not None else []

    # --- lambdas

    def lambda_to(self, arg: Deferred, target: Type, inference: Inference | None) -> Type:
        """Attribute a lambda or method reference against its target type."""
        target = lower_or_upper(target)
        if inference is not None and is_ivar(target):
            target = inference.proper(target)
        node = arg.node
        function = self.function_type(target)
        if isinstance(node, t.MRef):
            return self.reference_to(node, arg.scope, target, function, inference)
        if function is None:
            reason = target.reason if isinstance(target, UnknownType) else f"{target} is no functional interface"
            unknown = UnknownType(reason)
            for waiting in self.function_body(node, arg.scope, [unknown] * len(node.params)):
                self.finish(waiting, None)
            node.type = target if isinstance(target, ClassType) else unknown
            return node.type
        params, result, _ = function
        if inference is not None:
            if node.explicit:
                for declared, param in zip(node.params, params, strict=False):
                    assert declared.of is not None
                    inference.equal(resolve(arg.scope, declared.of), param)
            else:
                params = tuple([inference.proper(p) for p in params])
            result = inference.apply(result)
        results = self.function_body(node, arg.scope, [upper(p) for p in params])
        for waiting in results:
            if result == VOID:
                self.finish(waiting, None)
            elif inference is not None and mentions_ivar(result):
                self.meet(waiting, result, inference)
            else:
                self.finish(waiting, result)
        if inference is not None and mentions_ivar(target):
            node.type = target

            def final(solved: Inference) -> None:
                node.type = solved.proper(target)

            inference.finals.append(final)
        else:
            node.type = target
        return node.type

    def function_body(self, node: t.LambdaExpr, scope: Scope, params: list[Type]) -> list[Arg]:
        """Attribute a lambda's body with these parameter types; what it returns."""
        inner = scope.child()
        info = BodyInfo("lambda", None, scope.body.method if isinstance(scope.body, BodyInfo) else None)
        inner.body = info
        for index, param in enumerate(node.params):
            type_ = resolve(scope, param.of) if param.of is not None else params[index] if index < len(params) else OBJECT
            param.var = self.variable(param.name, type_, inner)
        if isinstance(node.body, t.Block):
            self.block(node.body.body, inner)
            assert info.results is not None
            return info.results
        return [self.arg(node.body, inner)]

    def _body_type(self, arg: Deferred) -> list[Arg]:
        """The results of an explicitly typed lambda, without a target."""
        node = arg.node
        assert isinstance(node, t.LambdaExpr)
        results = self.function_body(node, arg.scope, [])
        for waiting in results:
            if isinstance(waiting, Partial) and isinstance(node.body, t.Block):
                continue
        return results

    def lambda_fits(self, arg: Deferred, formal: Type, loose: bool) -> bool:
        """Whether the lambda may have the type `formal` as far as overload resolution looks (JLS 15.12.2.1, 15.12.2.2)."""
        if isinstance(formal, UnknownType):
            return True
        function = self.function_type(formal)
        if function is None:
            return isinstance(formal, ClassType) and self.world.find(formal.name) is None
        params, result, _ = function
        node = arg.node
        if isinstance(node, t.MRef):
            return self.reference_fits(node, arg.scope, params, result, loose)
        if len(params) != len(node.params):
            return False
        if node.explicit and not self._same_parameters(node, arg.scope, params):
            return False
        if isinstance(node.body, t.Block):
            void, value = returns(node.body)
            return void if result == VOID else value
        if result == VOID:
            return isinstance(node.body, _STATEMENTS)
        if not node.explicit and node.params:
            return True
        for waiting in self._body_type(arg):
            if isinstance(waiting, Partial):
                known = self.provisional(waiting)
                if isinstance(known, NullType) or mentions_ivar(result) or self.convertible(known, result, True):
                    continue
                return False
            if isinstance(waiting, WAITING):
                continue
            if waiting == VOID:
                return False
            if not mentions_ivar(result) and not self.convertible(waiting, result, True):
                return False
        return True

    def _same_parameters(self, node: t.LambdaExpr, scope: Scope, params: tuple[Type, ...]) -> bool:
        """Whether the declared parameter types are those of the function (JLS 15.27.3), as far as they are known."""
        for declared, param in zip(node.params, params, strict=True):
            type_ = resolve(scope, declared.of) if declared.of is not None else None
            if type_ is None or mentions_ivar(param) or isinstance(type_, UnknownType):
                continue
            if erased(type_, self.world) != erased(upper(lower_or_upper(param)), self.world):
                return False
        return True

    def more_functional(self, arg: Deferred, one: Type, two: Type) -> bool:
        """Whether functional interface `one` is more specific than `two` for the lambda (JLS 15.12.2.5)."""
        first, second = self.function_type(one), self.function_type(two)
        if first is None or second is None or len(first[0]) != len(second[0]):
            return False
        if isinstance(one, ClassType) and isinstance(two, ClassType) and one.name != two.name and self.is_subclass(two.name, one.name):
            return False
        result1, result2 = first[1], second[1]
        node = arg.node
        primitive: bool | None = None
        if isinstance(node, t.LambdaExpr):
            if not node.explicit and node.params:
                return False
            if isinstance(result1, PrimitiveType) != isinstance(result2, PrimitiveType) and VOID not in (result1, result2):
                kinds = [isinstance(r, PrimitiveType) for r in self._body_type(arg)]
                primitive = all(kinds) if kinds and (all(kinds) or not any(kinds)) else None
        else:
            exact = self.exact(node, arg.scope, len(first[0]))
            if exact is None:
                return False
            primitive = isinstance(exact.result, PrimitiveType) if exact.name != "<init>" else False
        if result2 == VOID:
            return True
        if result1 == VOID:
            return False
        if isinstance(result1, PrimitiveType) and not isinstance(result2, PrimitiveType):
            return primitive is True
        if isinstance(result2, PrimitiveType) and not isinstance(result1, PrimitiveType):
            return primitive is False
        if is_ivar(result1) or is_ivar(result2):
            return True
        return self.subtype(result1, result2)

    # --- the left side of a method reference

    def reference_site(self, node: t.MRef, scope: Scope) -> Type | None:
        """The type before `::`; None where it is unknown. Sets node.static_left where it names a type."""
        if node.site is not None:
            return node.site  # type: ignore[no-any-return]
        if node.of is not None:
            site: Type = resolve(scope, node.of)
            node.static_left = True
        else:
            assert node.object is not None
            found = self.qualifier(node.object, scope) if not isinstance(node.object, t.Super) else self.attrib(node.object, scope)
            if isinstance(found, str):
                site = UnknownType(f"no type {found}")
            elif isinstance(found, Cls):
                node.static_left = True
                site = ClassType(found.name)
            else:
                site = found  # type: ignore[assignment]
                node.static_left = isinstance(site, TypeVar) and isinstance(node.object, t.Name) and node.object.sym is None
        node.site = upper(site)
        return node.site  # type: ignore[no-any-return]

