import { describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import {
  datasetOfRecording,
  deleteRecording,
  estimateRecording,
  startRecording,
} from '#lib/evals/recording.ts'
import { RecordingDraft } from '#lib/evals/recording-schema.ts'
import { EvalDraft, EvalEstimate, EvalPage, newEvalId } from '#lib/evals/schema.ts'
import { stopEval } from '#lib/evals/start.ts'
import { answerOf } from '#lib/http/answer.ts'
import { away, begin, datasetId, draft, look, reaches, start } from '../support/evals.ts'

const recording = (more: object = {}): RecordingDraft =>
  RecordingDraft.parse({
    ...{
      id: newEvalId(),
      providerId: 'compatible',
      model: 'steady',
      datasetId,
      splits: ['train', 'heldout'],
    },
    ...{ samples: 2, maxTokens: 64 },
    ...more,
  })

const record = async (more?: object): Promise<EvalPage> => {
  const { id } = answerOf(EvalPage, await startRecording(recording(more)))
  await begin()
  return reaches(id, 'done')
}

describe('a recording', () => {
  test('asks the prompts of both splits and those that were written, at both temperatures', async () => {
    const page = await record({ prompts: 'Why?\n\n  And how?  ', system: 'Be brief.' })
    expect(page.columns.map(({ sampling }) => sampling)).toEqual([
      { temperature: 0, seed: 0 },
      { temperature: 1, seed: 1 },
      { temperature: 1, seed: 2 },
    ])
    // Six training rows, eight held out, and one that has no answer and is named.
    expect(page).toMatchObject({ rowCount: 16, cells: 48, done: 48, graders: [] })
    expect(page.excluded).toMatchObject([{ reason: 'noAnswer', question: 'And then?' }])
    expect(page.rows.map(({ number }) => number)).toEqual(
      [...Array(14).keys()].map((n) => n + 1).concat(16, 17),
    )
    const sent = away.asked.map(({ temperature, seed }) => `${temperature} ${seed}`)
    expect(
      Map.groupBy(sent, (one) => one)
        .values()
        .map(({ length }) => length)
        .toArray(),
    ).toEqual([16, 16, 16])
    expect(
      away.asked.filter(({ messages }) => JSON.stringify(messages).includes('And how?'))[0],
    ).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'And how?' },
      ],
    })
  })

  test('costs what is known before, and the longest answer where nobody knows its length', async () => {
    const { answers, columns } = answerOf(
      EvalEstimate,
      await estimateRecording(recording({ prompts: 'Why?' })),
    )
    expect(answers).toBe(45)
    const [rows] = (await estimateRecording(recording())).columns
    expect((columns[0]?.completionTokens ?? 0) - (rows?.completionTokens ?? 0)).toBe(64)
    expect(away.asked).toEqual([])
  })

  test('is the bar of a successor when its model cannot be asked any more', async () => {
    const { id } = await record()
    const { id: made, heldout } = await datasetOfRecording(id, { name: 'steady, recorded' })
    expect(heldout.examples).toBe(14)
    const asked = away.asked.length
    const bar = (temperature: number, seed: number) => ({
      ...{ providerId: 'compatible' as const, model: 'steady', sampling: { temperature, seed } },
    })
    const { id: evalId } = await start(
      draft([], {
        datasetId: made,
        rows: 50,
        columns: [bar(0, 0), bar(1, 1), { providerId: 'embedded', model: 'other' }],
        sampling: { temperature: 0, topP: null, maxTokens: 64, seed: 0 },
      }),
    )
    const page = await reaches(evalId, 'done')
    expect(away.asked.length).toBe(asked)
    expect(page.columns.map(({ fromCache }) => fromCache)).toEqual([14, 14, 0])
    // The recorded answers are the expected ones.
    expect(page.columns[0]?.scores[0]).toMatchObject({ passed: 14, n: 14 })
  })

  test('is told apart from an evaluation, which is never without graders', async () => {
    const { id } = await start(draft(['steady']))
    await expect(datasetOfRecording(id, { name: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(deleteRecording(id)).rejects.toMatchObject({ code: 'not_found' })
    expect(EvalDraft.safeParse({ ...draft(['steady']), graders: [] }).success).toBe(false)
  })

  test('is refused without prompts, without answers and with too many of them', async () => {
    const words = (more: object) =>
      RecordingDraft.safeParse({ ...recording(), ...more }).error?.issues.map(({ path }) => path[0])
    expect(words({ datasetId: null })).toEqual(['prompts'])
    expect(words({ splits: [] })).toEqual(['prompts'])
    expect(words({ greedy: false, samples: 0 })).toEqual(['samples'])
    const many = Array.from({ length: 1_001 }, (_, n) => `Question ${n}`).join('\n')
    await expect(startRecording(recording({ prompts: many }))).rejects.toMatchObject({ code: 'invalid' })
    await expect(startRecording(recording({ datasetId: 'data_none' }))).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(away.asked).toEqual([])
  })

  test('is deleted for good, but not while it is under way', async () => {
    const { id } = await startRecording(recording())
    await expect(deleteRecording(id)).rejects.toMatchObject({ code: 'conflict' })
    await stopEval(id)
    await expect(datasetOfRecording(id, { name: 'x' })).rejects.toMatchObject({ code: 'invalid' })
    await deleteRecording(id)
    await expect(look(id)).rejects.toMatchObject({ code: 'not_found' })
    const left = await studio().selectFrom('eval_rows').select('key').where('eval_id', '=', id).execute()
    expect(left).toEqual([])
  })
})
