import { useCallback } from 'react'
import { useTranslations } from 'use-intl'
import { useScoreWords } from '#components/evals/scores-words.ts'
import { jobName } from '#components/jobs/job-name.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import type { Option } from '#components/ui/option.ts'
import type { ListedModel } from '#lib/models/schema.ts'
import { refIn, refKey } from './model-options.ts'
import { groupsOf } from './order.ts'
import { useModelTitle } from './use-model-title.ts'

/** Models as options by their human names; each job and its checkpoints are one group. */
export function useModelOptions(): (models: readonly ListedModel[]) => Option[] {
  const t = useTranslations('models')
  const title = useModelTitle()
  const words = useScoreWords()
  const nameOf = useProviderName()
  return useCallback(
    (models) => {
      const optionOf = (model: ListedModel): Option => {
        const { id, kind, providerId, lineage } = model
        const score = lineage?.score ? words(lineage.score).level : null
        return {
          value: refKey(refIn(model)),
          label: lineage ? title(model) : id,
          search: id,
          detail: [score, lineage?.best && t('table.best'), t(`kind.${kind}`)].filter(Boolean).join(' · '),
          group: lineage
            ? t('named.result', { name: jobName(lineage), number: lineage.number })
            : nameOf(providerId),
        }
      }
      // Models to begin with come first, then the jobs.
      const groups = groupsOf(models)
      const made = groups.filter(({ lead }) => lead.lineage)
      const others = groups.filter(({ lead }) => !lead.lineage)
      return [...others, ...made].flatMap(({ lead, others: rest }) => [lead, ...rest]).map(optionOf)
    },
    [t, title, words, nameOf],
  )
}
