"""What each role may do. A role holds at a place and below."""

from __future__ import annotations

from typing import Literal, get_args

Right = Literal[
    "place.read", "place.write",
    "facility.read", "facility.write",
    "card.read", "assessment.run", "assessment.publish",
    "resident.read", "resident.reveal", "resident.write",
    "account.read", "account.write", "role.grant",
    "audit.read",
    "district.load",
    "layer.write",
    "project.read", "project.write", "project.approve",
    "survey.read", "survey.write", "survey.answer",
    "case.read", "case.write", "case.act", "case.dispatch", "case.verify", "duty.write",
    "device.read", "device.write", "rule.write",
    "warning.write", "application.write",
]  # fmt: skip
RIGHTS: tuple[Right, ...] = get_args(Right)

_LOOK: frozenset[Right] = frozenset(
    {"place.read", "facility.read", "card.read", "project.read", "survey.read", "case.read"}
)
_PLAIN: frozenset[Right] = frozenset({"place.read", "facility.read"})
_ACCOUNTS: frozenset[Right] = frozenset({"account.read", "account.write"})
_GRANTS: frozenset[Right] = frozenset({"account.read", "role.grant", "place.read"})
_AUDIT: frozenset[Right] = frozenset({"audit.read"})
_WRITES: frozenset[Right] = frozenset(
    {"facility.write", "layer.write", "project.write", "survey.write"}
)
_CASES: frozenset[Right] = frozenset(
    {"case.write", "case.act", "case.dispatch", "case.verify", "duty.write"}
)
_DEVICES: frozenset[Right] = frozenset({"device.read", "device.write"})
_RULES: frozenset[Right] = frozenset({"rule.write"})
_WARNS: frozenset[Right] = frozenset({"warning.write"})
_DECIDES: frozenset[Right] = frozenset({"assessment.run", "assessment.publish", "project.approve"})
_RESIDENTS: frozenset[Right] = frozenset({"resident.read", "resident.reveal", "resident.write"})

RIGHTS_OF: dict[str, frozenset[Right]] = {
    "district_planner": _LOOK
    | _WRITES
    | _DECIDES
    | {"place.write", "district.load", "survey.answer", "device.read"},
    "command_operator": _LOOK | _CASES | _DEVICES | _RULES | _WARNS,
    "street_officer": _LOOK
    | _WRITES
    | _CASES
    | _DEVICES
    | _RULES
    | _WARNS
    | {"assessment.run", "resident.read", "survey.answer"},
    "community_worker": _LOOK | _WRITES | _CASES | _DEVICES | _RESIDENTS | {"survey.answer"},
    "grid_worker": _LOOK
    | {"resident.read", "survey.answer", "case.write", "case.act", "device.read"},
    "department_officer": _LOOK | _WRITES | {"case.act"},
    "service_operator": _PLAIN,
    "council_member": _LOOK,
    # The three that check each other (三权分立): none of them sees or changes the district's own data.
    "system_administrator": _ACCOUNTS | {"application.write"},
    "security_administrator": _GRANTS,
    "auditor": _AUDIT,
}

ROLE_NAMES: dict[str, tuple[str, str]] = {
    "district_planner": ("区规划员", "District planner"),
    "command_operator": ("指挥中心值班员", "Command operator"),
    "street_officer": ("街道干部", "Street officer"),
    "community_worker": ("社区工作者", "Community worker"),
    "grid_worker": ("网格员", "Grid worker"),
    "department_officer": ("部门干部", "Department officer"),
    "service_operator": ("服务运营方", "Service operator"),
    "council_member": ("居民议事会成员", "Resident council member"),
    "system_administrator": ("系统管理员", "System administrator"),
    "security_administrator": ("安全管理员", "Security administrator"),
    "auditor": ("审计员", "Auditor"),
}
SEPARATE = frozenset({"system_administrator", "security_administrator", "auditor"})
"""Roles of which one person holds one, and no other role beside it."""
