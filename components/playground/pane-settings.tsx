'use client'
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Popover } from '#components/ui/popover.tsx'
import type { Sampling } from '#lib/playground/schema.ts'
import { SamplingFields, Setting } from './sampling-fields.tsx'
import type { Panes, Place } from './use-panes.ts'

interface PaneSettingsProps {
  place: Place
  /** Sampling settings for panes that do not override them. */
  shared: Sampling
  onChange: Panes['change']
  /** Whether training data is available for examples. */
  hasData: boolean
  disabled: boolean
}

/** Settings of one pane: examples in its prompt, and sampling. */
export function PaneSettings({ place, shared, onChange, hasData, disabled }: PaneSettingsProps) {
  const t = useTranslations('playground')
  const { id, fewShot, sampling } = place
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
          onValueChange={(next) => onChange(id, { fewShot: next ?? 0 })}
        />
        <p className="text-3 text-meta">{t(hasData ? 'fewShotHint' : 'fewShotNone')}</p>
        <hr className="border-t" />
        {sampling === null ? (
          <Button size="sm" onClick={() => onChange(id, { sampling: shared })}>
            {t('ownSettings')}
          </Button>
        ) : (
          <>
            <SamplingFields
              value={sampling}
              onChange={(next) => onChange(id, { sampling: { ...sampling, ...next } })}
            />
            <Button size="sm" onClick={() => onChange(id, { sampling: null })}>
              {t('shareSettings')}
            </Button>
          </>
        )}
      </div>
    </Popover>
  )
}
