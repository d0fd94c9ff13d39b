import type { JobDraft } from '#lib/jobs/schema.ts'

/** The number is the schema version: drafts of an older schema are ignored. */
export const SLOT = 'limerick.job-draft.2'

/** @param origin key of the form's initial values; empty if there are none */
export const written = (origin: string, draft: JobDraft): string =>
  JSON.stringify({ origin, draft: { ...draft, confirmed: null } })
