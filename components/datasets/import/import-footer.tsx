'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { Imported } from '#lib/datasets/queries.ts'
import type { ImportFlow, Into } from './use-import-flow.ts'

interface FooterProps {
  flow: ImportFlow
  onClose: () => void
}

/** The button to the next step, with the reason while it is disabled. */
function Forward({ flow }: Pick<FooterProps, 'flow'>) {
  const t = useTranslations('imports')
  const { review, source, copy, pasted, launch, takeText } = flow
  if (review) {
    return (
      <Button
        variant="primary"
        disabled={review.reason !== null || Boolean(review.error)}
        reason={review.error ? undefined : (review.reason ?? undefined)}
        onClick={launch}
      >
        {t('import')}
      </Button>
    )
  }
  if (source === 'paste') {
    return (
      <Button
        variant="primary"
        disabled={pasted.trim() === ''}
        reason={t('paste.empty')}
        onClick={() => takeText(pasted)}
      >
        {t('paste.continue')}
      </Button>
    )
  }
  if (source === 'file') return null
  return (
    <Button
      variant="primary"
      disabled={copy.reason !== null}
      reason={copy.reason ?? undefined}
      onClick={launch}
    >
      {t('copy.action')}
    </Button>
  )
}

/** Back to the previous choices, which are kept. */
function Again({ flow, onClose }: FooterProps) {
  const t = useTranslations('imports')
  return (
    <>
      <Button onClick={onClose}>{t('close')}</Button>
      <Button variant="primary" onClick={flow.clear}>
        {t('back')}
      </Button>
    </>
  )
}

function Done({ imported, into, onClose }: { imported: Imported; into?: Into; onClose: () => void }) {
  const t = useTranslations('imports.done')
  const { id, state } = imported.dataset
  const words = t(state === 'blocked' ? 'problems' : 'open')
  if (into) {
    return (
      <Button variant="primary" onClick={onClose}>
        {words}
      </Button>
    )
  }
  return (
    <LinkButton variant="primary" href={`/datasets/${id}`}>
      {words}
    </LinkButton>
  )
}

export interface ImportFooterProps extends FooterProps {
  into: Into | undefined
  leaving: boolean
  onStay: () => void
}

/** Actions of the current step. */
export function ImportFooter({ flow, into, leaving, onStay, onClose }: ImportFooterProps) {
  const t = useTranslations('imports')
  const { run, stop } = flow
  switch (run.state) {
    case 'idle':
      return (
        <>
          {flow.review?.ask && !flow.review.error && (
            // Screen readers get this text from the button.
            <p aria-hidden="true" className="me-auto basis-full self-center text-2 sm:basis-auto">
              {flow.review.ask}
            </p>
          )}
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Forward flow={flow} />
        </>
      )
    case 'running':
      if (run.phase === 'copying') return null
      return (
        <>
          {leaving && <Button onClick={onStay}>{t('running.stay')}</Button>}
          <Button onClick={stop}>{t('running.stop')}</Button>
        </>
      )
    case 'stopped':
    case 'failed':
      return <Again flow={flow} onClose={onClose} />
    case 'done':
      return <Done imported={run.imported} into={into} onClose={onClose} />
  }
}
