/** A prompt with its settings, as the query of a saved view. */
import { Preset } from './schema.ts'

/** What is empty is left out; empty without any words. */
export function queryOf(preset: Preset): string {
  if (!preset.system && !preset.prompt) return ''
  const said = Object.entries(preset).filter(([, value]) => value !== null && value !== '')
  return new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString()
}

/** null for a query that is no preset. */
export function presetOf(query: string): Preset | null {
  const said = new URLSearchParams(query)
  const number = (name: string) => (said.has(name) ? Number(said.get(name)) : null)
  const preset = Preset.safeParse({
    system: said.get('system') ?? '',
    prompt: said.get('prompt') ?? '',
    temperature: number('temperature'),
    topP: number('topP'),
    maxTokens: number('maxTokens'),
    seed: number('seed'),
    samples: number('samples') ?? undefined,
  })
  return preset.data ?? null
}
