import { AppError } from '#lib/core/errors.ts'

/** System error codes: no space, the user's quota is used up, file larger than the user may write (`ulimit -f`). */
const SYSTEM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * SQLITE_FULL, and SQLite's codes for the other two: SQLITE_IOERR_WRITE, and SQLITE_IOERR_SHMSIZE where the index of the
 * write-ahead log cannot grow.
 */
const SQLITE: ReadonlySet<unknown> = new Set([13, 778, 4874])

/** Longest chain of causes; a longer one is a cycle. */
const MAX_DEPTH = 8

function hasFullCode(thrown: object): boolean {
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown }
  return code === 'disk_full' || SYSTEM.has(code) || SQLITE.has(errcode)
}

/** Whether an error, or one of its causes, says that the disk is full. */
export function isDiskFull(thrown: unknown, depth = 0): boolean {
  if (!(thrown instanceof Error) || depth > MAX_DEPTH) return false
  if (hasFullCode(thrown)) return true
  const others: unknown[] = thrown instanceof AggregateError ? thrown.errors : []
  return [thrown.cause, ...others].some((inner) => isDiskFull(inner, depth + 1))
}

/** The error for a full disk, wherever it was noticed first. */
export const diskFull = (cause?: unknown): AppError =>
  cause instanceof AppError && cause.code === 'disk_full'
    ? cause
    : new AppError('disk_full', 'disk.full', { cause })

/** Reports a full disk to `tell` and rethrows every other error. For work that may wait. */
export const unlessDiskFull =
  (tell: (error: AppError) => void) =>
  (thrown: unknown): void => {
    if (!isDiskFull(thrown)) throw thrown
    tell(diskFull(thrown))
  }
