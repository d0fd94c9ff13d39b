import type { Preset } from './schema.ts'

/** A prompt with its settings, as the query of a saved view. What is empty is left out; empty without any words. */
export function queryOf(preset: Preset): string {
  if (!preset.system && !preset.prompt) return ''
  const said = Object.entries(preset).filter(([, value]) => value !== null && value !== '')
  return new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString()
}
