import type { JobCreateParams } from 'openai/resources/fine-tuning/jobs'
import { z } from 'zod'
import { ms } from './remote.ts'
import type { JobDraft } from './schema.ts'
import type { JobRecord } from './store.ts'
import { INTENT, type RemoteJob } from './wire.ts'

/** How far a server's clock and ours may be apart, its own delay included, in ms. */
const NEAR = 10 * 60_000

/** What was sent and when, beside the draft that it was made of: how a job is known again that says no intent. */
const Sent = z.object({ sent: z.object({ file: z.string(), at: z.number() }) })

/** The draft with what went out for it, as the run keeps it. */
export const asSent = (draft: JobDraft, { training_file }: JobCreateParams): string =>
  JSON.stringify({ ...draft, sent: { file: training_file, at: Date.now() } })

/** `ft:base:organisation:suffix:id` */
const suffixIn = (model: string | null | undefined): string | null => model?.split(':')[3] || null

/** null where the server does not tell it. */
export const suffixOf = ({ user_provided_suffix, suffix, fine_tuned_model }: RemoteJob): string | null =>
  user_provided_suffix ?? suffix ?? suffixIn(fine_tuned_model)

/**
 * Whether a job that names no intent may be what became of a run whose answer was lost: made of the file that was sent,
 * under its suffix, at about that time.
 */
export function fits({ request_json, suffix }: JobRecord, remote: RemoteJob): boolean {
  const { success, data } = Sent.safeParse(JSON.parse(request_json))
  if (!success || remote.metadata?.[INTENT]) return false
  const remoteSuffix = suffixOf(remote)
  return (
    remote.training_file === data.sent.file &&
    (remoteSuffix === null || remoteSuffix === (suffix ?? '')) &&
    Math.abs(ms(remote.created_at) - data.sent.at) <= NEAR
  )
}
