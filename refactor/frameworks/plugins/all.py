"""Every plug-in there is, in the order in which they speak."""

from __future__ import annotations

from refactor.frameworks.plugins.cdi import Cdi
from refactor.frameworks.plugins.ejb import Ejb
from refactor.frameworks.plugins.jaxrs import JaxRs
from refactor.frameworks.plugins.jms import Jms
from refactor.frameworks.plugins.jpa import Jpa
from refactor.frameworks.plugins.jsf import Jsf
from refactor.frameworks.plugins.junit import Tests
from refactor.frameworks.plugins.mains import Mains
from refactor.frameworks.plugins.mybatis import MyBatis
from refactor.frameworks.plugins.reflection import Reflection
from refactor.frameworks.plugins.schedulers import Schedulers
from refactor.frameworks.plugins.servlets import Servlets
from refactor.frameworks.plugins.spring import Spring
from refactor.frameworks.plugins.springdata import SpringData
from refactor.frameworks.plugins.springmvc import SpringMvc
from refactor.pointsto.plugin import Plugin


def plugins() -> tuple[Plugin, ...]:
    """A fresh set for one program: a plug-in may remember what it has seen."""
    return (
        Mains(), Tests(), Reflection(), Servlets(), JaxRs(), Jms(), Schedulers(), Ejb(), Cdi(), Jsf(), Jpa(),
        SpringMvc(), SpringData(), MyBatis(), Spring(),
    )  # fmt: skip
