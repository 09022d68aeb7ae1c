// Secrets never reach an event, a log, an export or a screen.

export const mask = '••••••';

/**
 * The text without the passwords of any URL in it, and without each of `secrets`. A password reaches to the last `@` before a
 * blank: people forget to encode an `@` or a `/` in it.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text.replace(/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,256}):[^\s]{1,256}@/gi, `$1:${mask}@`);
  for (const secret of secrets) if (secret.length > 0) clean = clean.replaceAll(secret, mask);
  return clean;
}
