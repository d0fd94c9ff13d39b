import { describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { newEvalId } from '#lib/evals/eval-id.ts'
import {
  datasetOfRecording,
  deleteRecording,
  estimateRecording,
  startRecording,
} from '#lib/evals/recording.ts'
import { RecordingDraft } from '#lib/evals/recording-schema.ts'
import { EvalDraft, EvalEstimate, EvalPage } from '#lib/evals/schema.ts'
import { stopEval } from '#lib/evals/start.ts'
import { answerOf } from '#lib/http/answer.ts'
import { GET as getCsv } from '../../app/api/evals/[evalId]/csv/route.ts'
import { GET } from '../../app/api/evals/[evalId]/jsonl/route.ts'
import { ENTRA_TOKEN } from '../support/azure-server.ts'
import { callRoute } from '../support/call-route.ts'
import { startChatProvider } from '../support/chat-provider.ts'
import { connect } from '../support/connected.ts'
import { away, begin, datasetId, draft, kill, look, reaches, start } from '../support/evals.ts'

const getLines = (evalId: string) => callRoute(GET, { params: { evalId } })

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
  const page = await reaches(id, 'done')
  await kill()
  return page
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
    await begin()
    const page = await reaches(evalId, 'done')
    expect(away.asked.length).toBe(asked)
    expect(page.columns.map(({ fromCache }) => fromCache)).toEqual([14, 14, 0])
    // The recorded answers are the expected ones.
    expect(page.columns[0]?.scores[0]).toMatchObject({ passed: 14, n: 14 })
  })

  test('leaves as lines, with the probabilities of the tokens where the provider tells them', async () => {
    const { id } = await record({ providerId: 'embedded', model: 'likely', splits: ['heldout'], samples: 1 })
    const { text } = await getLines(id)
    const lines = text
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one))
    expect(lines).toHaveLength(16)
    expect(lines[1]).toMatchObject({
      messages: [{ role: 'system' }, { role: 'user', content: 'What is element 0?' }],
      ...{ answer: 'Neon is a gas', expected: 'Neon is a gas', model: 'likely', temperature: 1, seed: 1 },
      tokens: [{ text: 'Neon', probability: expect.closeTo(0.75) }, {}, {}, {}],
    })
    // A compatible server is not asked for them: it might refuse the whole request.
    await record({ splits: ['heldout'], samples: 0 })
    expect(away.asked.filter((request) => 'logprobs' in request)).toEqual([])
    const { id: evaluation } = await start(draft(['steady']))
    expect((await getLines(evaluation)).status).toBe(404)
  })

  test('has the probabilities of another provider only where no key stands among the tokens', async () => {
    const server = await startChatProvider({ key: ENTRA_TOKEN })
    const providerId = await connect('azure', server.baseURL.replace('/v1', '/openai/v1'), ENTRA_TOKEN)
    const tokensOf = async (model: string) => {
      const { id } = await record({ providerId, model, splits: ['train'], samples: 0, rows: 1 })
      const [line = ''] = (await getLines(id)).text.split('\n')
      return JSON.parse(line)
    }
    expect((await tokensOf('likely')).tokens).toHaveLength(4)
    expect(await tokensOf('repeats')).toMatchObject({ answer: 'Neon[secret] is a gas', tokens: null })
    const kept = await studio().selectFrom('eval_answers').selectAll().execute()
    expect(JSON.stringify(kept)).not.toContain(ENTRA_TOKEN.slice(0, 60))
    await server.close()
  })

  test('is its own request: the same id with other prompts is refused, and once more it is the same', async () => {
    const asked = recording()
    const { id } = await startRecording(asked)
    expect(await startRecording({ ...asked, confirmed: 5 })).toMatchObject({ id })
    await expect(startRecording({ ...asked, prompts: 'Another?' })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('of a model that refuses one temperature has the answers of the other, each told apart', async () => {
    const { id } = await record({ splits: ['heldout'], rows: 3, samples: 1 })
    const cells = studio().updateTable('eval_cells').set({ state: 'failed' })
    await cells.where('eval_id', '=', id).where('column_index', '=', 0).where('place', '<', 2).execute()
    expect((await datasetOfRecording(id, { name: 'x' })).heldout.examples).toBe(3)
    const csv = await (
      await getCsv(new Request('http://localhost/'), { params: Promise.resolve({ evalId: id }) })
    ).text()
    const [head = '', ...lines] = csv.trimEnd().split('\n')
    expect(head.split(',').slice(-2)).toEqual(['temperature', 'seed'])
    expect(lines.map((one) => one.split(',').slice(-2).join(' '))).toEqual(
      Array(3).fill(['0 0', '1 1']).flat(),
    )
    const { columns } = await look(id)
    expect(columns[1]?.overall).toMatchObject({ passed: 0, n: 0, notGraded: 0, share: null })
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
