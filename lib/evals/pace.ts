import { newestAnswers, type TimedAnswer } from './answer-store.ts'

/** ms in which at least one of the answers was under way. */
function busyMs(answers: readonly TimedAnswer[]): number {
  let [busy, until] = [0, 0]
  for (const { from, to } of answers.toSorted((a, b) => a.from - b.from)) {
    busy += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return busy
}

/**
 * Answer tokens per second of models of the built-in engine, over their newest answers. The engine writes several
 * answers at once, which take longer each: what counts is the time in which it wrote any.
 * @returns null unless each of the models has answered
 */
export async function tokensPerSecond(models: readonly string[]): Promise<number | null> {
  const answers = await newestAnswers(models)
  const known = new Set(answers.map(({ model }) => model))
  const busy = busyMs(answers)
  if (busy === 0 || models.some((model) => !known.has(model))) return null
  return (answers.reduce((sum, { tokens }) => sum + tokens, 0) * 1_000) / busy
}
