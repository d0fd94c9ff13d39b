'use client'
import Bell from 'lucide-react/icons/bell'
import BellRing from 'lucide-react/icons/bell-ring'
import { useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import { useNotifying } from './notify.ts'

/** Asks for notification permission only after a click. */
export function NotifyButton() {
  const t = useTranslations('job.notify')
  const { state, toggle } = useNotifying()
  if (state === 'unavailable') return null
  const on = state === 'on'
  return (
    <IconButton
      label={t(state === 'denied' ? 'denied' : on ? 'on' : 'ask')}
      aria-pressed={on}
      disabled={state === 'denied'}
      onClick={() => void toggle()}
    >
      {on ? <BellRing size={16} aria-hidden /> : <Bell size={16} aria-hidden />}
    </IconButton>
  )
}
