/** Keys and hazards of homes, with the resident's consent. */
export interface DwellingNote {
  id: number;
  place: string;
  place_zh: string;
  door: string;
  has_key: boolean;
  hazards: number;
  has_note: boolean;
  consent_on: string;
  consent_by: string;
  keep_until: string;
  version: number;
}

export interface DwellingNoteValues {
  door: string | null;
  resident: string;
  key_held: string;
  hazards: string[];
  note: string;
  consent_on: string;
  keep_until: string;
}

export interface DwellingNoteWhole extends DwellingNoteValues {
  id: number;
  place: string;
  place_zh: string;
  version: number;
}
