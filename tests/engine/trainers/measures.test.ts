/** What jobs of trl have taught, as later ones use it. */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '#lib/db/open.ts'
import type { EngineTables } from '#lib/engine/tables.ts'
import { type TrlMeasures, trlMeasures } from '#lib/engine/trainers/trl-measures.ts'
import { newFolder } from '#tests/support/engine.ts'

let root: string
let db: Kysely<EngineTables>
let measures: TrlMeasures

beforeAll(async () => {
  root = await newFolder()
  db = await openDatabase<EngineTables>(path.join(root, 'engine.db'), path.resolve('lib/engine/migrations'))
  measures = trlMeasures(db)
})
afterAll(async () => {
  await db.destroy()
  await rm(root, { recursive: true, force: true })
})

test.each([
  [0.1e9, 0.5],
  [0.8e9, 0.84],
  [1.2e9, 1.26],
  [7e9, 1.5],
])('%i bytes where 1e9 were estimated make later estimates %f times as large', async (measured, factor) => {
  const of = { base: 'limerick-base', method: 'lora', objective: 'supervised', device: 'CPU' } as const
  await measures.noteMemory(of, measured, 1e9)
  expect((await measures.of(of)).memoryFactor).toBeCloseTo(factor, 10)
  expect((await measures.of({ ...of, device: 'NVIDIA Test' })).memoryFactor).toBe(1)
})
