/** What somebody is in a grid's team "1+3+N". */
export const ROLES = ["head", "full_time", "part_time", "guide", "other"] as const;
export type TeamRole = (typeof ROLES)[number];
