"""Which process runs which tests: a file goes to one, all in a real browser to one, the longest first."""

from xdist.scheduler import LoadFileScheduling

LONGEST = (
    "tests/browser",
    "tests/test_docs.py",
    "tests/hub/test_serving.py",
    "tests/hub/test_migrations.py",
    "tests/cli/test_cli_commands.py",
    "tests/faults/test_killed.py",
)
"""Begun in this order, then those with the most tests: at the end only short ones are left to share out. Faults mostly wait."""


class Spread(LoadFileScheduling):
    """`--dist loadfile`, but that browser tests share one hub with its assessed town, and long files come first."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "tests/browser" if file.startswith("tests/browser/") else file

    def _assign_work_unit(self, node) -> None:
        first = min(self.workqueue, key=rank)
        self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)


def rank(scope: str) -> int:
    """Where a file stands in the order."""
    return LONGEST.index(scope) if scope in LONGEST else len(LONGEST)
