'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { AppError } from '#lib/core/errors.ts'

const sum = (value: string | number | undefined): number | null => (typeof value === 'number' ? value : null)

/** The sum that the user must confirm; null for any other error. */
export function askedToConfirm(error: unknown): { estimate: number | null; limit: number | null } | null {
  if (!(error instanceof AppError) || error.code !== 'needs_confirmation') return null
  return { estimate: sum(error.facts?.estimate), limit: sum(error.facts?.limit) }
}

interface FormConfirmProps {
  error: unknown
  provider: string
  busy: boolean
  /** Micro-dollars that the user confirms. */
  onConfirm: (sum: number) => void
  onCancel: () => void
}

/** Asks for confirmation when the estimate exceeds the spending limit. */
export function FormConfirm({ error, provider, busy, onConfirm, onCancel }: FormConfirmProps) {
  const { dollars } = useFormat()
  const t = useTranslations('launch.confirm')
  const asked = askedToConfirm(error)
  // Keep the text while the dialog's closing animation plays.
  const [last, setLast] = useState(error)
  if (asked && error !== last) setLast(error)
  const { estimate = null, limit = null } = asked ?? askedToConfirm(last) ?? {}
  return (
    <AlertDialog
      tone="primary"
      title={t('title')}
      description={
        estimate === null
          ? t('unknown', { provider })
          : t('sentence', { provider, sum: dollars(estimate), limit: dollars(limit) })
      }
      confirmLabel={estimate === null ? t('yes') : t('pay', { sum: dollars(estimate) })}
      open={asked !== null}
      onOpenChange={(open) => !open && onCancel()}
      busy={busy}
      onConfirm={() => onConfirm(estimate ?? 0)}
    />
  )
}
