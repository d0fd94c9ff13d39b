import { expect, test } from 'vitest'
import { killTraining } from '../support/killed-training.ts'

const KILLS = 300

test(`training ends with the same weights after ${KILLS} kills at random moments`, async () => {
  const seed = Date.now() % 1_000_000
  const { wrong, killed, ended } = await killTraining(KILLS, seed)
  console.info(`seed ${seed}: ${ended} trainings, ${killed} kills`)
  expect({ seed, wrong, killed }).toEqual({ seed, wrong: [], killed: KILLS })
})
