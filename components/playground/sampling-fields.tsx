'use client'
import { useTranslations } from 'use-intl'
import { NumberField, type NumberFieldProps } from '#components/ui/number-field.tsx'
import type { Sampling } from '#lib/playground/schema.ts'

interface SamplingFieldsProps {
  value: Sampling
  onChange: (change: Partial<Sampling>) => void
}

/** A number with its name before it. */
const Setting = ({ name, ...field }: { name: string } & NumberFieldProps) => (
  <span className="flex items-center gap-2 text-meta">
    <span aria-hidden="true" className="text-3">
      {name}
    </span>
    <NumberField size="sm" aria-label={name} {...field} />
  </span>
)

/** How answers are drawn; an empty field leaves it to the provider. */
export function SamplingFields({ value, onChange }: SamplingFieldsProps) {
  const t = useTranslations('playground')
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t px-4 py-2">
      <span className="hidden w-16 shrink-0 text-3 text-meta sm:-me-1 sm:block">{t('settings')}</span>
      <Setting
        name={t('temperature')}
        className="w-16"
        min={0}
        max={2}
        step={0.1}
        placeholder={t('modelDefault')}
        value={value.temperature}
        onValueChange={(temperature) => onChange({ temperature })}
      />
      <Setting
        name={t('topP')}
        className="w-16"
        min={0}
        max={1}
        step={0.05}
        placeholder={t('modelDefault')}
        value={value.topP}
        onValueChange={(topP) => onChange({ topP })}
      />
      <Setting
        name={t('maxTokens')}
        className="w-20"
        min={1}
        max={32_768}
        fractionDigits={0}
        value={value.maxTokens}
        onValueChange={(maxTokens) => maxTokens !== null && onChange({ maxTokens })}
      />
      <Setting
        name={t('seed')}
        className="w-24"
        min={0}
        max={2_147_483_647}
        fractionDigits={0}
        placeholder={t('random')}
        value={value.seed}
        onValueChange={(seed) => onChange({ seed })}
      />
    </div>
  )
}
