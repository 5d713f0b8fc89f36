"""The description of the API is true: what it says is accepted is, what it forbids is not, and every answer looks as it says."""

from __future__ import annotations

import schemathesis
from clinicdex.searchbox.app import application
from clinicdex.searchbox.settings import Settings
from door import CLINIC, holding
from hypothesis import HealthCheck, settings

APPLICATION = application(holding(CLINIC), Settings("1.2.3", hosts=("testserver",)))
described = schemathesis.openapi.from_asgi("/openapi.json", APPLICATION)


@described.parametrize()
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_it_is_described(case: schemathesis.Case) -> None:
    case.call_and_validate()
