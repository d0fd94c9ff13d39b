import { expect, test } from 'vitest'
import { axisSteps } from '#components/jobs/axis-steps.ts'
import { filesOf, jobName } from '#lib/jobs/job-name.ts'
import type { Job } from '#lib/jobs/schema.ts'

const named = (more: object) => ({ number: 3, suffix: 'poems', datasetName: 'elle', ...more })

test('a job goes by the name it was given, else by its suffix, its data or its number', () => {
  expect(jobName(named({ name: 'The good one' }))).toBe('The good one')
  expect(jobName(named({ name: null }))).toBe('poems')
  expect(jobName(named({ suffix: null }))).toBe('elle')
  expect(jobName(named({ suffix: '', datasetName: null }))).toBe('#3')
})

test.each([
  [named({}), 'poems-job-3'],
  [named({ name: 'rate 2/3: "best"?' }), 'rate-2-3-best-job-3'],
  [named({ name: 'قصائد' }), 'قصائد-job-3'],
  [named({ name: '../..\\x\u0000' }), 'x-job-3'],
  [named({ suffix: null, datasetName: null }), 'job-3'],
])('files of %j are called %s', (job, name) => expect(filesOf([job])).toBe(name))

test('files of several jobs have their numbers', () =>
  expect(filesOf([named({}), named({ number: 12 })])).toBe('jobs-3-12'))

test('an axis has room for the plan of a job that trains, and for the curve of one that has ended', () => {
  const job = (status: string) => ({ status, step: 60, totalSteps: 500 }) as Job
  expect(axisSteps(job('running'))).toBe(500)
  for (const status of ['succeeded', 'cancelled', 'failed']) expect(axisSteps(job(status))).toBeNull()
})
