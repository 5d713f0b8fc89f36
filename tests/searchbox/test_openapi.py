"""The API's description is true.

The API accepts what the description allows, refuses what it forbids, and every answer has the described form.
"""

from __future__ import annotations

from typing import Any

import schemathesis
from clinicdex.searchbox.app import application
from clinicdex.searchbox.settings import Settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance
from support.door import CLINIC, holding

APPLICATION = application(holding(CLINIC), Settings("1.2.3", hosts=("testserver",)))
_VALUE = st.sampled_from(["one", "'back pain'", '"Ann Roe"', "IN", '""'])
_SIMPLE = st.builds(
    "{} {} {}".format,
    st.sampled_from(["topics", "authors", "site", "language", "id"]),
    st.sampled_from(["=", "!=", "IN [x,", "NOT IN [x,"]),
    _VALUE,
)
_CLOSED = _SIMPLE.map(lambda text: text + "]" if "[" in text else text)
_DATED = st.builds(
    "published {} {}".format,
    st.sampled_from(["=", ">", ">=", "<", "<=", "0 TO"]),
    st.integers(-(10**13), 10**13),
)
_FILTER = st.recursive(
    _CLOSED | _DATED,
    lambda inner: st.builds("({} {} NOT {})".format, inner, st.sampled_from(["AND", "OR"]), inner),
    max_leaves=6,
)
schemathesis.openapi.format("filter", _FILTER)

TOO_LARGE = [413, 414]  # a request that fits its schema may still be too large as a whole
STATUSES = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", 404, *TOO_LARGE]},
    "negative_data_rejection": {"expected-statuses": [400, 404, 405, 415, *TOO_LARGE]},
}
described = schemathesis.openapi.from_asgi(
    "/openapi.json", APPLICATION, config=schemathesis.Config.from_dict({"checks": STATUSES})
)


@described.parametrize()
@settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_it_is_described(case: schemathesis.Case[Any]) -> None:
    response = case.call()
    # A schema cannot express the grammar of filters.
    unsaid = response.status_code == 400 and response.json()["code"] == "invalid_search_filter"
    case.validate_response(response, excluded_checks=[positive_data_acceptance] if unsaid else [])
