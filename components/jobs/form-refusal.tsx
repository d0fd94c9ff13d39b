'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { AppError } from '#lib/errors.ts'

/** The account may not train there any more: the same data trains on this computer. */
const isClosed = (error: unknown): boolean =>
  error instanceof AppError &&
  error.code === 'forbidden' &&
  error.facts?.providerCode === 'training_not_available'

const isOverCap = (error: unknown): boolean => error instanceof AppError && error.code === 'over_cap'

/** Why the run was not started, in the words of who refused it. */
export function FormRefusal({ error, onEmbedded }: { error: unknown; onEmbedded: (() => void) | null }) {
  const t = useTranslations('jobs.form')
  const words = useTranslations('launch')
  return (
    <div role="alert">
      <Panel>
        <Failure
          title={t('failed')}
          error={error}
          actions={
            isClosed(error) && onEmbedded ? (
              <Button onClick={onEmbedded}>{t('useEmbedded')}</Button>
            ) : (
              isOverCap(error) && <LinkButton href="/providers">{words('limits')}</LinkButton>
            )
          }
        />
      </Panel>
    </div>
  )
}
