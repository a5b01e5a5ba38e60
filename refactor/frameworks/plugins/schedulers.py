"""Methods that a clock runs: @Scheduled, @Schedule, @Timeout, Quartz jobs."""

from __future__ import annotations

from refactor.frameworks.plugins.callbacks import CallBacks
from refactor.frameworks.plugins.names import ee, is_made, mark
from refactor.pointsto.plugin import Feed

_MARKS = ee("ejb.Schedule", "ejb.Schedules", "ejb.Timeout") | {
    "org.springframework.scheduling.annotation.Scheduled",
    "org.springframework.scheduling.annotation.Schedules",
    "io.quarkus.scheduler.Scheduled",
    "io.micronaut.scheduling.annotation.Scheduled",
}


class Schedulers(CallBacks):
    """before: marked methods and jobs   after: entry points"""

    name = "scheduler"
    what = "the scheduler runs"
    bases = frozenset({"org.quartz.Job", "org.springframework.scheduling.quartz.QuartzJobBean"}) | ee("ejb.TimedObject")

    def facts(self, feed: Feed) -> None:
        super().facts(feed)
        for cls in feed.classes():
            for method in feed.methods(cls.name) if is_made(cls) else ():
                if mark(method, _MARKS):
                    feed.run(method, f"the scheduler runs {cls.name}.{method.name}", feed.object(cls.name))
