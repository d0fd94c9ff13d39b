import { APIError } from 'openai'
import type { ItemKind, Reason } from '#lib/archive/schema.ts'
import { AppError } from '#lib/core/errors.ts'
import { pause } from '#lib/core/pause.ts'
import { isDiskFull } from '#lib/disk/full.ts'
import { askedDelay, backOff } from '#lib/jobs/poll-scheduler.ts'
import { backoffOf, noteRefusal } from '#lib/providers/backoff.ts'

/** Times that something is asked for while the provider fails. */
const TRIES = 5

/** ms between two looks whether a backoff is over: the user may end it at any time. */
const LOOK = 1_000

/** Whose provider is asked, until when, and with what patience. */
export interface Asking {
  providerId: string
  signal: AbortSignal
  /** Longest wait after a failure, in ms. */
  longest: number
}

/** Statuses that a server may not answer with a moment later. */
const PASSING = [408, 409, 425, 429]

/** A gateway that is being restarted answers 404 too, without the error of the API. */
function mayPass(thrown: unknown): boolean {
  if (thrown instanceof AppError) return thrown.code === 'provider_unreachable'
  if (!(thrown instanceof APIError)) return false
  const { status, error } = thrown
  if (status === undefined || status >= 500) return status !== 501
  return PASSING.includes(status) || (status === 404 && error === undefined)
}

/** Waits while the provider is left alone; without end where the user has to solve something first. */
async function waitOutBackoff({ providerId, signal }: Asking): Promise<void> {
  for (let backoff = await backoffOf(providerId); backoff; backoff = await backoffOf(providerId)) {
    signal.throwIfAborted()
    await pause(
      backoff.until === null ? LOOK : Math.min(LOOK, Math.max(1, backoff.until - Date.now())),
      signal,
    )
  }
  signal.throwIfAborted()
}

/**
 * Asks until there is an answer. A provider that says "too many", or refuses the key, is left alone for as long as it
 * says, which counts as no try; other failures are tried again a few times.
 * @throws the last failure; the signal's reason
 */
export async function patiently<Answer>(asking: Asking, ask: () => Promise<Answer>): Promise<Answer> {
  for (let failures = 1; ; ) {
    await waitOutBackoff(asking)
    try {
      return await ask()
    } catch (thrown) {
      asking.signal.throwIfAborted()
      if (await noteRefusal(asking.providerId, thrown)) continue
      if (!mayPass(thrown) || failures >= TRIES) throw thrown
      await pause(Math.max(backOff(failures, asking.longest), askedDelay(thrown)), asking.signal)
      failures++
    }
  }
}

const THINGS: readonly ItemKind[] = ['job', 'file', 'model']

const BY_WORDS: Record<string, Reason> = {
  'rescue.cut': 'cut',
  'providers.answerBrokeOff': 'cut',
  'rescue.repeats': 'repeats',
  'providers.answerTooLarge': 'tooLarge',
  'datasets.fileTooLarge': 'tooLarge',
}

/** @returns null for a failure of our own, such as a full disk */
export function reasonOf(kind: ItemKind, thrown: unknown): Reason | null {
  if (isDiskFull(thrown)) return null
  if (thrown instanceof AppError) {
    if (thrown.key && BY_WORDS[thrown.key]) return BY_WORDS[thrown.key] ?? null
    if (thrown.code === 'provider_unreachable') return 'unreachable'
    return thrown.code === 'provider_refused' ? 'refused' : null
  }
  if (!(thrown instanceof APIError)) return null
  const { status, code } = thrown
  // A call that the provider's adapter has no words for.
  if (code === 'unsupported_endpoint') return 'notOffered'
  if (status === 404 || status === 410) return THINGS.includes(kind) ? 'gone' : 'notOffered'
  if (status === 405 || status === 501) return 'notOffered'
  return mayPass(thrown) ? 'unreachable' : 'refused'
}
