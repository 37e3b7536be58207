/** Small choices that this browser remembers; where it may not, they last as long as the page. */
type Choice = "language" | "look" | "relief" | "surveyor" | "desk" | "bell";

export function kept(choice: Choice): string | null {
  try {
    return localStorage.getItem(`lifecircle.${choice}`);
  } catch {
    return null;
  }
}

export function keep(choice: Choice, value: string): void {
  try {
    localStorage.setItem(`lifecircle.${choice}`, value);
  } catch {
    // a browser that keeps nothing
  }
}

export function forget(choice: Choice): void {
  try {
    localStorage.removeItem(`lifecircle.${choice}`);
  } catch {
    // a browser that keeps nothing
  }
}
