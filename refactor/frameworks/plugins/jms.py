"""JMS and other messaging: listeners by interface and by annotation."""

from __future__ import annotations

from refactor.frameworks.plugins.callbacks import CallBacks
from refactor.frameworks.plugins.names import ee, is_made, mark
from refactor.pointsto.plugin import Feed

_MARKS = frozenset(
    {
        "org.springframework.jms.annotation.JmsListener",
        "org.springframework.kafka.annotation.KafkaListener",
        "org.springframework.amqp.rabbit.annotation.RabbitListener",
        "org.springframework.amqp.rabbit.annotation.RabbitHandler",
        "org.eclipse.microprofile.reactive.messaging.Incoming",
    }
)


class Jms(CallBacks):
    """before: message listeners   after: entry points"""

    name = "jms"
    what = "a message reaches"
    bases = ee("jms.MessageListener", "jms.ExceptionListener", "jms.CompletionListener")

    def facts(self, feed: Feed) -> None:
        super().facts(feed)
        for cls in feed.classes():
            for method in feed.methods(cls.name) if is_made(cls) else ():
                if mark(method, _MARKS):
                    feed.run(method, f"a message reaches {cls.name}.{method.name}", feed.object(cls.name))
