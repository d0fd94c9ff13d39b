import type { EndStatus } from './status.ts'

/** Statuses of other servers that mean an end, by OpenAI's own. All in small letters, without a prefix. */
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

/** An end status in OpenAI's word (`JOB_STATE_COMPLETED` is `succeeded`); any other status unchanged. */
export const endWord = (status: string): string =>
  known.get(
    status
      .trim()
      .toLowerCase()
      .replace(/[ -]/g, '_')
      .replace(/^(job_)?(state|status)_/, ''),
  ) ?? status
