import { useCallback } from 'react'
import { useTranslations } from 'use-intl'
import { jobName } from '#components/jobs/job-name.ts'
import type { ListedModel, Maker } from '#lib/models/schema.ts'
import { shortName } from './model-options.ts'

/** A model by its id, and the job that made it, if one here has. */
export type Titled = Pick<ListedModel, 'id'> & { lineage: Maker | null }

/** What people call a model: `poems · job 1 · step 90`; one that no job here has made goes by the end of its id. */
export function useModelTitle(): (model: Titled) => string {
  const t = useTranslations('models.named')
  return useCallback(
    ({ id, lineage }) => {
      if (!lineage) return shortName(id)
      const { number, step } = lineage
      const name = jobName(lineage)
      return step === null ? t('result', { name, number }) : t('step', { name, number, step })
    },
    [t],
  )
}
