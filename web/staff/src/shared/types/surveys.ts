/** Surveys of residents: questions, quotas, answers, results. */
export type QuestionKind = "rating" | "one" | "many" | "number" | "text" | "note";
export type Given = string | number | string[] | null;
export type Answers = Record<string, Given>;

export interface Choice {
  name: string;
  zh: string;
  en: string;
}

export interface Condition {
  question: string;
  among: string[];
  least: number | null;
  most: number | null;
  negate: boolean;
}

export interface Question {
  name: string;
  kind: QuestionKind;
  zh: string;
  en: string;
  required: boolean;
  options: Choice[];
  least: number | null;
  most: number | null;
  when: Condition[];
}

export interface Section {
  name: string;
  zh: string;
  en: string;
  questions: Question[];
  indicators?: Record<string, string>;
}

export interface Band {
  id: string;
  zh: string;
  en: string;
}

export interface Library {
  sections: Section[];
  bands: Band[];
}

export type SurveyState = "draft" | "open" | "closed";

export interface Survey {
  id: number;
  place: string;
  place_zh: string;
  place_en: string;
  zh: string;
  en: string;
  state: SurveyState;
  counts: boolean;
  ends_on: string | null;
  created_by: string;
  opened_at: string | null;
  closed_at: string | null;
  version: number;
  questions: number;
}

export interface WholeSurvey extends Survey {
  sections: Section[];
  may_change: boolean;
  may_answer: boolean;
}

export interface SurveyValues {
  zh?: string;
  en?: string;
  counts?: boolean;
  ends_on?: string | null;
  sections?: Section[];
}

export interface Quota {
  place: string;
  band: string;
  wanted: number;
}

export interface Progress extends Quota {
  place_zh: string;
  place_en: string;
  asked: number;
  answered: number;
}

export interface Asked {
  zh: string;
  en: string;
  place_zh: string;
  place_en: string;
  band: string;
  open: boolean;
  answered: boolean;
  sections: Section[];
  bands: Band[];
}

export interface Filled {
  key: string;
  band: string;
  values: Answers;
}

export interface Entered extends Filled {
  how: "door" | "paper";
  code: string;
  place: string;
  phone: string;
}

export interface Estimate {
  value: number | null;
  error: number | null;
  low: number | null;
  high: number | null;
  answers: number | null;
  suppressed: boolean;
}

export interface QuestionResult {
  name: string;
  kind: QuestionKind;
  zh: string;
  en: string;
  about: string;
  asked: number | null;
  mean: Estimate | null;
  options: (Choice & Estimate)[];
  topics: { topic: string; count: number; example: string }[];
}

export interface SurveyResults {
  answers: number;
  people: number;
  least: number;
  effective: number | null;
  silent: string[];
  silent_bands: string[];
  how: Record<"phone" | "door" | "paper", number>;
  questions: QuestionResult[];
}

export interface PartResult extends Estimate {
  part: string;
  zh: string;
  en: string;
}
