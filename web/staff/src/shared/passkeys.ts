/** Passkeys (WebAuthn): the browser's own part. They belong to a host by name, reached securely. */
import { say } from "./i18n";

/** Whether passkeys can be used here; if not, why. */
export function passkeysHere(): "yes" | "host" | "insecure" | "browser" {
  if (/^[\d.]+$|^\[/.test(location.hostname)) return "host";
  if (!window.isSecureContext) return "insecure";
  return typeof window.PublicKeyCredential?.parseCreationOptionsFromJSON === "function" ? "yes" : "browser";
}

/** Make a passkey as the hub wants it. */
export async function makePasskey(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  );
  return answered(() => navigator.credentials.create({ publicKey }));
}

/** Sign with a passkey what the hub asks. */
export async function signWithPasskey(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return answered(() => navigator.credentials.get({ publicKey }));
}

async function answered(ceremony: () => Promise<Credential | null>): Promise<unknown> {
  try {
    return ((await ceremony()) as PublicKeyCredential).toJSON();
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "InvalidStateError") throw new Error(say("security.passkeyKnown"));
    throw new Error(say("security.passkeyCancelled"));
  }
}
