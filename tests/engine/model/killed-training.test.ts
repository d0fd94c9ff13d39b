import { expect, it } from 'vitest'
import { killTraining } from '../../support/killed-training.ts'

it('ends with the same weights after twenty kills at random moments', async () => {
  const seed = Date.now() % 1_000_000
  const { wrong, killed } = await killTraining(20, seed)
  expect({ seed, wrong, killed }).toEqual({ seed, wrong: [], killed: 20 })
})
