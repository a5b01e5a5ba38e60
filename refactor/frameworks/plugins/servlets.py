"""Servlets, filters, listeners and JSP tags."""

from __future__ import annotations

from refactor.frameworks.plugins.callbacks import CallBacks
from refactor.frameworks.plugins.names import ee


class Servlets(CallBacks):
    """before: classes below the servlet types   after: one object each, whose overriding methods the container calls"""

    name = "servlet"
    what = "the servlet container calls"
    bases = ee(
        "servlet.Servlet",
        "servlet.GenericServlet",
        "servlet.http.HttpServlet",
        "servlet.Filter",
        "servlet.ServletContextListener",
        "servlet.ServletContextAttributeListener",
        "servlet.ServletRequestListener",
        "servlet.http.HttpSessionListener",
        "servlet.http.HttpSessionAttributeListener",
        "servlet.http.HttpSessionBindingListener",
        "servlet.ServletContainerInitializer",
        "servlet.jsp.tagext.JspTag",
        "websocket.Endpoint",
    )
