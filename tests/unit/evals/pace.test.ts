import { beforeEach, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { tokensPerSecond } from '#lib/evals/pace.ts'
import { setUpStudio } from '../../support/set-up.ts'

await setUpStudio()

beforeEach(() => studio().deleteFrom('eval_answers').execute())

let last = 0

/** An answer that took from one ms to another. */
async function answer(model: string, from: number, to: number | null, tokens: number | null, more = {}) {
  const id = `answer_${++last}`
  const facts = { finish_reason: 'stop', prompt_tokens: 7, cached_tokens: null, completion_tokens: tokens }
  const times = { first_token_ms: null, total_ms: null, asked_at: from, ended_at: to }
  await studio()
    .insertInto('eval_answers')
    .values({
      ...{ id, hash: id, eval_id: 'eval_1', provider_id: 'embedded', model, state: 'answered', text: '' },
      ...{ reported_model: null, request_id: null, cost: null, error_json: null },
      ...facts,
      ...times,
      ...more,
    })
    .execute()
}

test('answers that were written at once share their time, and idle time does not count', async () => {
  await answer('base', 0, 1_000, 30)
  await answer('tuned', 500, 1_500, 30)
  await answer('base', 600, 900, 10)
  await answer('tuned', 60_000, 60_500, 30)
  expect(await tokensPerSecond(['base', 'tuned'])).toBe(50)
})

test('a model that has not answered has no pace, and other providers and open answers tell none', async () => {
  await answer('base', 0, 1_000, 30)
  await answer('tuned', 0, 1_000, 30, { provider_id: 'compatible' })
  await answer('tuned', 0, null, null, { state: 'asked' })
  await answer('tuned', 0, 1_000, null)
  expect(await tokensPerSecond(['base'])).toBe(30)
  expect(await tokensPerSecond(['base', 'tuned'])).toBeNull()
})
