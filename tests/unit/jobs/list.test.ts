import { createLoader, createSerializer } from 'nuqs/server'
import { describe, expect, test } from 'vitest'
import {
  addressOf,
  askedFor,
  type ListView,
  listAddress,
  queryOf,
  viewOf,
} from '#components/jobs/list-address.ts'
import { fits } from '#components/jobs/list-fits.ts'
import { type Job, JobListQuery } from '#lib/jobs/schema.ts'

const load = createLoader(listAddress)
const serialize = createSerializer(listAddress)

const readList = (search: string) => viewOf(load(search))
const writeList = (view: ListView) => serialize(addressOf(view)).replace('?', '')

describe('the address of the list', () => {
  test('leaves out defaults', () => expect(writeList(readList(''))).toBe(''))

  test.each([
    'q=elle',
    'state=failed,running&model=gpt-4.1',
    'sort=loss',
    'sort=loss&order=desc&page=3',
    'order=asc',
    'tag=a,b&archived=1',
  ])('%s comes back as it was', (search) => expect(writeList(readList(search))).toBe(search))

  test.each(['sort=colour', 'page=-2', 'page=x', 'order=up', `q=${'a'.repeat(999)}`])(
    'what nobody can mean is left aside: %s',
    (search) => expect(JobListQuery.safeParse(askedFor(readList(search))).success).toBe(true),
  )
})

test('a saved view begins at the first page and comes back as it was', () => {
  const query = queryOf(readList('q=a%26b&state=failed,running&sort=loss&order=desc&page=3'))
  expect(readList(query)).toEqual({
    ...readList('q=a%26b&state=failed,running&sort=loss&order=desc'),
    page: 1,
  })
  expect(query).not.toContain('page')
  expect(queryOf(readList('page=2'))).toBe('')
})

const run = {
  id: 'run_abc',
  number: 12,
  remoteId: 'ftjob-xyz',
  status: 'running',
  model: 'gpt-4.1-mini',
  providerId: 'openai',
  name: 'Best so far',
  tags: ['rate', 'old'],
  archivedAt: null,
  suffix: 'Verse',
  datasetId: 'ds_1',
  datasetName: 'elle',
  fineTunedModel: null,
} as Job

describe('a job that has just begun', () => {
  test.each<[string, boolean]>([
    ['', true],
    ['q=vers', true],
    ['q=ELLE', true],
    ['q=12', true],
    ['q=2', false],
    ['q=ftjob-xyz', true],
    ['q=other', false],
    ['state=running&provider=openai', true],
    ['state=succeeded', false],
    ['model=gpt-4.1-mini,other', true],
    ['dataset=ds_2', false],
    ['q=best', true],
    ['q=rate', true],
    ['tag=other,old', true],
    ['tag=other', false],
    ['archived=1', false],
  ])('is told of where it fits: %s', (search, expected) => {
    const view: ListView = readList(search)
    expect(fits(run, view)).toBe(expected)
  })
})
