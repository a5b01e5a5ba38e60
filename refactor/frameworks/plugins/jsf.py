"""JSF and other page frameworks: pages call the methods and properties of backing beans by name."""

from __future__ import annotations

from refactor.frameworks.plugins.callbacks import CallBacks
from refactor.frameworks.plugins.names import ee, is_made, mark, public
from refactor.pointsto.plugin import Feed

_BACKING = ee("faces.bean.ManagedBean", "faces.view.ViewScoped", "inject.Named", "enterprise.inject.Model", "annotation.ManagedBean")
_MARKED = ee("faces.convert.FacesConverter", "faces.validator.FacesValidator", "faces.component.FacesComponent")
_ACTIONS = frozenset({"net.sourceforge.stripes.action.ActionBean", "org.apache.struts.action.Action", "com.opensymphony.xwork2.Action"})


class Jsf(CallBacks):
    """before: backing beans   after: their public methods as entry points; converters, validators and listeners by type"""

    name = "jsf"
    what = "a page's life cycle calls"
    bases = ee(
        "faces.convert.Converter",
        "faces.validator.Validator",
        "faces.event.PhaseListener",
        "faces.event.ActionListener",
        "faces.event.SystemEventListener",
        "faces.component.UIComponent",
        "faces.render.Renderer",
        "el.ELResolver",
    )

    def facts(self, feed: Feed) -> None:
        super().facts(feed)
        for cls in feed.classes():
            if not is_made(cls):
                continue
            if mark(cls, _MARKED):
                self.made(feed, cls.name)
            if mark(cls, _BACKING) or _ACTIONS & feed.supertypes(cls.name):
                ref = feed.object(cls.name)
                feed.construct(ref, cls.name)
                for method in public(feed.methods(cls.name)):
                    feed.run(method, f"a page may call {cls.name}.{method.name}", ref)
