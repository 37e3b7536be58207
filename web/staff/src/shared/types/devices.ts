/** Devices, and what they measure. */
export interface DeviceFields {
  kind: string;
  name: string;
  place: string;
  lon: number | null;
  lat: number | null;
  decoder: string;
  external_id: string | null;
  certificate: boolean;
  vendor: string;
  installed_on: string | null;
  silent_after_s: number | null;
}

/** What of a home is said once, and shown on request only. */
export interface DeviceContact {
  who: "resident" | "family" | "neighbour";
  phone: string;
}

export interface DeviceHome {
  door: string | null;
  owner: string | null;
  contacts: DeviceContact[];
  consent_on: string | null;
}

export interface Device extends DeviceFields {
  ref: string;
  place_zh: string;
  acks: boolean;
  battery: number | null;
  firmware: string;
  state: "active" | "maintenance" | "retired";
  heard_at: string | null;
  silent: boolean;
  alarm: boolean;
  has_door: boolean;
  in_dwelling: boolean;
  consent_on: string | null;
  consent_by: string;
  withdrawn_on: string | null;
  replaced_by: string;
  replaces: string;
  version: number;
}

/** A device, and its secret: nobody is shown it again. */
export interface DeviceMade {
  device: Device;
  secret: string;
}

export interface DeviceDone {
  at: string;
  name: string;
  action: string;
}

export interface Latest {
  ref: string;
  name: string;
  value: number;
  at: string;
}

export interface Reading {
  name: string;
  value: number;
  at: string;
  received_at: string;
  skewed: boolean;
}

export interface Hour {
  name: string;
  at: string;
  count: number;
  mean: number;
  low: number;
  high: number;
}

export interface Refusal {
  ref: string;
  on: string;
  count: number;
  why: string;
}

/** What a table of devices came to: the secrets as a workbook, where there are new ones. */
export interface DevicesImported {
  made: number;
  same: number;
  file: Blob | null;
}
