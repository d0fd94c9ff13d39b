'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { Worded } from '#lib/i18n/worded.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { deleteJobsMutation, jobDependentsQuery } from '#lib/storage/queries.ts'
import type { JobDependents } from '#lib/storage/schema.ts'
import { jobName } from '../job-name.ts'

/** What the deletion of jobs means, one sentence each. */
function useConsequences(): (jobs: readonly JobDependents[]) => string[] {
  const t = useTranslations('jobList.organise.delete')
  const nameOf = useProviderName()
  const { list } = useFormat()
  return (jobs) => {
    const sum = (of: 'models' | 'evaluations' | 'comparisons', some = jobs) =>
      some.reduce((total, job) => total + job[of], 0)
    const here = jobs.filter((job) => job.here)
    const away = jobs.filter((job) => !job.here)
    const [models, evaluations, comparisons] = [sum('models', here), sum('evaluations'), sum('comparisons')]
    const further = [...new Set(jobs.flatMap((job) => job.further))].sort((a, b) => a - b)
    const aliases = away.flatMap((job) => job.aliases)
    const providers = list([...new Set(away.map(({ providerId }) => nameOf(providerId)))])
    return [
      models > 0 && t('models', { count: models }),
      away.length > 0 && t('away', { count: away.length, provider: providers }),
      aliases.length > 0 && t('aliases', { count: aliases.length, names: list(aliases) }),
      evaluations > 0 && t('evaluations', { count: evaluations }),
      comparisons > 0 && t('comparisons', { count: comparisons }),
      further.length > 0 && t('further', { count: further.length, numbers: list(further.map(String)) }),
    ].filter((words) => words !== false)
  }
}

/** Jobs that stay, each with the reason. */
function Stay({ reasons }: { reasons: readonly Worded[] }) {
  const say = useErrorWords()
  return (
    <ul role="alert" className="grid gap-1 rounded-e-md border-warn-dot border-s-2 bg-warn-soft px-3 py-2">
      {reasons.map((words) => (
        <li key={words.message}>{say(words)}</li>
      ))}
    </ul>
  )
}

interface DeleteDialogProps {
  jobs: readonly Job[]
  onClose: () => void
  /** Called with the ids of the jobs that are gone. */
  onDeleted: (ids: readonly string[]) => void
}

/** Asks before jobs are deleted for good, and says what depends on them. */
export function DeleteDialog({ jobs, onClose, onDeleted }: DeleteDialogProps) {
  const t = useTranslations('jobList.organise.delete')
  const consequencesOf = useConsequences()
  const { data: dependents, error } = useQuery(jobDependentsQuery(jobs.map(({ id }) => id)))
  const remove = useMutation({
    ...deleteJobsMutation(),
    onSuccess: ({ done, failures }) => {
      onDeleted(done)
      if (failures.length === 0) onClose()
    },
  })
  const free = dependents?.filter(({ obstacle }) => obstacle === null) ?? []
  const stay = remove.data?.failures ?? dependents?.flatMap(({ obstacle }) => obstacle ?? []) ?? []
  const [only] = jobs
  const count = free.length
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { count: jobs.length, name: only ? jobName(only) : '' })}
      description={t('meaning', { count: jobs.length })}
      confirmLabel={t('confirm', { count: Math.max(1, count) })}
      disabled={count === 0 || remove.data !== undefined}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(free.map(({ id }) => id))}
    >
      {!dependents && !error && <Skeleton className="my-2 w-60" />}
      {count > 0 && (
        <ul className="grid list-disc gap-1 ps-5 text-2">
          {consequencesOf(free).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {stay.length > 0 && <Stay reasons={stay} />}
      {(error ?? remove.error) && <Failure error={error ?? remove.error} />}
    </AlertDialog>
  )
}
