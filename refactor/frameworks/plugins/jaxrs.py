"""JAX-RS: resources, sub-resources and providers; WebSocket endpoints and web services by annotation."""

from __future__ import annotations

from refactor.frameworks.plugins.callbacks import CallBacks
from refactor.frameworks.plugins.names import ee, is_made, mark, public
from refactor.pointsto.plugin import Feed

_PATH = ee("ws.rs.Path")
_VERBS = ee("ws.rs.GET", "ws.rs.POST", "ws.rs.PUT", "ws.rs.DELETE", "ws.rs.PATCH", "ws.rs.HEAD", "ws.rs.OPTIONS")
_PROVIDER = ee("ws.rs.ext.Provider", "ws.rs.ApplicationPath")
_SOCKET = ee("websocket.server.ServerEndpoint", "websocket.ClientEndpoint")
_MESSAGES = ee("websocket.OnOpen", "websocket.OnClose", "websocket.OnMessage", "websocket.OnError")
_SERVICE = ee("jws.WebService")


class JaxRs(CallBacks):
    """before: annotated classes   after: their methods as entry points, on an object that the container makes"""

    name = "jax-rs"
    what = "the container calls"
    bases = ee(
        "ws.rs.core.Application",
        "ws.rs.ext.ExceptionMapper",
        "ws.rs.ext.MessageBodyReader",
        "ws.rs.ext.MessageBodyWriter",
        "ws.rs.container.ContainerRequestFilter",
        "ws.rs.container.ContainerResponseFilter",
    )

    def facts(self, feed: Feed) -> None:
        super().facts(feed)
        for cls in feed.classes():
            above = [feed.program.classes[n] for n in sorted(feed.supertypes(cls.name)) if n in feed.program.classes]
            if not is_made(cls):
                continue
            resource = any(mark(c, _PATH) for c in above)
            for method in feed.methods(cls.name):
                declared = [m for c in above for m in c.methods if m.name == method.name and len(m.params) == len(method.params)]
                called = any(mark(m, _VERBS) or (resource and mark(m, _PATH)) for m in declared)
                if called or (mark(cls, _SOCKET) and mark(method, _MESSAGES)):
                    ref = feed.object(cls.name)
                    feed.construct(ref, cls.name)
                    feed.run(method, f"a request reaches {cls.name}.{method.name}", ref)
            if mark(cls, _PROVIDER):
                self.made(feed, cls.name)
            if mark(cls, _SERVICE):
                ref = feed.object(cls.name)
                feed.construct(ref, cls.name)
                for method in public(feed.methods(cls.name)):
                    feed.run(method, f"a web service call reaches {cls.name}.{method.name}", ref)
