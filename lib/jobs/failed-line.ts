import { lineAt } from '#lib/datasets/examples-by-place.ts'
import { excerptAt } from '#lib/training-data/excerpt.ts'
import { firstError } from '#lib/training-data/issue.ts'
import { checkLine } from '#lib/training-data/validate.ts'
import type { JobFailure } from './schema.ts'
import type { JobRow } from './store.ts'
import { splitOf } from './view.ts'

/**
 * Adds to a failure the text of the training line that its provider names, and what our own checks find there. The
 * failure stays as it is where the line is not here, or was found by our engine's checks.
 * @param requestJson of the job
 */
export async function withFailedLine(
  { dataset_id, dataset_version_id }: JobRow,
  requestJson: string,
  failure: JobFailure | null,
): Promise<JobFailure | null> {
  if (!failure?.line || failure.excerpt || failure.issue || failure.param === 'validation_file')
    return failure
  if (dataset_id === null || dataset_version_id === null) return failure
  const { line } = failure
  // Optional: the failure is shown without it.
  const found = await lineAt(dataset_id, dataset_version_id, splitOf(requestJson), line).catch(() => null)
  if (!found || found.text === null) return failure
  const issue = firstError(checkLine(found).issues)
  const excerpt = excerptAt(found.text, issue?.column ?? null)
  return { ...failure, excerpt, ...(issue && { issue: { ...issue, line, row: line } }) }
}
