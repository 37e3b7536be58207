/** The roles of the hub. */
export const ROLES = [
  "district_planner", "command_operator", "street_officer", "community_worker", "grid_worker",
  "department_officer", "service_operator", "council_member", "system_administrator",
  "security_administrator", "auditor",
] as const;

/** Roles that hold everywhere, and of which one person holds one. */
export const WITHOUT_PLACE = new Set<string>(["system_administrator", "security_administrator", "auditor"]);
