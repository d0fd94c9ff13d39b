'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { ErrorState } from '#components/ui/error-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { AppError } from '#lib/core/errors.ts'

/** The account can no longer train at this provider: offer to train on the same data with the built-in engine. */
const isClosed = (error: unknown): boolean =>
  error instanceof AppError &&
  error.code === 'forbidden' &&
  error.facts?.providerCode === 'training_not_available'

/** The message already contains the sums; as facts they would appear in micro-dollars. */
function OverCap({ error }: { error: AppError }) {
  const t = useTranslations('launch')
  const say = useErrorWords()
  return (
    <ErrorState
      title={t('overCap')}
      actions={
        <LinkButton size="sm" href="/providers#spending">
          {t('limits')}
        </LinkButton>
      }
    >
      {say(error)}
    </ErrorState>
  )
}

interface FormRefusalProps {
  error: unknown
  /** Switches to the built-in engine with the same data; null where that is impossible. */
  onEmbedded: (() => void) | null
}

/** Why the job was not started, as worded by the server that rejected it. */
export function FormRefusal({ error, onEmbedded }: FormRefusalProps) {
  const t = useTranslations('jobs.form')
  return (
    <Panel>
      {error instanceof AppError && error.code === 'over_cap' ? (
        <OverCap error={error} />
      ) : (
        <Failure
          title={t('failed')}
          error={error}
          actions={isClosed(error) && onEmbedded && <Button onClick={onEmbedded}>{t('useEmbedded')}</Button>}
        />
      )}
    </Panel>
  )
}
