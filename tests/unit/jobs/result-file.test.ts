import { describe, expect, test } from 'vitest'
import { curveFiles, resultFilePoints } from '#lib/jobs/result-file.ts'

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

const first = {
  step: 1,
  at: null,
  trainLoss: 2.5,
  validLoss: null,
  fullValidLoss: null,
  accuracy: 0.25,
  validAccuracy: null,
  fullValidAccuracy: null,
}
const second = { ...first, step: 2, trainLoss: 0, validLoss: 0.75, accuracy: 1, validAccuracy: 0.5 }

describe('a result file', () => {
  test.each([
    ['as it is', OPENAI],
    ['with a byte order mark', `\uFEFF${OPENAI}`],
    ['as base64', Buffer.from(OPENAI).toString('base64')],
  ])('of OpenAI, %s: blanks are missing, zeros are zeros', (_, served) => {
    expect(resultFilePoints(served)).toEqual([first, second])
  })

  test('of Azure: its own columns, and -1 is missing', () => {
    expect(resultFilePoints(AZURE)).toEqual([
      first,
      { ...second, fullValidLoss: 0.625, fullValidAccuracy: 0.5 },
    ])
  })

  test('lines that are cut, too short or without a step are skipped', () => {
    expect(resultFilePoints('step,train_loss\n1,2.5\n,3\n1.5,3\n-1,3\n2\n3,0')).toMatchObject([
      { step: 1, trainLoss: 2.5 },
      { step: 2, trainLoss: null },
      { step: 3, trainLoss: 0 },
    ])
  })

  test('weights among the result files hold no curve', () => {
    expect(curveFiles(['weights-ft-1', 'file-weights-1', 'file-2'])).toEqual(['file-weights-1', 'file-2'])
  })

  test.each(['', 'not found', '{"error":"x"}', 'c3RlcA=='])('anything else has no points: %j', (served) => {
    expect(resultFilePoints(served)).toEqual([])
  })
})
