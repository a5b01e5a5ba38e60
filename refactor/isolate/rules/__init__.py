"""The closed list of rules that a legal plan keeps; one rule per file."""

from __future__ import annotations

from refactor.isolate.context import Context, Rule, Violation
from refactor.isolate.rules import (
    callbacks,
    console,
    container,
    embedded,
    handlers,
    library_types,
    mapped,
    monitors,
    native,
    no_proxy,
    open_session,
    persistence,
    pinned_types,
    process_state,
    reflection,
    same_file,
    shared_arrays,
    static_init,
    superclass,
    thread_bound,
    transactions,
    value_identity,
    volatile,
    web_session,
)

RULES: tuple[Rule, ...] = (
    same_file.RULE,
    superclass.RULE,
    no_proxy.RULE,
    shared_arrays.ARRAYS,
    shared_arrays.OBJECTS,
    pinned_types.RULE,
    callbacks.RULE,
    library_types.RULE,
    monitors.RULE,
    volatile.RULE,
    value_identity.RULE,
    reflection.RULE,
    handlers.RULE,
    static_init.RULE,
    native.RULE,
    process_state.RULE,
    thread_bound.RULE,
    console.RULE,
    transactions.RULE,
    persistence.RULE,
    open_session.RULE,
    container.RULE,
    embedded.RULE,
    mapped.RULE,
    web_session.RULE,
)


def check_all(ctx: Context) -> tuple[Violation, ...]:
    """Every violation of every rule, in an order that depends on the program only."""
    return tuple(sorted({v for rule in RULES for v in rule.check(ctx)}, key=Violation.order))
