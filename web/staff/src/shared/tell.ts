/** Short notices: what was done, what was refused. */
import { ElMessage, ElMessageBox } from "element-plus";
import "element-plus/es/components/message/style/css";
import "element-plus/es/components/message-box/style/css";

import { wordsOf } from "./api";
import { say } from "./i18n";

export function done(words: string): void {
  ElMessage({ message: words, type: "success", duration: 3500, showClose: true });
}

export function refused(error: unknown): void {
  ElMessage({ message: wordsOf(error), type: "error", duration: 8000, showClose: true });
}

/** Ask before what cannot be taken back; whether it was confirmed. */
export async function sure(words: string): Promise<boolean> {
  try {
    await ElMessageBox.confirm(words, {
      confirmButtonText: say("ok"), cancelButtonText: say("cancel"), type: "warning",
    });
    return true;
  } catch {
    return false;
  }
}
