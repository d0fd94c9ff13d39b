'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Kbd } from '#components/ui/kbd.tsx'

interface StartProps {
  label: string
  reason: string | null
  starting: boolean
  onStart: () => void
}

/** The button that starts it, and below it why it cannot be started yet. */
export function Start({ label, reason, starting, onStart }: StartProps) {
  const t = useTranslations('evals.form')
  return (
    <div className="grid gap-2">
      <Button
        variant="primary"
        className="w-full justify-center"
        busy={starting}
        busyLabel={t('starting')}
        disabled={reason !== null}
        reason={reason ?? undefined}
        aria-keyshortcuts="Control+Enter Meta+Enter"
        onClick={onStart}
      >
        <span className="inline-flex items-center gap-2">
          {label}
          <span aria-hidden="true" className="hidden wide:inline">
            <Kbd>mod+↵</Kbd>
          </span>
        </span>
      </Button>
      {reason !== null && !starting && <p className="text-2 text-meta">{reason}</p>}
    </div>
  )
}
