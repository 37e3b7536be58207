/** What a kind of group chat is called: our own robots by their names, the schemas of apprise by themselves. */
import { say } from "@/shared/i18n";

const OURS = ["wecom", "dingtalk", "feishu"];

export const chatKind = (kind: string): string => (OURS.includes(kind) ? say(`chats.kinds.${kind}`) : kind);
