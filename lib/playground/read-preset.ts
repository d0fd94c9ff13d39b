import { Preset } from './schema.ts'

/** A prompt with its settings, from the query of a saved view; null for a query that is none. */
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
