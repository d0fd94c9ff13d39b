'use client'
import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { IconButton } from './icon-button.tsx'

export interface CopyButtonProps {
  text: string
  /** Names what is copied, e.g. "Copy the id". */
  label?: string
  /** Shows the label beside the icon. */
  wordy?: boolean
  size?: 'md' | 'sm'
  className?: string
}

type Outcome = 'idle' | 'copied' | 'failed'

export function CopyButton({ text, label, wordy, size = 'sm', className }: CopyButtonProps) {
  const t = useTranslations('ui')
  const [outcome, setOutcome] = useState<Outcome>('idle')
  const settle = (next: Outcome) => {
    setOutcome(next)
    setTimeout(() => setOutcome('idle'), 2000)
  }
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => settle('copied'),
      () => settle('failed'),
    )
  const words = { idle: label ?? t('copy'), copied: t('copied'), failed: t('copyFailed') }[outcome]
  const icon = outcome === 'copied' ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />
  return (
    <>
      {wordy ? (
        <Button size={size} icon={icon} onClick={copy} className={className}>
          {words}
        </Button>
      ) : (
        <IconButton size={size} label={words} onClick={copy} className={className}>
          {icon}
        </IconButton>
      )}
      <span role="status" className="sr-only">
        {outcome === 'idle' ? '' : words}
      </span>
    </>
  )
}
