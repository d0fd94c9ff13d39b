import { expect, test } from 'vitest'
import { spendAndCheck } from '../support/spend-scenarios.ts'

test('a hundred creations, half of the answers lost and a tenth of the processes killed: none is paid for twice, none lost', async () => {
  const seed = Date.now() % 1_000_000
  const money = await spendAndCheck(100, seed)
  console.info(`seed ${seed}`, money)
  expect(money).toMatchObject({ intents: 100, kills: 10 })
})
