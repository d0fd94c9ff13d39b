import { expect, test } from 'vitest'
import { spendAndCheck } from '../support/spend-scenarios.ts'

test('twenty creations, half of the answers lost and a tenth of the processes killed: none is paid for twice, none lost', async () => {
  expect(await spendAndCheck(20, 7)).toMatchObject({ intents: 20, kills: 2 })
})
