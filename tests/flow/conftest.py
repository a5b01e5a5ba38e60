"""The Java programs of tests/isolate."""

from tests.isolate.conftest import java, java_library

__all__ = ["java", "java_library"]
