'use client'
import Bell from 'lucide-react/icons/bell'
import BellRing from 'lucide-react/icons/bell-ring'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { useNotifying } from './notify.ts'

/** Asks for notification permission only after a click. */
export function NotifyButton() {
  const t = useTranslations('job.notify')
  const { state, toggle } = useNotifying()
  if (state === 'unavailable') return null
  const on = state === 'on'
  const isDenied = state === 'denied'
  const label = t(isDenied ? 'denied' : on ? 'on' : 'ask')
  return (
    <Button
      variant="ghost"
      icon={on ? <BellRing size={16} aria-hidden /> : <Bell size={16} aria-hidden />}
      title={label}
      aria-pressed={on}
      disabled={isDenied}
      reason={isDenied ? label : undefined}
      onClick={() => void toggle()}
    >
      <span className={isDenied ? 'sr-only' : 'max-wide:sr-only'}>{label}</span>
    </Button>
  )
}
