import { expect, test } from 'vitest'
import { addRow } from '#lib/datasets/edit-row.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { draft, follow, provider } from '../support/jobs.ts'
import { until } from '../support/until.ts'

/** A job whose provider says that a line of its file is wrong. */
async function failedAt(line: number) {
  const { id, remoteId } = await launchJob(draft())
  const remote = provider.jobs.get(remoteId ?? '')
  Object.assign(remote ?? {}, {
    status: 'failed',
    error: { code: 'invalid_training_file', message: `Discriminator is missing. (line ${line})` },
  })
  follow()
  await until('the failure', async () => (await getJob(id)).status === 'failed')
  return (await getJob(id)).error
}

test('a failure names the text of the line, as it was sent', async () => {
  const error = await failedAt(2)
  expect(error).toMatchObject({ line: 2, excerpt: { at: null } })
  expect(error?.excerpt?.text).toMatch(/^\{"messages": ?\[.*…$/)
  expect(error).not.toHaveProperty('issue')
})

test('where our checks know what is wrong with it, they say so, with its place', async () => {
  const line = '{"messages":[{"content":"no role"}]}'
  await addRow(draft().training.datasetId, { line })
  const error = await failedAt(11)
  expect(error).toMatchObject({
    ...{ line: 11, issue: { rule: 'bad-role', line: 11 } },
    excerpt: { text: line, at: expect.any(Number) },
  })
})

test('a line that the file does not have is left as the provider says it', async () => {
  expect(await failedAt(9_999)).not.toHaveProperty('excerpt')
})
