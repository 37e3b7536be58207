"""Files damaged at random are told as they are: no other error than ours, and nothing hangs.

Bytes are changed, cut, doubled and put in at random, in every kind of file that is read.
`scripts/fuzz` does the same for an hour, guided by coverage.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from damage import HOSTILE, TARGETS, WAYS, Whole, damaged, try_read

EXAMPLES = int(os.environ.get("LIFECIRCLE_FUZZ", "25"))


@st.composite
def damages(draw):
    """One to four changes of a file's bytes."""
    where = st.floats(0, 1, exclude_max=True)
    content = st.sampled_from(HOSTILE) | st.binary(max_size=8)
    one = st.tuples(st.sampled_from(WAYS), where, where, content)
    return draw(st.lists(one, min_size=1, max_size=4))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return Whole(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("name", TARGETS)
def test_a_damaged_file_is_refused_or_read_but_never_ends_in_another_error(name, whole, tmp_path):
    path, read = TARGETS[name](tmp_path, whole)
    good = path.read_bytes()

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(damages())
    def try_it(changes):
        path.write_bytes(damaged(good, changes))
        try_read(read)

    try_it()
