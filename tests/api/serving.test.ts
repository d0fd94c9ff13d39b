/** Servers that only answer: asked, compared and evaluated, and left alone with everything else. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { listModels } from '#lib/models/list.ts'
import { askOnce } from '#lib/playground/ask.ts'
import { SERVING_KINDS } from '#lib/providers/kinds.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { listRescues } from '#lib/rescue/rescue.ts'
import { connect } from '../support/connected.ts'
import { QUICK } from '../support/quick.ts'
import { type ServingServer, startServing } from '../support/serving-server.ts'
import { setUpStudio } from '../support/set-up.ts'
import { until } from '../support/until.ts'

await setUpStudio()

describe.each(SERVING_KINDS)('%s', (kind) => {
  let server: ServingServer
  let providerId: ProviderId
  beforeEach(async () => {
    await studio().deleteFrom('connections').execute()
    server = await startServing(kind)
    providerId = await connect(kind, server.baseURL, '')
  })
  afterEach(() => server.close())

  test('lists its models, none to be trained', async () => {
    const { models } = await listModels()
    expect(models.filter((model) => model.providerId === providerId)).toMatchObject([
      { id: server.model, kind: 'base', trainable: false },
    ])
  })

  test('answers with its tokens counted, and a limit that it knows', async () => {
    const answer = await askOnce(
      {
        ...{ providerId, model: server.model, messages: [{ role: 'user', content: 'Neon?' }] },
        sampling: { temperature: null, topP: null, maxTokens: 50, seed: null },
      },
      'compare',
      new AbortController().signal,
    )
    expect(answer).toMatchObject({ state: 'finished', text: 'Neon glows.', facts: { completionTokens: 2 } })
    expect(server.asked[0]).toMatchObject({ max_tokens: 50, stream_options: { include_usage: true } })
  })

  test('is asked for no jobs, and has nothing to bring home', async () => {
    const other = await startServing('vllm')
    // A provider that may train, to know that the loop has looked.
    await connect('compatible', other.baseURL, '')
    const stop = new AbortController()
    const loop = startSyncLoop(stop.signal, QUICK)
    await until('a look for jobs', () =>
      other.seen.find(({ line }) => line.startsWith('GET /v1/fine_tuning/jobs')),
    )
    stop.abort()
    await loop
    await other.close()
    expect(server.seen.filter(({ line }) => line.includes('fine_tuning'))).toEqual([])
    expect((await listRescues()).map((rescue) => rescue.providerId)).not.toContain(providerId)
  })
})
