/** What can be written, without the writers: pages name formats that only the server writes. */
import { z } from 'zod'
import type { Shape } from './plan.ts'

/** Export formats, each with the shape in `formats` that writes it. */
export const targets = {
  openai: 'lines',
  huggingface: 'struct-of-lists',
  anthropic: 'anthropic',
  gemini: 'gemini',
  sharegpt: 'sharegpt',
  alpaca: 'alpaca',
  trl: 'preference',
  csv: 'columns',
} as const satisfies Record<string, Shape>

export type WriteTarget = keyof typeof targets
export const writeTargets = Object.keys(targets) as [WriteTarget, ...WriteTarget[]]

/** Features of a row that a format cannot represent. */
export const Loss = z.enum([
  'invalid',
  'other-fields',
  'weights',
  'tools',
  'images',
  'names',
  'refusals',
  'options',
  'several-turns',
  'system-inside',
  'no-answer',
  'preference',
  'chat',
])
export type Loss = z.infer<typeof Loss>
