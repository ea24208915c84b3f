"""The type of the fixtures that call the sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

Call = Callable[..., Coroutine[Any, Any, Any]]
"""``await call(method, **parameters)``."""
