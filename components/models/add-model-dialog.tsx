'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useCallback, useId, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { addModelMutation, libraryQuery } from '#lib/models/library-queries.ts'
import type { ModelSource, SourceRef } from '#lib/models/library-schema.ts'
import { ChoiceForm, useChoice } from './add-model-choice.tsx'
import { hasRoom, PageLink, SourceFacts } from './add-model-source.tsx'

interface Found {
  source: ModelSource
  wish: SourceRef
}

interface SourceButtonsProps {
  source: ModelSource
  busy: boolean
  onBack: () => void
  onAdd: () => void
}

function SourceButtons({ source, busy, onBack, onAdd }: SourceButtonsProps) {
  const t = useTranslations('library')
  const isHub = source.kind === 'hub'
  return (
    <>
      <Button onClick={onBack}>{t('back')}</Button>
      {source.problem === null && hasRoom(source) && (
        <Button
          variant="primary"
          busy={busy}
          busyLabel={t(isHub ? 'source.starting' : 'source.adding')}
          onClick={onAdd}
        >
          {t(isHub ? 'source.download' : 'source.add')}
        </Button>
      )}
    </>
  )
}

/** Asks which model, tells what it needs, and adds it: two steps in one dialog, whose choice is kept on the way back. */
function AddModelDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('library')
  const form = useId()
  const { data } = useQuery(libraryQuery())
  const [found, setFound] = useState<Found | null>(null)
  const hasStepped = useRef(false)
  const go = (next: Found | null) => {
    hasStepped.current = true
    setFound(next)
  }
  const titleOf = (step: Found | null) => {
    if (!step) return t('title')
    // A folder's name may have no letter that a model's name can have.
    const { name } = step.source
    return name ? t('source.title', { name }) : t('source.titleUnnamed')
  }
  const choice = useChoice((source, wish) => go({ source, wish }))
  const add = useMutation({ ...addModelMutation(), onSuccess: onClose })
  const back = () => {
    add.reset()
    go(null)
  }
  // The button that had the keyboard is gone: it goes on from the step's beginning.
  const land = useCallback((step: HTMLElement | null) => {
    if (hasStepped.current) step?.focus()
  }, [])
  const asking = (
    <>
      <Button onClick={onClose}>{t('cancel')}</Button>
      <Button
        variant="primary"
        type="submit"
        form={form}
        busy={choice.look.isPending}
        busyLabel={t('looking')}
      >
        {t('next')}
      </Button>
    </>
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={titleOf(found)}
      description={found ? found.source.page && <PageLink page={found.source.page} /> : t('meaning')}
      width={found ? 'md' : 'lg'}
      footer={
        found ? (
          <SourceButtons
            source={found.source}
            busy={add.isPending}
            onBack={back}
            onAdd={() => add.mutate(found.wish)}
          />
        ) : (
          asking
        )
      }
    >
      <div key={found ? 'source' : 'choice'} ref={land} tabIndex={-1} className="outline-none">
        {found ? (
          <SourceFacts source={found.source} memory={data?.memory} />
        ) : (
          <ChoiceForm id={form} state={choice} />
        )}
        {add.error && <Failure error={add.error} className="mt-3" />}
      </div>
    </Dialog>
  )
}

export function AddModelButton() {
  const t = useTranslations('library')
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon={<Plus size={16} aria-hidden />} onClick={() => setOpen(true)}>
        {t('add')}
      </Button>
      {open && <AddModelDialog onClose={() => setOpen(false)} />}
    </>
  )
}
