"""What the hub refuses, in words for people; each knows its HTTP status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lifecircle.errors import Issue, LifecircleError


class HubError(LifecircleError):
    """Base: a status, a code for programs, and the message in English and Chinese."""

    status = 400
    code = "refused"

    def __init__(self, en: str, zh: str, issues: Sequence[Issue] = ()) -> None:
        super().__init__(f"{en} / {zh}")
        self.en, self.zh, self.issues = en, zh, tuple(issues)

    def to_json(self) -> dict[str, Any]:
        """The body of the answer."""
        issues = [issue.to_json() for issue in self.issues[:500]]
        return {"code": self.code, "message_en": self.en, "message_zh": self.zh, "issues": issues}


class InvalidError(HubError):
    """A value is not what was expected."""

    status, code = 422, "invalid"


class UnknownCallerError(HubError):
    """Nobody has logged in."""

    status, code = 401, "not_logged_in"

    def __init__(self) -> None:
        super().__init__("log in first", "请先登录")


class TooMuchError(HubError):
    """A request is longer than allowed, or comes too slowly."""

    status, code = 413, "too_much"

    def __init__(self) -> None:
        super().__init__("the request is too long, or came too slowly", "请求过长或过慢")


class ServerError(HubError):
    """It is not the caller's fault."""

    status, code = 500, "server"

    def __init__(self) -> None:
        super().__init__("the server failed; nothing was changed", "服务器出错, 未作任何改动")


class MissingError(HubError):
    """There is no such thing, or not for this caller: the two are not told apart."""

    status, code = 404, "not_found"

    def __init__(self, en: str = "no such thing", zh: str = "没有找到") -> None:
        super().__init__(en, zh)


class ForbiddenError(HubError):
    """The caller may see it, and may not do this."""

    status, code = 403, "forbidden"

    def __init__(self, en: str = "you may not do this", zh: str = "没有权限") -> None:
        super().__init__(en, zh)


class ConflictError(HubError):
    """Somebody else was faster, or it is not in a state for this."""

    status, code = 409, "conflict"


class TooManyError(HubError):
    """The caller asks or writes more often than allowed; it may come again after some seconds."""

    status, code = 429, "too_many"

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many requests: wait {wait_s} s", f"请求过于频繁: 请等待 {wait_s} 秒")
        self.wait_s = wait_s
