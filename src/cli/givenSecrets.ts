/** The secrets of the environment, by the variable's name in capitals. */
export const givenSecrets = new Map<string, string>();

/** Takes the secrets out of the environment once, at start: child processes must not inherit them. */
export function takeSecrets(env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(env)) {
    if (!/^ENVOI_(?:PASSWORD_|TOKEN_|ENDPOINT_SECRET$)/i.test(name)) continue;
    if (value) givenSecrets.set(name.toUpperCase(), value);
    delete env[name];
  }
}
