'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Note } from '#components/ui/note.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { importFilesMutation } from '#lib/jobs/queries.ts'
import type { Earlier, Wish } from './form-draft.ts'

interface MissingProps {
  earlier: Earlier | null
  wish: Wish
  /** Called when the file of the source job has been imported as this dataset. */
  onImported: (dataset: DatasetSummary) => void
}

function ImportFile({ earlier, onImported }: Pick<MissingProps, 'onImported'> & { earlier: Earlier }) {
  const t = useTranslations('launch.missing')
  const load = useMutation({ ...importFilesMutation(earlier.id), onSuccess: onImported })
  return (
    <div className="grid gap-2">
      <Note
        tone="warn"
        live
        actions={
          earlier.trainingFile && (
            <Button busy={load.isPending} busyLabel={t('importing')} onClick={() => load.mutate()}>
              {t('import')}
            </Button>
          )
        }
      >
        {t(earlier.trainingFile ? 'file' : 'data', {
          number: earlier.number,
          file: earlier.trainingFile ?? '',
        })}
      </Note>
      {load.error && <Failure title={t('importFailed')} error={load.error} />}
    </div>
  )
}

/** Explains why training data must be selected: the requested data is not available. */
export function MissingData({ earlier, wish, onImported }: MissingProps) {
  const t = useTranslations('launch.missing')
  if (wish.dataset)
    return (
      <Note tone="warn" live>
        {t('dataset', { id: wish.dataset })}
      </Note>
    )
  return earlier && <ImportFile earlier={earlier} onImported={onImported} />
}

/** Explains why a model must be selected. */
export function MissingModel({ model }: { model: string }) {
  const t = useTranslations('launch.missing')
  return (
    <Note tone="warn" live>
      {t('model', { id: model })}
    </Note>
  )
}
