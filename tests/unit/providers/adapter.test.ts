import { expect, test } from 'vitest'
import { rawOf } from '#lib/providers/adapters/adapter.ts'

test('what a provider said is kept without the keys of other services, and without signed addresses', () => {
  const signed = 'https://store.example/file?sv=1&sig=abc'
  const secrets = {
    ...{ apiKey: 'x', api_key: 'x', wandb_api_key: 'x', 'access-key': 'x', private_key: 'x', password: 'x' },
    ...{ hf_token: 'x', hfApiToken: 'x', clientSecret: 'x', credentials: { user: 'x' }, Authorization: 'x' },
    ...{ signedUrl: 'x', signed_url: 'x', presigned_url: 'x', file: signed },
  }
  const kept = {
    ...{ id: 'ft-1', token_count: 9, price_per_token: 0.5, max_tokens: 64, cached_token: 3 },
    ...{ address: 'https://store.example/file?design=1', none: null },
  }
  expect(rawOf({ ...secrets, ...kept })).toEqual(kept)
  expect(
    rawOf({ wandb: { project: 'poems', ...secrets }, files: [signed, 'a.jsonl', { ...secrets }] }),
  ).toEqual({
    wandb: { project: 'poems' },
    files: ['a.jsonl', {}],
  })
})
