import { wordsByPath } from '#lib/i18n/issue-words.ts'
import type { Worded } from '#lib/i18n/worded.ts'
import { JobDraft } from '#lib/jobs/schema.ts'

/** Validation messages by field path (`suffix`, `hyperparameters.nEpochs`). */
export const draftErrors = (draft: JobDraft): Record<string, Worded> =>
  wordsByPath(JobDraft.safeParse(draft).error)
