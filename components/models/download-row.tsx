'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { State } from '#components/ui/state.tsx'
import type { Tone } from '#components/ui/tone.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { cancelDownloadMutation, changeDownloadMutation } from '#lib/models/library-queries.ts'
import type { Download } from '#lib/models/library-schema.ts'
import { roughly } from './roughly.ts'

interface DownloadProps {
  download: Download
}

const tones: Record<Download['state'], Tone> = {
  downloading: 'busy',
  checking: 'busy',
  paused: 'mute',
  failed: 'bad',
}

/** `34 of 271 MB · 5.1 MB/s · 40 s left` */
function Progress({ download: { done, bytes: all, rate } }: DownloadProps) {
  const format = useFormat()
  const t = useTranslations('library.download')
  const parts = [t('progress', { done: format.bytes(done), bytes: format.bytes(all) })]
  if (rate) {
    parts.push(
      t('rate', { rate: format.bytes(rate) }),
      t('left', { time: roughly((all - done) / rate, format) }),
    )
  }
  return <span className="text-2 text-meta tabular-nums">{parts.join(' · ')}</span>
}

function CancelButton({ download: { id, name } }: DownloadProps) {
  const t = useTranslations('library.download')
  const cancel = useMutation(cancelDownloadMutation(id))
  return (
    <AlertDialog
      trigger={
        <Button size="sm" aria-label={t('cancelModel', { name })}>
          {t('cancel')}
        </Button>
      }
      title={t('cancelTitle', { name })}
      description={t('cancelMeaning')}
      confirmLabel={t('cancelConfirm')}
      closeLabel={t('cancelKeep')}
      busy={cancel.isPending}
      onConfirm={() => cancel.mutate()}
    >
      {cancel.error && <Failure error={cancel.error} />}
    </AlertDialog>
  )
}

const actions = { downloading: 'pause', checking: 'pause', paused: 'resume', failed: 'retry' } as const

/** An unfinished download: how far it is, how fast, and what can be done. */
export function DownloadRow({ download }: DownloadProps) {
  const t = useTranslations('library.download')
  const { id, name, state, error, done, bytes: all } = download
  const action = actions[state]
  const change = useMutation(changeDownloadMutation(id))
  return (
    <li className="grid gap-2 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <bdi dir="ltr" className="wrap-anywhere font-medium">
          {name}
        </bdi>
        <State quiet tone={tones[state]} pulse={tones[state] === 'busy'}>
          {t(`state.${state}`)}
        </State>
        <Progress download={download} />
        <span className="ms-auto flex gap-2">
          <Button
            size="sm"
            aria-label={t(`${action}Model`, { name })}
            busy={change.isPending}
            onClick={() => change.mutate({ change: action === 'pause' ? 'pause' : 'resume' })}
          >
            {t(action)}
          </Button>
          <CancelButton download={download} />
        </span>
      </div>
      <ProgressBar value={done} max={Math.max(1, all)} label={t('label', { name })} tone={tones[state]} />
      {error && (
        <p role="alert" className="wrap-anywhere text-bad text-meta">
          {error.message}
        </p>
      )}
      {change.error && <Failure error={change.error} />}
    </li>
  )
}
