/** What personal data may be kept and read for, and the groups a resident may belong to. */
export const PURPOSES = ["service", "elder_care", "emergency", "survey", "statistics"] as const;
export const GROUPS = ["elder_60", "elder_75", "elder_living_alone", "infant_0_2", "child_0_14"] as const;
