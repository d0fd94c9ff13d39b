import { z } from 'zod'
import { Facts } from '#lib/core/facts.ts'
import { Excerpt } from '#lib/training-data/excerpt.ts'
import { type Issue, RuleId } from '#lib/training-data/issue.ts'
import type { JobFailure } from './schema.ts'
import type { MetricsEvent } from './series.ts'
import type { RemoteJob } from './wire.ts'

/** Data of an event of level "error", of a provider or of our engine. */
const Words = z.string().max(400).nullish().catch(null)
const Place = z.number().int().positive().nullish().catch(null)
const ErrorData = z.object({
  error_code: Words,
  error_param: Words,
  limerick: z
    .object({
      ...{ line: Place, column: Place, row: Place },
      rule: RuleId.nullish().catch(null),
      values: Facts.nullish().catch(null),
      excerpt: Excerpt.nullish().catch(null),
    })
    .nullish()
    .catch(null),
})
type ErrorData = z.infer<typeof ErrorData>

/** Other fields of an event are ignored. */
const dataOf = (event: MetricsEvent | undefined): Partial<ErrorData> =>
  ErrorData.safeParse(event?.data).data ?? {}

const numberIn = (words: RegExp, message: string): number | null => {
  const found = words
    .exec(message)
    ?.slice(1)
    .find((group) => group !== undefined)
  return found === undefined ? null : Number(found)
}

/** The line and example that a failure names, from our engine's data or from the provider's text. */
function place(message: string, { limerick }: Partial<ErrorData>): Pick<JobFailure, 'line' | 'row'> {
  return {
    // In brackets it is the file's line; in a JSON parser's message, `line 1 column 79`, it is the text's.
    line: limerick?.line ?? numberIn(/\(line (\d+)\)|\bline (\d+)\b(?! column)/i, message),
    row: limerick?.row ?? numberIn(/\bExample (\d+)/i, message),
  }
}

/** The issue that our engine found, which a page says in its own words and language. */
function issueIn({ limerick }: Partial<ErrorData>): Issue | undefined {
  const { rule, line, column, row, values } = limerick ?? {}
  if (!rule || !line || !values) return
  const place = { line, column: column ?? 1, path: '', ...(row && { row }) }
  return { rule, severity: 'error', ...place, values }
}

/** Each reason once: those that another one contains are left out. */
const joined = (reasons: (string | null | undefined)[]): string => {
  const said = [...new Set(reasons.map((reason) => reason?.trim()).filter((reason) => !!reason))]
  return said
    .filter((reason) => !said.some((other) => other !== reason && other?.includes(reason ?? '')))
    .join(' ')
}

/** Whether a job's files should be asked: there is no reason yet, or it blames a file without naming a line. */
export function leavesOpen(remote: RemoteJob, event: MetricsEvent | undefined): boolean {
  if (remote.status !== 'failed') return false
  const message = joined([remote.error?.message, event?.message])
  const { error_code, error_param } = dataOf(event)
  const aboutFile = /file/.test(
    [remote.error?.code, remote.error?.param, error_code, error_param].filter(Boolean).join(' '),
  )
  const { line, row } = place(message, dataOf(event))
  return message === '' || (aboutFile && line === null && row === null)
}

/**
 * One reason out of three places: providers put it in the job, in an error event, in the file, or in only one of them.
 * @param fileErrors what the provider says is wrong with the job's files
 */
export function reasonOf(
  remote: RemoteJob,
  event: MetricsEvent | undefined,
  fileErrors: (string | null)[],
): JobFailure | null {
  if (remote.status !== 'failed') return null
  const data = dataOf(event)
  const message = joined([remote.error?.message, event?.message, ...fileErrors])
  const issue = issueIn(data)
  const excerpt = data.limerick?.excerpt
  return {
    code: remote.error?.code ?? data.error_code ?? null,
    message: message.slice(0, 4_000) || 'The provider gave no reason.',
    param: remote.error?.param ?? data.error_param ?? null,
    ...place(message, data),
    ...(issue && { issue }),
    ...(excerpt && { excerpt }),
  }
}
