/** Conditions in words, and options as lines of text. */
import { words } from "@/answering/asking";
import { say } from "@/shared/i18n";
import type { Choice, Condition, Question } from "@/shared/types";

/** What conditions say, for a reader. */
export function saidOf(conditions: Condition[], questions: Question[]): string {
  return conditions.map((one) => {
    const asked = questions.find((other) => other.name === one.question);
    const question = asked ? `“${words(asked)}”` : one.question;
    return say(one.negate ? "poll.isNot" : "poll.is", { question, values: valuesOf(one, asked) });
  }).join("; ");
}

export function choicesOf(question: Question | undefined): { name: string; words: string }[] {
  if (!question) return [];
  if (question.kind === "rating") return ["5", "4", "3", "2", "1", "0"].map((name) => ({ name, words: say(`poll.ratings.${name}`) }));
  return question.options.map((one) => ({ name: one.name, words: words(one) }));
}

/** Options as text: a line each, `name 中文 | English`. */
export function linesOf(options: Choice[]): string {
  return options.map((one) => `${one.name} ${one.zh}${one.en ? ` | ${one.en}` : ""}`).join("\n");
}

export function optionsOf(lines: string): Choice[] {
  return lines.split("\n").map((line) => line.trim()).filter(Boolean).map((line, k) => {
    const [, name, rest] = /^([A-Za-z0-9_]+)\s+(.*)$/.exec(line) ?? [null, `o${k + 1}`, line];
    const [zh, en] = (rest ?? "").split("|").map((one) => one.trim());
    return { name: name!, zh: zh ?? "", en: en ?? "" };
  });
}

function valuesOf(one: Condition, asked: Question | undefined): string {
  if (one.among.length) {
    const known = choicesOf(asked);
    return one.among.map((name) => known.find((choice) => choice.name === name)?.words ?? name).join(" / ");
  }
  return [one.least === null ? "" : `≥ ${one.least}`, one.most === null ? "" : `≤ ${one.most}`].filter(Boolean).join(", ");
}
