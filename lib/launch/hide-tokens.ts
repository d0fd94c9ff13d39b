import type { Env } from '#lib/env.ts'
import { hide } from '#lib/http/secrets.ts'

/** Keeps the tokens of the settings out of logs and errors; keys of providers are hidden where they are read. */
export function hideTokens({ hub, cluster, vllm }: Pick<Env, 'hub' | 'cluster' | 'vllm'>): void {
  for (const token of [hub.token, cluster?.token, vllm?.key]) if (token) hide(token)
}
