"""References that travel between three processes while notices of the lease protocol are lost, late, repeated, and processes die.

Safety: whatever a living process holds, its living owner knows, and it is the same object. Liveness: when nobody holds anything any
more and the network is well again, every table is empty.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from tests.properties.lease.lab import Lab

PARTS = "abc"
FATES = st.lists(st.sampled_from(("ok", "lost", "late", "mute", "twice")), max_size=4)


@dataclass(frozen=True, slots=True)
class Root:
    part: str
    name: str
    label: str
    owner: str


@dataclass(frozen=True, slots=True)
class Message:
    number: str
    to: str
    root: Root


class Protocol(RuleBasedStateMachine):
    """Drives the product's classes; keeps by itself only who holds what."""

    lab: Lab
    histories = 0  # begun so far, of all machines

    def __init__(self) -> None:
        super().__init__()
        Protocol.histories += 1
        self.roots: list[Root] = []
        self.messages: list[Message] = []
        self.dead = ""
        self.count = 0
        self.handed_on: dict[str, set[str]] = {}  # object -> processes that gave a reference to it although it is not theirs
        self.uncertain: set[str] = set()  # objects whose holder may count a reference that never arrived

    @initialize()
    def begin(self) -> None:
        """Every process has an object of its own, and one reference to each of the others'."""
        self.lab.say("reset")
        for part in PARTS:
            self.made(part)
        for root in tuple(self.roots):
            for to in PARTS.replace(root.part, ""):
                self.sent(root, to)
                self.arrive(self.messages.pop())

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def alive(self) -> list[str]:
        return [p for p in PARTS if p != self.dead]

    @rule(data=st.data())
    def make(self, data: st.DataObject) -> None:
        self.made(data.draw(st.sampled_from(self.alive())))

    def made(self, part: str) -> None:
        name = self.name("o")
        self.lab.say("make", part, name)
        self.roots.append(Root(part, name, name, part))

    @precondition(lambda self: self.roots)
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        root = data.draw(st.sampled_from(self.roots))
        to = data.draw(st.sampled_from([p for p in self.alive() if p != root.part] or [root.part]))
        if to != root.part:
            self.sent(root, to)

    def sent(self, root: Root, to: str) -> None:
        message = Message(self.name("m"), to, root)
        self.lab.say("send", message.number, root.part, root.name, to)
        self.messages.append(message)
        if root.part != root.owner:
            self.handed_on.setdefault(root.label, set()).add(root.part)

    @precondition(lambda self: self.roots)
    @rule(data=st.data())
    def give(self, data: st.DataObject) -> None:
        """A message that arrives at once."""
        under_way = len(self.messages)
        self.send(data)
        if len(self.messages) > under_way:
            self.arrive(self.messages.pop())

    @precondition(lambda self: self.roots)
    @rule(data=st.data(), fates=FATES)
    def let_go(self, data: st.DataObject, fates: list[str]) -> None:
        """A reference is dropped, and its process tells so over a bad network."""
        root = data.draw(st.sampled_from(self.roots))
        self.roots.remove(root)
        self.lab.say("drop", root.part, root.name)
        self.tell(root.part, fates)

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Any message that is under way: they overtake each other."""
        message = data.draw(st.sampled_from(self.messages))
        self.messages.remove(message)
        self.arrive(message)

    def arrive(self, message: Message) -> None:
        name = self.name("r")
        if message.root.owner == self.dead and message.to == self.dead:
            return
        self.lab.say("deliver", message.number, name)
        self.roots.append(Root(message.to, name, message.root.label, message.root.owner))

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), certain=st.booleans())
    def lose(self, data: st.DataObject, certain: bool) -> None:
        """`certain`: the sender knows that it never left."""
        message = data.draw(st.sampled_from(self.messages))
        self.messages.remove(message)
        handed_on = message.root.part != message.root.owner
        if not certain or handed_on:
            self.uncertain.add(message.root.label)
        self.lab.say("forget", message.number, message.root.part, str(not certain).lower())

    @precondition(lambda self: self.roots)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        root = data.draw(st.sampled_from(self.roots))
        self.roots.remove(root)
        self.lab.say("drop", root.part, root.name)

    @rule(data=st.data(), fates=FATES)
    def flush(self, data: st.DataObject, fates: list[str]) -> None:
        """One process collects its garbage and tells what it has to tell; `fates`: what becomes of that."""
        self.tell(data.draw(st.sampled_from(self.alive())), fates)

    def tell(self, part: str, fates: list[str]) -> None:
        self.lab.say("gc")
        self.lab.say("fates", *fates)
        self.lab.say("flush", part)
        self.lab.say("fates")

    @rule(data=st.data())
    def late(self, data: st.DataObject) -> None:
        """A notice that was late, or its repetition, arrives now."""
        waiting = int(self.lab.say("waiting"))
        if waiting:
            self.lab.say("late", data.draw(st.integers(0, waiting - 1)))

    @precondition(lambda self: not self.dead and self.count > 20)
    @rule(part=st.sampled_from(PARTS))
    def die(self, part: str) -> None:
        """Without a word. The others go on with their heartbeats until its leases have run out."""
        self.lab.say("die", part)
        self.dead = part
        self.roots = [r for r in self.roots if r.part != part]
        for message in [m for m in self.messages if m.to == part]:
            self.messages.remove(message)
            self.lab.say("forget", message.number, message.root.part, "true")
        # A reference that a dead process handed on and that is still under way is nobody's to count.
        self.messages = [m for m in self.messages if m.root.part != part]
        for living in self.alive():
            self.lab.say("beat", living)
        for living in self.alive():
            self.lab.say("expire", living, part)
        # What it handed on and could not report any more is counted too low by its owner, which keeps the object.
        self.uncertain.update(label for label, givers in self.handed_on.items() if part in givers)

    @invariant()
    def nothing_alive_is_lost(self) -> None:
        for root in self.roots:
            if root.owner != self.dead:
                expected = "home" if root.part == root.owner else root.label
                assert self.lab.say("check", root.part, root.name) == expected, f"{root} is not known to its owner"

    def teardown(self) -> None:
        """Everything arrives, everybody drops everything: the tables must be empty."""
        for message in self.messages:
            self.arrive(message)
        self.nothing_alive_is_lost()
        for root in self.roots:
            self.lab.say("drop", root.part, root.name)
        while int(self.lab.say("waiting")):
            self.lab.say("late", 0)
        for _ in range(4):
            self.lab.say("gc")
            for part in self.alive():
                self.lab.say("flush", part)
            if not any(set(self.lab.say("exported", part).split()) - self.uncertain for part in self.alive()):
                return
        left = {part: self.lab.say("exported", part) for part in self.alive()}
        raise AssertionError(f"garbage is kept: {left}, uncertain are {sorted(self.uncertain)}")


def runs(lab: Lab, examples: int, *, shrink: bool = True) -> None:
    """Raises what the machine finds in that many histories. Always the same ones: a failure can be repeated."""
    machine = type("Machine", (Protocol,), {"lab": lab})
    profile = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(machine, settings=profile)  # type: ignore[no-untyped-call]
