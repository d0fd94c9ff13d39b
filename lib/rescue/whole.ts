import { AppError } from '#lib/core/errors.ts'
import { isBase64Result } from '#lib/jobs/result-file.ts'
import { brokeOff } from '#lib/providers/request.ts'

/** Bytes in which a result file is recognised. */
const HEAD = 64

/** Sizes that a download was announced with; null: not said. */
export interface Announced {
  /** Bytes of the answer. */
  sent: number | null
  /** Bytes of the file, by its record at the provider. */
  stored: number | null
}

const cut = (received: number, expected: number): AppError =>
  new AppError('provider_unreachable', ['rescue.cut', { received, expected }])

/** Most bytes of the file that what was received can hold: OpenAI sends result files as base64, four characters for three bytes. */
const storedIn = (received: number, head: string): number =>
  isBase64Result(head) ? Math.ceil((received * 3) / 4) : received

/**
 * Passes a download on.
 * @throws AppError rescue.cut at its end, when fewer bytes came than were announced; providers.answerBrokeOff
 */
export async function* whole(
  source: AsyncIterable<Uint8Array>,
  { sent, stored }: Announced,
): AsyncGenerator<Uint8Array> {
  let received = 0
  let head = ''
  try {
    for await (const chunk of source) {
      if (head.length < HEAD) head += Buffer.from(chunk.subarray(0, HEAD - head.length)).toString('latin1')
      received += chunk.length
      yield chunk
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : brokeOff(thrown)
  }
  if (sent !== null && received < sent) throw cut(received, sent)
  if (stored !== null && storedIn(received, head) < stored) throw cut(received, stored)
}
