'use client'
import { useMutation } from '@tanstack/react-query'
import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import { useTranslations } from 'use-intl'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { showKeyMutation } from '#lib/auth/queries.ts'

const MASK = 'lk-••••••••••••••••'

/** The key of `/v1`: fetched when the user shows it, and discarded when the user hides it. */
export function KeyField() {
  const t = useTranslations('providers')
  const key = useMutation(showKeyMutation())
  const shown = key.data?.key
  return (
    <div className="grid gap-1.5">
      <div className="flex min-w-0 items-center gap-1">
        <bdi dir="ltr" className="min-w-0 truncate font-mono text-meta">
          {shown ?? MASK}
        </bdi>
        <IconButton
          size="sm"
          label={t(shown ? 'hide' : 'reveal')}
          busy={key.isPending}
          onClick={() => (shown ? key.reset() : key.mutate())}
        >
          {shown ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
        </IconButton>
        {shown && <CopyButton text={shown} label={t('copyKey')} />}
      </div>
      {key.error && <Failure error={key.error} />}
    </div>
  )
}
