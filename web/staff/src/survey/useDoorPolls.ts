/** Surveys of residents at the door: taken along, answered without network, sent when there is one. */
import { computed, ref, watch } from "vue";

import { newKey } from "@/answering/keys";
import { sendEach } from "@/offline/sending";
import { hub } from "@/shared/hub";
import { named } from "@/shared/i18n";
import type { Answers, WholeSurvey } from "@/shared/types";

import { store, type Polls, type Taking } from "./store";

interface Who {
  how: "door" | "paper";
  code: string;
  place: string;
  phone: string;
}

export function useDoorPolls(user: () => string, online: () => boolean) {
  const polls = ref<Polls | null>(null);
  const queue = ref<Taking[]>([]);
  const busy = ref(false);
  const error = ref<unknown>(null);
  const waiting = computed(() => queue.value.filter((one) => !one.refusal).length);
  const refused = computed(() => queue.value.filter((one) => one.refusal));

  async function start(): Promise<void> {
    polls.value = (await store.polls(user())) ?? null;
    queue.value = await store.takings(user());
    if (online()) {
      await send();
      if (!polls.value) await take();
    }
  }

  /** Take along the surveys that are open, with their questions. */
  async function take(): Promise<void> {
    await work(async () => {
      const [page, library, places] = await Promise.all([
        hub.surveys({ state: "open", limit: 50 }), hub.library(), hub.places({ level: "community", limit: 1000 }),
      ]);
      const whole = await Promise.all(page.items.map((one) => hub.survey(one.id)));
      polls.value = {
        user: user(), at: new Date().toISOString(), bands: library.bands, surveys: whole.filter((one) => one.may_answer),
        places: places.items.map(({ code, name_zh, name_en }) => ({ code, name_zh, name_en })),
      };
      await store.takePolls(polls.value);
    });
  }

  async function note(survey: WholeSurvey, who: Who, band: string, values: Answers): Promise<void> {
    const key = newKey();
    const taking: Taking = {
      id: key, user: user(), survey: survey.id, title: named(survey.zh, survey.en), body: { ...who, key, band, values },
      madeAt: new Date().toISOString(), refusal: null,
    };
    await store.putTaking(taking);
    queue.value = [...queue.value, taking];
    if (online()) await send();
  }

  async function send(): Promise<void> {
    await work(async () => {
      const unsent = queue.value.filter((each) => !each.refusal);
      await sendEach(user(), unsent, async (one) => {
        await hub.enterAnswer(one.survey, one.body);
        await store.dropTaking(one.id);
      }, async (one, why) => {
        await store.putTaking({ ...one, refusal: [why.words, ...why.issues.map((each) => each.column)].join(" · ") });
      });
    });
    queue.value = await store.takings(user());
  }

  async function drop(one: Taking): Promise<void> {
    await store.dropTaking(one.id);
    queue.value = await store.takings(user());
  }

  async function work(what: () => Promise<void>): Promise<void> {
    busy.value = true;
    error.value = null;
    try {
      await what();
    } catch (problem) {
      error.value = problem;
    } finally {
      busy.value = false;
    }
  }

  watch(online, (now) => now && void send());
  return { polls, waiting, refused, busy, error, start, take, note, send, drop };
}
