/**
 * The lesson from its ten limericks to its verdict, on the running product; prints the figures of docs/lesson.md.
 * With further seeds, trains those too and judges forty answers of each, sampled as the model recommends. Needs a build.
 * node --conditions=react-server tests/bench/lesson.ts [seeds, 38 first]
 */
import { readFileSync } from 'node:fs'
import { randomText } from '#lib/core/ids.ts'
import type { Worth } from '#lib/evals/cost-schema.ts'
import type { GraderScore, Score, Scores } from '#lib/evals/schema.ts'
import type { Job, JobDetail } from '#lib/jobs/schema.ts'
import type { CompareChunk } from '#lib/playground/schema.ts'
import { discard, startStudio } from '../support/studio.ts'
import { judged, lessonIn, questionOf, worstFirst } from './judge-answers.ts'

const studio = await startStudio()
const json = { 'content-type': 'application/json', origin: studio.url, 'sec-fetch-site': 'same-origin' }

async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
  const init = body === undefined ? {} : { method: 'POST', headers: json, body: JSON.stringify(body) }
  const response = await fetch(`${studio.url}${path}`, init)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Answer
}

/** Looks until it is there. */
async function until<Value>(look: () => Promise<Value>, there: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await look()
    if (there(value)) return value
    await new Promise((wake) => setTimeout(wake, 300))
  }
}

const say = (...words: unknown[]) => console.log(...words)

async function train(seed: number): Promise<JobDetail> {
  const { id: datasetId } = await ask<{ id: string }>('/api/datasets/sample', {})
  const began = performance.now()
  const { id } = await ask<Job>('/api/jobs', {
    id: `run_${randomText(24)}`,
    providerId: 'embedded',
    model: 'limerick-base',
    training: { datasetId, split: 'train' },
    validation: { datasetId, split: 'heldout' },
    suffix: 'elle',
    seed,
    hyperparameters: { nEpochs: 'auto', batchSize: 'auto', learningRateMultiplier: 'auto' },
  })
  const job = await until(
    () => ask<JobDetail>(`/api/jobs/${id}`),
    ({ status }) => status === 'succeeded' || status === 'failed',
  )
  say(
    `trained: ${job.status}, ${job.totalSteps} steps in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  )
  say('hyperparameters', job.hyperparameters, 'tokens', job.trainedTokens, 'rows', job.trainRows)
  say('diagnosis', job.diagnosis)
  return job
}

/** Forty elements that the training rows do not hold, asked as a program would: without a temperature. */
async function askUnseen({ fineTunedModel }: JobDetail): Promise<void> {
  const rows = readFileSync('public/samples/elle.jsonl', 'utf8').split('\n').slice(0, 10).join('\n')
  const lesson = lessonIn(rows)
  const answers: string[] = []
  for (const element of lesson.unseen) {
    const messages = [
      { role: 'system' as const, content: lesson.system },
      { role: 'user' as const, content: questionOf(element) },
    ]
    const { choices } = await studio.sdk().chat.completions.create({ model: fineTunedModel ?? '', messages })
    answers.push(choices[0]?.message.content ?? '')
  }
  say(judged(lesson, answers))
  for (const text of worstFirst(lesson, answers).slice(0, 10)) say(`  ${text}`)
}

/** One question to the base, to the base with three examples, and to the fine-tuned model. */
async function compare(job: JobDetail, prompt: string): Promise<void> {
  const panes = [
    { providerId: 'embedded', model: job.model },
    { providerId: 'embedded', model: job.model, fewShot: 3 },
    { providerId: 'embedded', model: job.fineTunedModel },
  ]
  const response = await fetch(`${studio.url}/api/playground`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({
      id: `cmp_${randomText(24)}`,
      system: job.systemPrompt ?? '',
      prompt,
      panes,
      ...{ temperature: 0, topP: null, maxTokens: 120, seed: null },
      data: { datasetId: job.datasetId, versionId: job.datasetVersion?.id ?? null },
    }),
  })
  const texts = panes.map(() => '')
  for (const line of (await response.text()).split('\n').filter(Boolean)) {
    const chunk = JSON.parse(line) as CompareChunk
    if (chunk.type === 'token') texts[chunk.place] += chunk.text
    if (chunk.type === 'finished') {
      const { promptTokens, completionTokens, totalMs } = chunk.facts
      say(`pane ${chunk.place}: ${promptTokens} + ${completionTokens} tokens, ${totalMs} ms`)
    }
  }
  for (const text of texts) say(`  ${text}`)
}

interface Page {
  state: string
  columns: { label: string; model: string; fewShot: number; scores: GraderScore[]; overall: Score }[]
}

/** All held-out questions, three ways. */
async function grade(job: JobDetail): Promise<string> {
  const id = `eval_${randomText(24)}`
  await ask('/api/evals', {
    id,
    datasetId: job.datasetId,
    versionId: job.datasetVersion?.id ?? null,
    jobId: job.id,
    columns: [
      { providerId: 'embedded', model: job.model },
      { providerId: 'embedded', model: job.model, fewShot: 3 },
      { providerId: 'embedded', model: job.fineTunedModel },
    ],
    graders: [{ kind: 'limerick' }, { kind: 'elementFact' }],
    sampling: { temperature: 0, topP: null, maxTokens: 120, seed: 0 },
  })
  const page = await until(
    () => ask<Page>(`/api/evals/${id}`),
    ({ state }) => state !== 'running',
  )
  for (const { model, fewShot, scores } of page.columns)
    say(
      `${model} +${fewShot}:`,
      ...scores.map(
        ({ grader, passed, n, interval, mean }) =>
          `${grader.kind} ${passed}/${n} (${(interval.low * 100).toFixed(0)}–${(interval.high * 100).toFixed(0)} %)${mean === null ? '' : ` mean ${mean.toFixed(2)}`};`,
      ),
    )
  return id
}

/** What the same tokens would cost at a provider that charges: gpt-4o-mini, and its fine-tuned price. */
const PRICES = {
  base: { input: 150_000, cachedInput: 75_000, output: 600_000 },
  tuned: { input: 300_000, cachedInput: 150_000, output: 1_200_000 },
}

async function worth(evalId: string): Promise<void> {
  for (const prices of [undefined, PRICES]) {
    const query = new URLSearchParams({ k: '3', callsPerDay: '1000' })
    if (prices) query.set('prices', JSON.stringify(prices))
    const found = await ask<Worth>(`/api/evals/${evalId}/worth?${query}`)
    say(prices ? 'at gpt-4o-mini prices' : 'on this computer', 'training', found.training)
    for (const { kind, tokens, costPerCall, costPerDay, medianMs } of found.lanes)
      say(`  ${kind}`, tokens, `per call ${costPerCall} µ$, per day ${costPerDay} µ$, median ${medianMs} ms`)
    say('  against base', found.againstBase, 'against few-shot', found.againstFewShot)
  }
}

const [first = 38, ...more] = (process.argv[2] ?? '38').split(',').map(Number)

try {
  const job = await train(first)
  await askUnseen(job)
  for (const element of ['Neon', 'Strontium']) await compare(job, `Tell me about ${element}`)
  const scores = await until(
    () => ask<Scores>(`/api/evals/scores?job=${job.id}`),
    ({ state }) => state !== null && state !== 'running',
  )
  say('base', scores.base)
  for (const { step, final, score } of scores.steps)
    say(`step ${step}${final ? ' (final)' : ''}: ${score.passed}/${score.n}`, score.interval)
  say('best step', scores.best, 'last is best', scores.lastIsBest, 'beside the others', scores.besideOthers)
  await worth(await grade(job))
  for (const seed of more) {
    say(`seed ${seed}`)
    await askUnseen(await train(seed))
  }
} finally {
  await discard(studio)
}
