'use client'
import { type ClipboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Imported } from '#lib/datasets/queries.ts'
import { pastedFile } from './clipboard.ts'
import type { ImportDialogProps } from './import-dialog.tsx'
import { ImportFooter } from './import-footer.tsx'
import { ResultStep } from './result-step.tsx'
import { ReviewStep } from './review-step.tsx'
import { RunningStep } from './running-step.tsx'
import { SourceStep } from './source-step.tsx'
import { StoppedStep } from './stopped-step.tsx'
import { type ImportFlow, type Into, useImportFlow } from './use-import-flow.ts'

interface StepProps {
  flow: ImportFlow
  into: Into | undefined
  leaving: boolean
}

function Step({ flow, into, leaving }: StepProps) {
  const { run, review, missed } = flow
  switch (run.state) {
    case 'running':
      return <RunningStep run={run} leaving={leaving} missed={missed} />
    case 'stopped':
    case 'failed':
      return <StoppedStep run={run} />
    case 'done':
      return <ResultStep imported={run.imported} />
    case 'idle':
      return review ? (
        <ReviewStep
          key={keyOf(review.file)}
          review={review}
          named={!into}
          alone={into?.isEmpty !== false}
          onOther={flow.back}
        />
      ) : (
        <SourceStep
          source={flow.source}
          onSource={flow.setSource}
          onFile={flow.take}
          pasted={flow.pasted}
          onPasted={flow.setPasted}
          copy={flow.copy}
        />
      )
  }
}

const keyOf = ({ name, size, lastModified }: File): string => `${name} ${size} ${lastModified}`

/** The steps of one import. */
export function ImportSteps({
  into,
  open,
  onOpenChange,
  file = null,
  source = 'file',
  onDone,
}: ImportDialogProps) {
  const t = useTranslations('imports')
  const flow = useImportFlow(into, file, source)
  const [leaving, setLeaving] = useState(false)
  const body = useRef<HTMLDivElement>(null)
  const { run, review } = flow
  const step = run.state === 'idle' && review ? 'review' : run.state
  const first = useRef(step)
  // The focused element disappeared with its step.
  useEffect(() => {
    if (step !== first.current) body.current?.focus()
    first.current = step
    setLeaving(false)
  }, [step])
  const done = run.state === 'done' ? run.imported : null
  const tell = useEffectEvent((imported: Imported) => onDone?.(imported))
  useEffect(() => {
    if (done) tell(done)
  }, [done])
  const close = () => {
    if (run.state === 'running') return setLeaving(true)
    onOpenChange(false)
  }
  const paste = (event: ClipboardEvent) => {
    const pasted = pastedFile(event.nativeEvent, t('paste.name'))
    if (!pasted || run.state === 'done') return
    event.preventDefault()
    flow.take(pasted)
  }
  return (
    <Dialog
      title={into ? t('titleInto', { name: into.name }) : t('title')}
      open={open}
      onOpenChange={(next) => !next && close()}
      width={step === 'review' && !review?.error ? 'xl' : 'lg'}
      footer={
        <ImportFooter
          flow={flow}
          into={into}
          leaving={leaving}
          onStay={() => setLeaving(false)}
          onClose={close}
        />
      }
    >
      <div ref={body} tabIndex={-1} className="outline-none" onPaste={paste}>
        <Step flow={flow} into={into} leaving={leaving} />
      </div>
    </Dialog>
  )
}
