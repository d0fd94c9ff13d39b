'use client'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelBody } from '#components/ui/panel.tsx'
import { Time } from '#components/ui/time.tsx'
import { AppError } from '#lib/core/errors.ts'
import { UNTOLD } from '#lib/jobs/constants.ts'
import { waitForSlotMutation } from '#lib/jobs/queries.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { askedToConfirm, FormConfirm } from './form-confirm.tsx'

/**
 * ms at which a provider that takes no further job now takes one, as far as it says; null for any other error.
 * @param sentAt ms; when the launch was sent
 */
export function slotAfter(error: unknown, sentAt: number): number | null {
  if (!(error instanceof AppError) || error.code !== 'rate_limited') return null
  return typeof error.facts?.until === 'number' ? error.facts.until : sentAt + UNTOLD
}

interface FormWaitProps {
  draft: JobDraft
  /** Its name. */
  provider: string
  /** ms */
  at: number
  /** The launch waits: the form has nothing left to keep. */
  onDone: () => void
}

/** Offers to launch the job when its provider takes another one. */
export function FormWait({ draft, provider, at, onDone }: FormWaitProps) {
  const t = useTranslations('launch.wait')
  const router = useRouter()
  const wait = useMutation({
    ...waitForSlotMutation(),
    onSuccess: () => {
      onDone()
      router.push('/jobs')
    },
  })
  return (
    <Panel aria-label={t('title')}>
      <PanelBody className="grid gap-3">
        <p>{t.rich('meaning', { time: () => <Time at={at} as="day" /> })}</p>
        {wait.error && askedToConfirm(wait.error) === null && <Failure error={wait.error} />}
        <div>
          <Button
            busy={wait.isPending || wait.isSuccess}
            busyLabel={t('starting')}
            onClick={() => wait.mutate({ draft, at })}
          >
            {t('start')}
          </Button>
        </div>
      </PanelBody>
      <FormConfirm
        error={wait.error}
        provider={provider}
        busy={wait.isPending}
        onConfirm={(confirmed) => wait.mutate({ draft: { ...draft, confirmed }, at })}
        onCancel={() => wait.reset()}
      />
    </Panel>
  )
}
