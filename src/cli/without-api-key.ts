/** Commands that talk to no client run without an API key: they get one that nobody uses, so that the rest is checked. */
export function withoutApiKey(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, API_KEY: 'not-needed' };
}
