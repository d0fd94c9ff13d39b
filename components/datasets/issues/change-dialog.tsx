'use client'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Note } from '#components/ui/note.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import type { BulkChange, ChangePreview, Step } from '#lib/datasets/schema.ts'
import { ChangeSamples } from './change-samples.tsx'
import { type ChangeRequest, useChange } from './use-change.ts'

export interface ChangeDialogProps extends ChangeRequest {
  onClose: () => void
  /** Called once the rows have changed. */
  onDone: (step: Step) => void
}

const touched = ({ changed, removed, added }: ChangePreview): number => changed + removed + added

/** Ways to fix reasoning; the title of the dialog says which one is chosen. */
const WAYS = ['keep', 'mask', 'strip'] as const
const isWay = (how: string | undefined): how is (typeof WAYS)[number] => WAYS.some((way) => way === how)

function useTitle() {
  const t = useTranslations('issues.change')
  const titles = useTranslations('ruleTitles')
  return (change: BulkChange): string => {
    if (change.kind === 'fix' && isWay(change.how)) return t(`ways.${change.how}`)
    const [rule] = change.kind === 'fix' ? change.rules : change.kind === 'discard' ? [change.rule] : []
    const title = rule === undefined ? '' : titles(rule)
    if (change.kind === 'fix') return t('fix', { count: change.rules.length, rule: title })
    return change.kind === 'discard' ? t('discard', { rule: title }) : t(change.kind)
  }
}

/** Counts as text: "12 rows change and 2 go". */
function useCounts() {
  const t = useTranslations('issues.change')
  const format = useFormatter()
  return ({ changed, removed, added, splits }: ChangePreview): string => {
    if (changed + removed + added === 0) return t('nothing')
    if (splits) return t('moved', { count: changed })
    const parts = [
      changed > 0 && t('changed', { count: changed }),
      removed > 0 && t(changed > 0 ? 'removed' : 'removedRows', { count: removed }),
      added > 0 && t(changed + removed > 0 ? 'added' : 'addedRows', { count: added }),
    ]
    return format.list(parts.filter((part) => part !== false))
  }
}

const Bones = () =>
  [0, 1, 2, 3].map((bone) => (
    <div key={bone} aria-hidden="true" className="grid gap-3 border-t py-4">
      <Skeleton className="w-20" />
      <Skeleton className="w-4/5" />
    </div>
  ))

function Sides({ splits }: { splits: NonNullable<ChangePreview['splits']> }) {
  const t = useTranslations('issues.change')
  const format = useFormatter()
  return (
    <section aria-label={t('sides')} className="max-w-80 rounded-md border">
      <h3 className="px-4 pt-3 text-3 text-meta">{t('sides')}</h3>
      <Facts>
        <Fact label={t('train')}>{format.number(splits.train)}</Fact>
        <Fact label={t('heldout')}>{format.number(splits.heldout)}</Fact>
      </Facts>
    </section>
  )
}

function Preview({ preview, kind }: { preview: ChangePreview; kind: BulkChange['kind'] }) {
  const t = useTranslations('issues.change')
  const counts = useCounts()
  return (
    <>
      <p role="status" className="font-medium">
        {counts(preview)}
      </p>
      {touched(preview) === 0 && kind === 'fix' && <p className="text-2">{t('byHand')}</p>}
      {preview.splits && <Sides splits={preview.splits} />}
      <ChangeSamples preview={preview} />
    </>
  )
}

/** Preview of a bulk change before it is applied. Mounted only while there is a change to review. */
export function ChangeDialog({ onClose, onDone, ...request }: ChangeDialogProps) {
  const t = useTranslations('issues')
  const say = useErrorWords()
  const title = useTitle()
  const [open, setOpen] = useState(true)
  const close = () => {
    setOpen(false)
    onClose()
  }
  const done = (step: Step) => {
    close()
    onDone(step)
  }
  const { preview, apply, busy, error, conflict } = useChange(request, done)
  const { data, isFetching } = preview
  return (
    <Dialog
      title={title(request.change)}
      description={t('change.sentence')}
      open={open}
      onOpenChange={() => !busy && close()}
      width={request.change.kind === 'deal' ? 'md' : 'xl'}
      footer={
        <>
          <Button disabled={busy} onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            variant="primary"
            disabled={!data || isFetching || touched(data) === 0}
            busy={busy}
            busyLabel={t('change.applying')}
            onClick={apply}
          >
            {t('change.apply')}
          </Button>
        </>
      }
    >
      <div className="grid gap-3" aria-busy={isFetching}>
        {conflict && (
          <Note tone="warn" live>
            {error instanceof Error && say(error)} {t('change.conflict')}
          </Note>
        )}
        {error !== null && !conflict && <Failure error={error} />}
        {preview.error ? (
          <Failure error={preview.error} onRetry={() => preview.refetch()} retrying={isFetching} />
        ) : data ? (
          <Preview preview={data} kind={request.change.kind} />
        ) : (
          <div role="status">
            <span className="sr-only">{t('change.reading')}</span>
            <Bones />
          </div>
        )}
      </div>
    </Dialog>
  )
}
