import { readFileSync } from 'node:fs'
import { APIError, APIUserAbortError } from 'openai'
import { expect, test } from 'vitest'
import { failure } from '#lib/http/failure.ts'

test.each([new APIUserAbortError(), new DOMException('timed out', 'TimeoutError')])(
  'our own timeout becomes "did not answer in time": %s',
  (thrown) => {
    expect(failure(thrown)).toMatchObject({
      code: 'provider_unreachable',
      message: 'The provider did not answer in time.',
    })
  },
)

test('a refused checkpoint names the other project that may own it, after the provider’s words', () => {
  const { status, body } = JSON.parse(
    readFileSync('tests/fixtures/field/58-checkpoint-used-by-other-project.json', 'utf8'),
  )
  const refused = (message: string) =>
    failure(APIError.generate(status, { error: { ...body.error, message } }, undefined, new Headers()))
      .message
  expect(refused(body.error.message)).toMatch(
    /^The model `ft:.*do not have access to it\. It may belong to another project/,
  )
  expect(refused('The model `gpt-9` does not exist')).not.toMatch(/project/)
})
