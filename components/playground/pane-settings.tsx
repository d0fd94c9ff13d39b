'use client'
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Popover } from '#components/ui/popover.tsx'
import { SamplingFields, Setting } from './sampling-fields.tsx'
import type { Board } from './use-board.ts'
import type { Place } from './use-panes.ts'

interface PaneSettingsProps {
  board: Board
  place: Place
  /** Examples can be had. */
  hasData: boolean
  disabled: boolean
}

/** What this pane is asked differently: examples in its prompt, and how it draws. */
export function PaneSettings({ board, place, hasData, disabled }: PaneSettingsProps) {
  const t = useTranslations('playground')
  const { id, fewShot, sampling } = place
  const change = board.panes.change
  const { temperature, topP, maxTokens, seed } = board.question
  const shared = { temperature, topP, maxTokens, seed }
  return (
    <Popover
      label={t('paneSettings')}
      trigger={
        <IconButton size="sm" label={t('paneSettings')} disabled={disabled}>
          <SlidersHorizontal size={14} aria-hidden />
        </IconButton>
      }
    >
      <div className="grid gap-2.5">
        <Setting
          name={t('fewShot')}
          className="w-20"
          min={0}
          max={64}
          fractionDigits={0}
          stepper
          disabled={!hasData}
          value={fewShot}
          onValueChange={(next) => change(id, { fewShot: next ?? 0 })}
        />
        <p className="text-3 text-meta">{t(hasData ? 'fewShotHint' : 'fewShotNone')}</p>
        <hr className="border-t" />
        {sampling === null ? (
          <Button size="sm" onClick={() => change(id, { sampling: shared })}>
            {t('ownSettings')}
          </Button>
        ) : (
          <>
            <SamplingFields
              value={sampling}
              onChange={(next) => change(id, { sampling: { ...sampling, ...next } })}
            />
            <Button size="sm" onClick={() => change(id, { sampling: null })}>
              {t('shareSettings')}
            </Button>
          </>
        )}
      </div>
    </Popover>
  )
}
