"""What can go wrong, in words for the person who has to mend it.

Every error of Lifecircle derives from `LifecircleError` and carries an exit code for the command
line. Input errors carry `Issue` rows, all of them at once, in English and Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning"]
_MOST_LINES = 200


def _shown(text: str) -> str:
    """Text from a file as a terminal may show it: what cannot be printed is escaped."""
    return text if text.isprintable() else repr(text)[1:-1]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong with the input: where it is, what stands there, what was expected.

    `row` counts as the person sees it: 1 is the header of a CSV or XLSX table, 2 its first record;
    features of GeoJSON and GeoPackage count from 1. 0 means the table as a whole.
    """

    code: str
    file: str
    expected: str
    expected_zh: str
    row: int = 0
    column: str = ""
    value: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """`facilities.csv:17 [capacity] '-3': a number of at least 0 / 不小于 0 的数字`."""
        where = self.file + (f":{self.row}" if self.row else "")
        column = f" [{_shown(self.column)}]" if self.column else ""
        value = f" {self.value!r}" if self.value else ""
        return f"{where}{column}{value}: {self.expected} / {self.expected_zh}"

    def to_json(self) -> dict[str, str | int]:
        """The same as a plain dictionary, for machines."""
        return asdict(self)


def listed(names: Sequence[str], most: int = 5) -> str:
    """The first few of many names for an issue's value: `a, b, c … (79)`."""
    head = ", ".join(names[:most])
    return head if len(names) <= most else f"{head} … ({len(names)})"


class LifecircleError(Exception):
    """Base of every error that Lifecircle raises on purpose. `exit_code` is the shell's."""

    exit_code = 1


class InputError(LifecircleError):
    """The input cannot be used as it is; `issues` names every place at once."""

    exit_code = 3

    def __init__(self, message: str, issues: tuple[Issue, ...] = ()) -> None:
        super().__init__(message)
        self.issues = issues

    def __str__(self) -> str:
        """The message and its first 200 issues, a line each; the rest are counted."""
        lines = [super().__str__(), *(f"  {issue}" for issue in self.issues[:_MOST_LINES])]
        more = len(self.issues) - _MOST_LINES
        if more > 0:
            lines.append(f"  … and {more} more / 另有 {more} 处")
        return "\n".join(lines)


class StandardsError(InputError):
    """The standards, or a bundle's overrides of them, do not hold together."""


class BundleError(InputError):
    """A district on disk does not hold together."""


class NetworkError(InputError):
    """The street network or the elevation model cannot be read or used."""


class OutputError(LifecircleError):
    """Nothing can be written there, or it is not ours to replace."""

    exit_code = 5


class MissingExtraError(LifecircleError, ImportError):
    """An optional library is not installed; the message says how to get it."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            f"{library} is not installed: pip install 'lifecircle[{extra}]' / 未安装 {library}"
        )


class NotFoundError(LifecircleError):
    """A place, a facility type or a file that was asked for does not exist."""

    exit_code = 4
