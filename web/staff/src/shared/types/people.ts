/** Accounts, roles, groups, residents, the audit. */
export type Right =
  | "place.read" | "place.write" | "facility.read" | "facility.write" | "card.read"
  | "assessment.run" | "assessment.publish" | "resident.read" | "resident.reveal"
  | "resident.write" | "account.read" | "account.write" | "role.grant" | "audit.read"
  | "district.load" | "layer.write" | "project.read" | "project.write" | "project.approve"
  | "survey.read" | "survey.write" | "survey.answer"
  | "case.read" | "case.write" | "case.act" | "case.dispatch" | "case.verify" | "duty.write" | "device.read" | "device.write" | "rule.write"
  | "warning.write" | "application.write";

export interface Role {
  id: number;
  role: string;
  role_zh: string;
  role_en: string;
  place: string;
  place_zh: string;
  categories: string[];
  since: string;
  until: string | null;
}

export interface Me {
  username: string;
  name: string;
  kind: string;
  language: string;
  must_change_password: boolean;
  roles: Role[];
  rights: Partial<Record<Right, string[]>>;
  demo: boolean;
}

export interface Account {
  username: string;
  name: string;
  kind: "staff" | "resident";
  email: string;
  is_active: boolean;
  expires_at: string | null;
  last_login: string | null;
  roles: Role[];
}

export interface Token {
  id: number;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string;
  used_at: string | null;
  token?: string;
}

export interface Person {
  username: string;
  name: string;
}

export interface Group {
  id: number;
  name: string;
  task: string;
  place: string;
  place_zh: string;
  lead: Person;
  members: Person[];
  since: string;
  until: string | null;
  may_change: boolean;
}

export interface AuditEntry {
  id: number;
  at: string;
  name: string;
  address: string;
  action: string;
  target: string;
  allowed: boolean;
  detail: Record<string, unknown>;
}

export interface Resident {
  id: number;
  place: string;
  household: number;
  name: string;
  phone: string;
  birth_decade: number | null;
  birth_year?: number | null;
  groups: string[];
}
