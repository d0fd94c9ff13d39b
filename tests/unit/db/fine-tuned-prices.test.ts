import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { up } from '#lib/db/migrations/0015-fine-tuned-prices.ts'
import { openDatabase } from '#lib/db/open.ts'
import { setStudioDatabase, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { answerOf } from '#lib/http/answer.ts'
import { listChatPrices, setChatPrice } from '#lib/providers/chat-price-list.ts'
import { chatPrice } from '#lib/providers/prices.ts'
import { ChatPrice } from '#lib/providers/schema.ts'

test('a price set for a base model and its fine-tuned models still applies to both after the migration', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-prices-'))
  const file = path.join(folder, 'studio.db')
  setStudioDatabase(await openDatabase<StudioTables>(file, path.resolve('lib/db/migrations')))
  const own = { input: 7, cachedInput: null, output: 9, asOf: '2026-10-01', source: 'our invoice' }
  await setChatPrice({ ...own, providerId: 'openai', model: 'gpt-4o-mini' })
  await setChatPrice({ ...own, providerId: 'compatible', model: 'Qwen/Qwen3' })
  await up(studio() as unknown as Kysely<unknown>)
  const prices = answerOf(z.array(ChatPrice), await listChatPrices())
  for (const model of ['gpt-4o-mini-2024-07-18', 'ft:gpt-4o-mini-2024-07-18:org:elle:AbCd1234'])
    expect(chatPrice(prices, 'openai', model)).toMatchObject({ ...own, own: true })
  expect(prices.filter(({ providerId }) => providerId === 'compatible')).toHaveLength(1)
  await studio().destroy()
  setStudioDatabase(undefined)
  rmSync(folder, { recursive: true })
})
