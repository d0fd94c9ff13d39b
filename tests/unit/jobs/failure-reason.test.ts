import { describe, expect, test } from 'vitest'
import { leavesOpen, reasonOf } from '#lib/jobs/failure-reason.ts'
import { RemoteJob } from '#lib/jobs/wire.ts'

const job = (error: unknown, status = 'failed') =>
  RemoteJob.parse({ id: 'ftjob-1', status, model: 'm', created_at: 1, error })

describe('the reason of a failure', () => {
  test.each([
    ['Example 1273 cannot be parsed. Error: line 1 column 79 (char 78) (line 1274)', 1274, 1273],
    [
      'Invalid file format. Line 12, key "messages": At least one message must be from the assistant.',
      12,
      null,
    ],
    ["Invalid file format. Example 100, message 2 Discriminator 'role' is missing in value", null, 100],
    ["Expecting ',' delimiter: line 1 column 79 (char 78)", null, null],
  ])('%s', (message, line, row) => {
    expect(reasonOf(job({ message }), undefined, [])).toMatchObject({ message, line, row })
  })

  test('joins the reasons of all sources once, with our engine’s line before one from the text', () => {
    const event = {
      message: 'Training file has 5 example(s)',
      data: {
        error_code: 'invalid_n_examples',
        error_param: 'training_file',
        limerick: { line: 3, row: null },
      },
    }
    expect(reasonOf(job({ message: 'Training file has 5 example(s)' }), event, [null])).toEqual({
      code: 'invalid_n_examples',
      param: 'training_file',
      message: 'Training file has 5 example(s)',
      line: 3,
      row: null,
    })
    expect(reasonOf(job({}), undefined, [null, ''])).toMatchObject({
      message: 'The provider gave no reason.',
    })
    expect(reasonOf(job({ message: 'x' }, 'cancelled'), event, [])).toBeNull()
  })

  test('has the issue that our engine found, and none that it does not name in full', () => {
    const limerick = { rule: 'bad-role', line: 2, column: 17, row: 2, values: { role: '' } }
    const failed = (more: object) => ({ message: 'x', data: { limerick: { ...limerick, ...more } } })
    expect(reasonOf(job({ message: 'x' }), failed({}), [])?.issue).toEqual({
      ...{ rule: 'bad-role', severity: 'error', line: 2, column: 17, row: 2, path: '' },
      values: { role: '' },
    })
    expect(reasonOf(job({ message: 'x' }), failed({ row: null }), [])?.issue).not.toHaveProperty('row')
    for (const less of [{ rule: 'unsupported' }, { values: null }, { line: null }])
      expect(reasonOf(job({ message: 'x' }), failed(less), [])).not.toHaveProperty('issue')
  })

  test('files are asked only when the job gives no reason or line', () => {
    expect(leavesOpen(job({}), undefined)).toBe(true)
    expect(leavesOpen(job({ code: 'invalid_training_file', message: 'Invalid.' }), undefined)).toBe(true)
    expect(leavesOpen(job({ code: 'invalid_training_file', message: 'Example 3 is bad.' }), undefined)).toBe(
      false,
    )
    expect(leavesOpen(job({ code: 'server_error', message: 'Ours.' }), undefined)).toBe(false)
    expect(leavesOpen(job({}, 'running'), undefined)).toBe(false)
  })
})
