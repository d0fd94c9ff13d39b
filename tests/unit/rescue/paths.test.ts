import { expect, test } from 'vitest'
import type { ItemRecord } from '#lib/archive/store.ts'
import { pathsOf, safeName } from '#lib/rescue/paths.ts'

const item = (kind: ItemRecord['kind'], remote_id: string): ItemRecord => ({
  ...{ seq: 1, provider_id: 'openai', kind, remote_id, account: 'a', facts_json: null },
  ...{ due: 0, final: 1, saved_at: 1, checked_at: 1, reason: null, error_json: null },
})

test.each(['ftjob-8Kq0', 'step_metrics.csv', 'file-3f9K'])('the plain name %s stays', (name) => {
  expect(safeName(name)).toBe(name)
})

test.each([
  '../../etc/passwd',
  '..',
  '.',
  '',
  '/',
  'a/b',
  'C:\\x',
  '.hidden',
  'ends with a dot.',
  'ft:gpt-4o:acme::1',
  'بيانات.jsonl',
  'x'.repeat(400),
  'nul\0',
])('the name %j becomes one that leads nowhere else', (name) => {
  expect(safeName(name)).toMatch(/^\w[\w.-]{0,98}\w$/)
  expect(safeName(name).length).toBeLessThanOrEqual(100)
})

test('names that look alike without their signs stay apart', () => {
  expect(new Set(['a/b', 'a:b', 'a b', 'a-b'].map(safeName)).size).toBe(4)
})

test('a part has its place by what it is', () => {
  expect(pathsOf(item('job', 'ftjob-1'), {}, 1)).toEqual(['jobs/ftjob-1/job.json'])
  expect(pathsOf(item('events', 'ftjob-1'), {}, 2)).toEqual([
    'jobs/ftjob-1/events/page-1.json',
    'jobs/ftjob-1/events/page-2.json',
  ])
  expect(pathsOf(item('file', 'file-1'), { filename: 'my data.jsonl' }, 2)).toEqual([
    'files/file-1.json',
    'files/file-1/my-data.jsonl',
  ])
})

test.each([
  ['بيانات 2.jsonl', 'بيانات-2.jsonl'],
  ['../../evil.sh', 'evil.sh'],
  ['C:\\data\\x.jsonl', 'C-data-x.jsonl'],
  ['...', 'content'],
  ['', 'content'],
  [`${'x'.repeat(300)}.jsonl`, `${'x'.repeat(74)}.jsonl`],
])('a file called %j is %j in the folder of its id', (filename, name) => {
  expect(pathsOf(item('file', 'file-1'), { filename }, 2)[1]).toBe(`files/file-1/${name}`)
})
