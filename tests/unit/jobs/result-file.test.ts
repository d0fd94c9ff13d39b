import { describe, expect, test } from 'vitest'
import { resultFilePoints } from '#lib/jobs/result-file.ts'

const OPENAI = [
  'step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy',
  '1,2.5,0.25,,',
  '2,0,1.0,0.75,0.5',
  '',
].join('\n')

const AZURE = [
  'step,train_loss,train_mean_token_accuracy,valid_loss,validation_mean_token_accuracy,full_valid_loss,full_valid_mean_token_accuracy',
  '1,2.5,0.25,-1,-1,-1,-1',
  '2,0.0,1,0.75,0.5,0.625,0.5',
].join('\r\n')

const first = { step: 1, trainLoss: 2.5, validLoss: null, fullValidLoss: null, accuracy: 0.25 }

describe('a result file', () => {
  test.each([
    ['as it is', OPENAI],
    ['with a byte order mark', `\uFEFF${OPENAI}`],
    ['as base64', Buffer.from(OPENAI).toString('base64')],
  ])('of OpenAI, %s: blanks are missing, zeros are zeros', (_, served) => {
    expect(resultFilePoints(served)).toEqual([
      first,
      { step: 2, trainLoss: 0, validLoss: 0.75, fullValidLoss: null, accuracy: 1 },
    ])
  })

  test('of Azure: its own columns, and -1 is missing', () => {
    expect(resultFilePoints(AZURE)).toEqual([
      first,
      { step: 2, trainLoss: 0, validLoss: 0.75, fullValidLoss: 0.625, accuracy: 1 },
    ])
  })

  test.each(['', 'not found', '{"error":"x"}', 'c3RlcA=='])('anything else holds no points: %j', (served) => {
    expect(resultFilePoints(served)).toEqual([])
  })
})
