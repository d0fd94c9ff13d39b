import type OpenAI from 'openai'
import { afterEach, describe, expect, test } from 'vitest'
import { elleTraining, jsonlFile } from '../support/elle.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'
import { until, untilTrue } from '../support/until.ts'

let studio: Studio
afterEach(() => discard(studio))

const again = async () => {
  studio = await startStudio({ dataFolder: studio.dataFolder, port: studio.port })
}

async function startJob(sdk: OpenAI): Promise<{ jobId: string; fileId: string }> {
  const file = await sdk.files.create({ file: await jsonlFile(elleTraining()), purpose: 'fine-tune' })
  const job = await sdk.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file: file.id,
    seed: 7,
    hyperparameters: { n_epochs: 2 },
    metadata: { kept: 'yes' },
  })
  return { jobId: job.id, fileId: file.id }
}

const stepsOf = async (sdk: OpenAI, jobId: string): Promise<number[]> => {
  const steps: number[] = []
  for await (const event of sdk.fineTuning.jobs.listEvents(jobId, { limit: 100 })) {
    const step = (event.data as { step?: number } | null)?.step
    if (event.type === 'metrics' && step) steps.push(step)
  }
  return steps.reverse()
}

const untilStep = (sdk: OpenAI, jobId: string, wanted: number): Promise<boolean> =>
  until(`step ${wanted}`, async () => {
    const newest = await sdk.fineTuning.jobs.listEvents(jobId, { limit: 1 })
    return ((newest.data[0]?.data as { step?: number } | null)?.step ?? 0) >= wanted
  })

const untilEnded = (sdk: () => OpenAI, jobId: string): Promise<OpenAI.FineTuning.FineTuningJob> =>
  until('the end of the job', async () => {
    const job = await sdk()
      .fineTuning.jobs.retrieve(jobId)
      .catch(() => null)
    return job && ['succeeded', 'failed', 'cancelled'].includes(job.status) && job
  })

const oneToTwenty = Array.from({ length: 20 }, (_, index) => index + 1)

describe('after kill -9 acknowledged data is on disk', () => {
  test('of all processes in the middle of a step: the job resumes from its checkpoint, no step lost or doubled', async () => {
    studio = await startStudio()
    const { jobId, fileId } = await startJob(studio.sdk())
    await untilStep(studio.sdk(), jobId, 13)
    const before = await stepsOf(studio.sdk(), jobId)
    await studio.killAll()
    await again()
    expect(await (await studio.sdk().files.content(fileId)).text()).toBe(elleTraining())
    const after = await stepsOf(studio.sdk(), jobId)
    expect(after.slice(0, before.length)).toEqual(before)
    const job = await untilEnded(studio.sdk, jobId)
    expect(job).toMatchObject({ status: 'succeeded', metadata: { kept: 'yes' } })
    expect(await stepsOf(studio.sdk(), jobId)).toEqual(oneToTwenty)
  })

  test('of all processes right after a creation was answered: the job is there and runs', async () => {
    studio = await startStudio()
    const { jobId } = await startJob(studio.sdk())
    await studio.killAll()
    await again()
    expect((await untilEnded(studio.sdk, jobId)).status).toBe('succeeded')
  })

  test('of the engine alone: the studio stays, the engine restarts, the job succeeds', async () => {
    studio = await startStudio()
    const { jobId } = await startJob(studio.sdk())
    await untilStep(studio.sdk(), jobId, 5)
    process.kill(studio.child(/engine\/main\.ts/), 'SIGKILL')
    expect((await fetch(studio.url)).status).toBe(200)
    expect((await untilEnded(studio.sdk, jobId)).status).toBe('succeeded')
    expect(await stepsOf(studio.sdk(), jobId)).toEqual(oneToTwenty)
  })

  test('of the training worker alone: its job succeeds or fails with a reason, and chats go on', async () => {
    studio = await startStudio()
    const { jobId } = await startJob(studio.sdk())
    await untilStep(studio.sdk(), jobId, 5)
    process.kill(studio.child(/worker\/main\.ts train/), 'SIGKILL')
    const answer = await studio.sdk().chat.completions.create({
      model: 'limerick-base',
      messages: [{ role: 'user', content: 'Tell me about Gold' }],
      max_tokens: 8,
    })
    expect(answer.choices[0]?.message.content).toBeTruthy()
    const job = await untilEnded(studio.sdk, jobId)
    if (job.status === 'succeeded') expect(await stepsOf(studio.sdk(), jobId)).toEqual(oneToTwenty)
    else expect(job).toMatchObject({ status: 'failed', error: { message: expect.stringMatching(/\S/) } })
  })

  test('of the studio while rows are being written: every answered row is there', async () => {
    studio = await startStudio()
    const origin = { origin: studio.url, 'content-type': 'application/json' }
    const send = (path: string, body: unknown) =>
      fetch(`${studio.url}${path}`, { method: 'POST', headers: origin, body: JSON.stringify(body) })
    const created = (await (await send('/api/datasets', { name: 'kept' })).json()) as { id: string }
    const answered: string[] = []
    const writer = (async () => {
      for (let row = 0; ; row++) {
        const text = `row ${row}`
        const messages = [
          { role: 'user', content: text },
          { role: 'assistant', content: 'yes' },
        ]
        const answer = await send(`/api/datasets/${created.id}/rows`, { line: JSON.stringify({ messages }) })
        if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
        answered.push(text)
      }
    })().catch((thrown: unknown) => thrown)
    await untilTrue(() => answered.length >= 25)
    await studio.killAll()
    await writer
    await again()
    const exported = await (await fetch(`${studio.url}/api/datasets/${created.id}/export`)).text()
    expect(answered.filter((text) => !exported.includes(`"${text}"`))).toEqual([])
    expect(answered.length).toBeGreaterThanOrEqual(25)
  })
})
