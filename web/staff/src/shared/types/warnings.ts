/** Warnings to many, as CAP 1.2 has them. */
export interface Hazard {
  id: string;
  zh: string;
  en: string;
  instruction_zh: string;
  instruction_en: string;
}

export interface WarningTexts {
  headline_zh: string;
  headline_en: string;
  description_zh: string;
  description_en: string;
  instruction_zh: string;
  instruction_en: string;
}

export interface WarningFields extends WarningTexts {
  areas: string[];
  case: string;
  status: string;
  hazard: string;
  urgency: string;
  severity: string;
  certainty: string;
  onset: string | null;
  expires: string;
}

export interface Warning extends Omit<WarningFields, "areas"> {
  ref: string;
  place: string;
  place_zh: string;
  /** As it was written; the texts beside are what everybody is told. */
  written: WarningTexts;
  areas: { code: string; name_zh: string; name_en: string }[];
  event_zh: string;
  event_en: string;
  state: "draft" | "sent";
  msg_type: "Alert" | "Update" | "Cancel";
  follows: string;
  followed_by: string;
  written_by: string;
  sent_by: string;
  sent_at: string | null;
  version: number;
  may_change: boolean;
  may_follow: boolean;
}
