import { expect, test } from 'vitest'
import { insertJob, updateJob } from '#lib/jobs/store.ts'
import { GET } from '../../app/api/jobs/queue/route.ts'
import { callRoute } from '../support/call-route.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()

let count = 0
async function job(status: string, more: Partial<Parameters<typeof insertJob>[0]> = {}): Promise<string> {
  const id = `run_${String(++count).padStart(24, '0')}`
  await insertJob({
    ...{ id, provider_id: 'embedded', remote_id: `ftjob-${count}`, launch: 'known', request_hash: '' },
    ...{ request_json: '{}', job_json: '{}', status, model: 'limerick-base', suffix: `exp-${count}` },
    ...{ created_at: count, updated_at: count, step: 3, total_steps: 10, ...more },
  })
  return id
}

const queue = async () => (await callRoute(GET, {})).answer

test('the queue of the built-in engine: what trains, and what waits in the order of its turn', async () => {
  expect(await queue()).toEqual({ training: null, waiting: [] })
  const first = await job('running')
  const second = await job('queued')
  const third = await job('validating_files')
  // None of these waits here: another provider's, one for a person, one that the engine has not acknowledged.
  await job('queued', { provider_id: 'openai' })
  await job('paused')
  await job('queued', { job_json: null })
  expect(await queue()).toMatchObject({
    training: { id: first, suffix: 'exp-1', step: 3, totalSteps: 10 },
    waiting: [second, third],
  })
  await updateJob(first, { status: 'succeeded', finished_at: 99 })
  await updateJob(second, { status: 'running' })
  expect(await queue()).toMatchObject({ training: { id: second }, waiting: [third] })
})
