import { globSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { answerOf } from '#lib/http/answer.ts'
import { route } from '#lib/http/route.ts'

const Cat = z.object({ name: z.string(), age: z.number().nullable(), lives: z.number().optional() })
const Home = z.object({ cats: z.array(Cat) })

const felix = { name: 'Felix', age: 3 }

test('an answer that fits is returned unchanged', () => {
  const home = { cats: [felix, { name: 'Tom', age: null, lives: 7 }] }
  expect(answerOf(Home, home)).toBe(home)
})

test('an optional field that is undefined is not sent, so it fits', () => {
  expect(answerOf(Cat, { ...felix, lives: undefined, owner: undefined }).name).toBe('Felix')
})

test.each([
  ['a field of another type', { cats: [felix, { name: 'Tom', age: '3' }] }, 'cats.1.age'],
  ['a missing field', { cats: [{ age: 3 }] }, 'cats.0.name'],
  ['an unknown field', { cats: [{ ...felix, key: 'sk-1' }] }, 'cats.0.key'],
  ['an unknown field at the top', { cats: [], more: null }, 'more'],
  ['a number that JSON does not have', { cats: [{ ...felix, lives: Number.NaN }] }, 'cats.0.lives'],
  ['nothing', undefined, 'expected object'],
])('%s is an internal error that names it', (_, value, field) => {
  expect(() => answerOf(Home, value)).toThrow(
    expect.objectContaining({ code: 'internal', message: expect.stringContaining(field) }),
  )
})

test('production does not check its answers', () => {
  vi.stubEnv('NODE_ENV', 'production')
  expect(answerOf(Home, { cats: 9 })).toEqual({ cats: 9 })
  vi.unstubAllEnvs()
})

test('a route whose answer does not fit fails with status 500, and the log names the field', async () => {
  const logged: string[] = []
  vi.spyOn(console, 'error').mockImplementation((words) => logged.push(words))
  const leaking: z.infer<typeof Cat> = Object.assign({ key: 'hidden' }, felix)
  const response = await route({ answer: Cat }, () => leaking)(new Request('http://limerick.test/'), {})
  expect(response.status).toBe(500)
  expect((await response.json()).error.message).toContain('key: ')
  expect(logged.join()).toContain('key: ')
})

/** Routes without a schema of the answer, and why: not JSON, or a schema per line. */
const WITHOUT: Record<string, string> = {
  'app/api/datasets/[datasetId]/export/route.ts GET': 'a file',
  'app/api/datasets/[datasetId]/import/route.ts POST': 'lines of ImportNews',
  'app/api/datasets/[datasetId]/upload/route.ts POST': 'lines of UploadNews',
  'app/api/datasets/import/route.ts POST': 'lines of ImportNews',
  'app/api/evals/[evalId]/csv/route.ts GET': 'a file',
  'app/api/evals/[evalId]/jsonl/route.ts GET': 'a file',
  'app/api/evals/card/route.ts GET': 'a file',
  'app/api/jobs/curves/route.ts GET': 'a file',
  'app/api/models/exports/file/route.ts GET': 'a file',
  'app/api/playground/[comparisonId]/again/route.ts POST': 'lines of CompareChunk',
  'app/api/playground/preferences/route.ts GET': 'a file',
  'app/api/playground/route.ts POST': 'lines of CompareChunk',
  'app/api/rescue/[providerId]/zip/route.ts GET': 'a file',
  'app/api/storage/export/route.ts GET': 'a file',
  'app/api/stream/route.ts GET': 'events, each with a schema',
}

/** Path and method of each route handler, and whether it names the schema of its answer. */
const routesIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('export const ')
    .slice(1)
    .map((text) => ({
      name: `${file.replaceAll('\\', '/')} ${text.slice(0, text.indexOf(' '))}`,
      named: text.split('=>')[0]?.includes('answer: ') ?? false,
    }))

test('every route names the schema of its answer or is listed with a reason', () => {
  const routes = globSync('app/api/**/route.ts').flatMap(routesIn)
  expect(routes.length).toBeGreaterThan(70)
  const without = routes.filter(({ named }) => !named).map(({ name }) => name)
  expect(without.sort()).toEqual(Object.keys(WITHOUT).sort())
})
