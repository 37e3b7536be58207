/** A browser and its system as people call them, from what it says of itself; its own words where it is another. */
const BROWSERS: [RegExp, string][] = [
  [/MicroMessenger/, "微信 WeChat"], [/Edg/, "Edge"], [/QQBrowser/, "QQ"], [/Firefox|FxiOS/, "Firefox"],
  [/Chrome|CriOS/, "Chrome"], [/Safari/, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, "HarmonyOS"], [/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"], [/Linux/, "Linux"],
];

export function browserName(said: string): string {
  const browser = BROWSERS.find(([sign]) => sign.test(said))?.[1];
  const system = SYSTEMS.find(([sign]) => sign.test(said))?.[1];
  return browser ? [browser, system].filter(Boolean).join(" · ") : said.slice(0, 60);
}
