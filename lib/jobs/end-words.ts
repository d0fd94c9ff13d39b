import type { EndStatus } from './schema.ts'

/** Words that other servers end a job with; OpenAI's own are the keys. All in small letters, without a prefix. */
const WORDS: Record<EndStatus, readonly string[]> = {
  succeeded: ['success', 'successful', 'completed', 'complete', 'done', 'finished', 'early_stopped'],
  failed: [
    'failure',
    'error',
    'errored',
    'user_error',
    'failed_validation',
    'timeout',
    'timed_out',
    'timeout_exceeded',
    'expired',
    'crashed',
    'rejected',
  ],
  cancelled: ['canceled', 'stopped', 'aborted', 'terminated', 'killed', 'deleted'],
}

const known = new Map(
  Object.entries(WORDS).flatMap(([status, words]) => [status, ...words].map((word) => [word, status])),
)

/** A status in OpenAI's word where it is an end (`JOB_STATE_COMPLETED` is `succeeded`); any other word as it came. */
export const endWord = (status: string): string =>
  known.get(
    status
      .trim()
      .toLowerCase()
      .replace(/[ -]/g, '_')
      .replace(/^(job_)?(state|status)_/, ''),
  ) ?? status
