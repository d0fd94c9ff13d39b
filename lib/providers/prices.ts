import type { ProviderId } from './schema.ts'

/** A price as it was last published. The one who pays may know a newer one. */
export interface TrainingPrice {
  /** Micro-dollars per million trained tokens. */
  perMillion: number
  /** When it was read, YYYY-MM-DD. */
  asOf: string
  source: string
}

const DOLLAR = 1_000_000
const OPENAI = { asOf: '2026-07-31', source: 'OpenAI pricing page' }

/** Training prices of the last models that OpenAI still trains, by the beginning of their name. */
const TRAINING: [string, number][] = [
  ['gpt-4.1-mini', 5 * DOLLAR],
  ['gpt-4.1', 25 * DOLLAR],
  ['gpt-4o-mini', 3 * DOLLAR],
  ['gpt-4o', 25 * DOLLAR],
]

/** @returns null where no price is known: a compatible server's is its own affair */
export function trainingPrice(providerId: ProviderId, model: string): TrainingPrice | null {
  if (providerId === 'embedded') return { perMillion: 0, asOf: OPENAI.asOf, source: 'this computer' }
  if (providerId !== 'openai') return null
  const base = model.replace(/^ft:/, '')
  const found = TRAINING.find(([name]) => base.startsWith(name))
  return found ? { perMillion: found[1], ...OPENAI } : null
}

/** Micro-dollars for that many trained tokens, rounded up to the next whole one. */
export const costOf = (price: TrainingPrice, tokens: number): number =>
  Math.ceil((price.perMillion * tokens) / 1_000_000)
