import { APIUserAbortError } from 'openai'
import { expect, test } from 'vitest'
import { failure } from '#lib/http/failure.ts'

test.each([new APIUserAbortError(), new DOMException('timed out', 'TimeoutError')])(
  'our own limit of time is told as the provider being late: %s',
  (thrown) => {
    expect(failure(thrown)).toMatchObject({
      code: 'provider_unreachable',
      message: 'The provider did not answer in time.',
    })
  },
)
