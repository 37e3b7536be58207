/** Rules over what devices measure. */
export interface Rule {
  code: string;
  name: string;
  place: string;
  place_zh: string;
  device_kind: string;
  definition: Record<string, unknown>;
  holds: number | null;
  last: number | null;
  version: number;
}

export interface RuleTried {
  days: number;
  cases: number;
  devices: number;
  heard: number;
  readings: number;
  first: { device: string; began: string; ended: string | null }[];
}

export interface RuleVersion {
  number: number;
  definition: Record<string, unknown>;
  made_by: string;
  made_at: string;
  tried: RuleTried | null;
  tried_at: string | null;
}

export interface NewRule {
  code: string;
  name: string;
  place: string;
  device_kind: string;
  definition: Record<string, unknown>;
}
