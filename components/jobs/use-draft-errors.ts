import { useEffect, useState } from 'react'
import type { Worded } from '#lib/i18n/worded.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'

type Validate = (draft: JobDraft) => Record<string, Worded>

const NONE = {}

/**
 * Validation messages by field path, from the first change on: until then the values are the form's own, and the schema
 * need not be loaded. The studio validates what it is sent in any case.
 */
export function useDraftErrors(draft: JobDraft, changed: boolean): Record<string, Worded> {
  const [validate, setValidate] = useState<Validate>()
  useEffect(() => {
    if (changed) void import('./draft-errors.ts').then(({ draftErrors }) => setValidate(() => draftErrors))
  }, [changed])
  return validate?.(draft) ?? NONE
}
