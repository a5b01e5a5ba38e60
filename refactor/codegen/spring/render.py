"""The text templates of this target."""

from __future__ import annotations

from functools import lru_cache

import jinja2

from refactor.support.resources import resource


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(resource("templates/spring"))),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # the output is Java, YAML and Markdown; XML values are escaped by the `xml` filter
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def rendered(template: str, **values: object) -> str:
    """The text of `templates/spring/<template>`; raises jinja2.UndefinedError where a value is missing."""
    return _environment().get_template(template).render(**values)
