/** Which questions come up, and which are still to be answered: as the hub decides it. */
import { named } from "@/shared/i18n";
import type { Answers, Condition, Given, Question, Section } from "@/shared/types";

export const RATINGS = ["5", "4", "3", "2", "1", "0"];

/** The sections with the questions that come up for some answers. */
export function shown(sections: Section[], answers: Answers): Section[] {
  const given: Answers = {};
  const parts = sections.map((section) => ({
    ...section,
    questions: section.questions.filter((one) => {
      if (!one.when.every((condition) => holds(condition, given))) return false;
      if (!isEmpty(answers[one.name])) given[one.name] = answers[one.name]!;
      return true;
    }),
  }));
  return parts.filter((section) => section.questions.length);
}

/** The answers to questions that come up. */
export function kept(sections: Section[], answers: Answers): Answers {
  const questions = shown(sections, answers).flatMap((section) => section.questions);
  return Object.fromEntries(questions.filter((one) => !isEmpty(answers[one.name])).map((one) => [one.name, answers[one.name]!]));
}

/** Questions that come up and need an answer, or have too many. */
export function open(sections: Section[], answers: Answers): Question[] {
  const questions = shown(sections, answers).flatMap((section) => section.questions);
  return questions.filter((one) => {
    const given = answers[one.name];
    if (isEmpty(given)) return one.required && one.kind !== "note";
    return one.kind === "many" && one.most !== null && (given as string[]).length > one.most;
  });
}

export function words(one: { zh: string; en: string }): string {
  return named(one.zh, one.en);
}

export function isEmpty(given: Given | undefined): boolean {
  return given === null || given === undefined || given === "" || (Array.isArray(given) && !given.length);
}

function holds(one: Condition, given: Answers): boolean {
  return met(one, given[one.question]) !== one.negate;
}

function met(one: Condition, given: Given | undefined): boolean {
  if (given === undefined || given === null) return false;
  if (one.among.length) return (Array.isArray(given) ? given : [String(given)]).some((each) => one.among.includes(each));
  const value = Number(given);
  return !Number.isNaN(value) && (one.least === null || value >= one.least) && (one.most === null || value <= one.most);
}
