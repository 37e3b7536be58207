/** Rosters: a week at a place, holes, who can be put on duty. Days and times are of the hub's own clock. */
export interface DutySpan {
  starts_at: string;
  ends_at: string;
  day: string;
  starts: string;
  ends: string;
  ends_day: string;
}

export type ShiftAct = "substitute" | "hand_over" | "take_off";

export interface WeekShift extends DutySpan {
  id: number;
  username: string;
  name: string;
  substitute: string;
  substitute_name: string;
  note: string;
  handed_over: boolean;
  /** The account may not be used: nobody is there. */
  away: boolean;
  state: "over" | "now" | "later";
  acts: ShiftAct[];
}

export interface DutyWeek {
  place: string;
  place_zh: string;
  level: string;
  monday: string;
  today: string;
  time: string;
  has_roster: boolean;
  may_plan: boolean;
  shifts: WeekShift[];
  holes: DutySpan[];
  on_now: string[];
  /** Who is told by their role where nobody is on the roster. */
  instead: string[];
}

export interface DutyHoles {
  place: string;
  place_zh: string;
  level: string;
  hours: number;
  holes: DutySpan[];
}

export interface DutyPerson {
  username: string;
  name: string;
  role: string;
  place_zh: string;
}

export interface ShiftPlan {
  place: string;
  usernames: string[];
  starts: string;
  ends: string;
  since: string;
  until: string;
  weekdays: number[];
  note: string;
}

export interface ShiftsMade {
  made: number;
  same: number;
  empty: number;
}
