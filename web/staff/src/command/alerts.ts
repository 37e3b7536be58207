/** Sound and speech for new cases: off until somebody switches it on, which browsers ask for; never the only cue. */
import { ref, watch, type Ref } from "vue";

import { language, say } from "@/shared/i18n";
import type { LiveCase } from "@/shared/types";
import { named } from "@/shared/i18n";

const SHOWN_MS = 30_000;
const AGAIN_MS = 60_000;
const TONES_HZ = [880, 660, 880];

export const sounding = ref(false);
/** Whether this machine can speak the language that is shown by itself: other voices would ask a server elsewhere. */
export const canSpeak = ref(false);
let audio: AudioContext | null = null;

export function switchSound(): void {
  sounding.value = !sounding.value;
  if (!sounding.value) {
    window.speechSynthesis?.cancel();
    return;
  }
  audio ??= new AudioContext();
  void audio.resume();
  canSpeak.value = voice() !== undefined;
  ring(1);
}

/** Say of P1 cases that are new; again every minute while nobody answers. The newest is shown for half a minute. */
export function useAlerts(cases: Ref<LiveCase[]>, ready: Ref<boolean>) {
  const newest = ref<LiveCase | null>(null);
  let known: Set<string> | null = null;
  let showing = 0;
  let told = 0;

  watch([cases, ready], ([now, is]) => {
    if (!is) return;
    const urgent = now.filter((one) => one.priority === "P1" && !one.canary);
    const fresh = known ? urgent.filter((one) => !known!.has(one.ref)) : [];
    known = new Set([...(known ?? []), ...urgent.map((one) => one.ref)]);
    if (fresh[0]) {
      newest.value = fresh[0];
      window.clearTimeout(showing);
      showing = window.setTimeout(() => (newest.value = null), SHOWN_MS);
    }
    const waiting = fresh[0] ?? urgent.find((one) => ["received", "assigned"].includes(one.state));
    if (waiting && (fresh.length || Date.now() - told > AGAIN_MS)) {
      told = Date.now();
      sound(waiting);
    }
  });
  return { newest };
}

export function wordsOf(one: LiveCase, key: "new" | "spoken"): string {
  return say(`command.sound.${key}`, { priority: one.priority, place: named(one.place_zh, one.place_en), kind: named(one.kind_zh, one.kind_en) });
}

function sound(one: LiveCase): void {
  if (!sounding.value) return;
  ring(TONES_HZ.length);
  const found = voice();
  canSpeak.value = found !== undefined;
  if (!found) return;
  const spoken = new SpeechSynthesisUtterance(wordsOf(one, "spoken"));
  spoken.voice = found;
  spoken.lang = found.lang;
  window.speechSynthesis.speak(spoken);
}

function ring(count: number): void {
  if (!audio) return;
  for (const [k, hz] of TONES_HZ.slice(0, count).entries()) {
    const [tone, gain] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + k * 0.28;
    tone.frequency.value = hz;
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(0.3, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.25);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.26);
  }
}

function voice(): SpeechSynthesisVoice | undefined {
  const start = language.value === "zh" ? "zh" : "en";
  return window.speechSynthesis?.getVoices().find((one) => one.localService && one.lang.toLowerCase().startsWith(start));
}
