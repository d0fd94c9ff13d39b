import type { JobCreateParams } from 'openai/resources/fine-tuning/jobs'
import { z } from 'zod'
import { INTENT } from '#lib/providers/intent.ts'
import { ms } from './remote.ts'
import type { JobDraft } from './schema.ts'
import type { JobRecord } from './store.ts'
import type { RemoteJob } from './wire.ts'

/** How far a server's clock and ours may differ, its delay included, in ms. */
const NEAR = 10 * 60_000

/** What was sent and when, kept with the draft: how to recognise a remote job without our metadata. */
const Sent = z.object({ sent: z.object({ file: z.string(), at: z.number() }) })

/** The draft with what was sent for it, as the job keeps it. */
export const asSent = (draft: JobDraft, { training_file }: JobCreateParams): string =>
  JSON.stringify({ ...draft, sent: { file: training_file, at: Date.now() } })

/** `ft:base:organisation:suffix:id` */
const suffixIn = (model: string | null | undefined): string | null => model?.split(':')[3] || null

/** null when the server does not report it. */
export const suffixOf = ({ user_provided_suffix, suffix, fine_tuned_model }: RemoteJob): string | null =>
  user_provided_suffix ?? suffix ?? suffixIn(fine_tuned_model)

/**
 * Whether a remote job without our metadata may belong to a job whose answer was lost: made from the file that was
 * sent, with its suffix, at about that time.
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
