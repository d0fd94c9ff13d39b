import { describe, expect, test } from 'vitest'
import { ANY_MODEL, found, groupsOf } from '#components/models/order.ts'
import type { Lineage, StudioModel } from '#lib/models/schema.ts'

const model = (id: string, more: Partial<StudioModel> = {}): StudioModel => ({
  ...{ id, providerId: 'embedded', kind: 'base', trainable: true, createdAt: null, shutdownDate: null },
  ...{ context: null, bits: null, training: null, lineage: null, aliases: [], endsOn: null },
  ...{ deletable: false, exportable: true, bytes: null },
  ...more,
})

const made = (id: string, jobId: string, step: number | null, more: Partial<Lineage> = {}): StudioModel =>
  model(id, {
    kind: step === null ? 'fine-tuned' : 'checkpoint',
    lineage: {
      ...{ jobId, number: Number(jobId.slice(4)), name: null, suffix: 'exp', datasetName: 'elle', step },
      ...{ score: null, best: false, datasetId: null, version: null, base: 'limerick-base' },
      ...{ systemPrompt: null, question: null },
      ...more,
    },
  })

describe('models of a job', () => {
  test('stand under its result, the latest checkpoint first, at the place of the first of them', () => {
    const groups = groupsOf([
      made('b:80', 'run_2', 80),
      model('limerick-base'),
      made('b', 'run_2', null),
      made('a', 'run_1', null),
      made('b:90', 'run_2', 90),
    ])
    expect(groups.map(({ lead, others }) => [lead.id, ...others.map(({ id }) => id)])).toEqual([
      ['b', 'b:90', 'b:80'],
      ['limerick-base'],
      ['a'],
    ])
  })

  test('that left only checkpoints are led by the last of them', () => {
    const [group] = groupsOf([made('c:1', 'run_3', 1), made('c:2', 'run_3', 2)])
    expect([group?.lead.id, group?.others.map(({ id }) => id)]).toEqual(['c:2', ['c:1']])
  })

  test('are ordered by the name of the job as people count, and by size with the unknown last', () => {
    const all = [
      made('x', 'run_11', null, { suffix: 'exp-11' }),
      { ...made('y', 'run_2', null, { suffix: 'exp-2' }), bytes: 10 },
      { ...made('z', 'run_3', null, { name: 'best' }), bytes: 20 },
    ]
    const ids = (sort: 'model' | 'size', order: 'asc' | 'desc') =>
      found(all, ANY_MODEL, { sort, order }).map(({ id }) => id)
    expect(ids('model', 'asc')).toEqual(['z', 'y', 'x'])
    expect(ids('size', 'desc')).toEqual(['z', 'y', 'x'])
    expect(ids('size', 'asc')).toEqual(['y', 'z', 'x'])
    const best = { words: 'BEST', kind: null }
    expect(found(all, best, { sort: 'model', order: 'asc' })).toHaveLength(1)
  })

  test('are found by their kind, alone and with words', () => {
    const all = [
      model('limerick-base'),
      made('a', 'run_1', null),
      made('a:1', 'run_1', 1),
      made('b:1', 'run_2', 1),
    ]
    const ids = (words: string, kind: StudioModel['kind'] | null) =>
      found(all, { words, kind }, { sort: 'model', order: 'asc' }).map(({ id }) => id)
    expect(ids('', 'base')).toEqual(['limerick-base'])
    expect(ids('', 'checkpoint')).toEqual(['a:1', 'b:1'])
    expect(ids('b:', 'checkpoint')).toEqual(['b:1'])
    expect(ids('limerick', 'fine-tuned')).toEqual([])
  })
})
