'use client'
import { useTranslations } from 'use-intl'
import { NumberField, type NumberFieldProps } from '#components/ui/number-field.tsx'
import { type TermName, Terms } from '#components/ui/terms.tsx'
import { MOST_SAMPLES } from '#lib/playground/constants.ts'
import type { Sampling } from '#lib/playground/schema.ts'

interface SamplingFieldsProps {
  value: Sampling
  onChange: (change: Partial<Sampling>) => void
}

/** A number field with its label in front. */
export const Setting = ({ name, term, ...field }: { name: string; term?: TermName } & NumberFieldProps) => (
  <span className="flex items-center justify-between gap-2 text-meta">
    <span className="flex items-center gap-1.5 text-3">
      <span aria-hidden="true">{name}</span>
      {term && <Terms of={[term]} />}
    </span>
    <NumberField size="sm" aria-label={name} {...field} />
  </span>
)

/** Number of answers per pane, to see how much they differ. */
export function SamplesField({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const t = useTranslations('playground')
  return (
    <Setting
      name={t('samples')}
      className="w-14"
      min={1}
      max={MOST_SAMPLES}
      fractionDigits={0}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
    />
  )
}

/** Sampling settings; an empty field uses the provider's default. */
export function SamplingFields({ value, onChange }: SamplingFieldsProps) {
  const t = useTranslations('playground')
  return (
    <>
      <Setting
        name={t('temperature')}
        term="temperature"
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
        term="topP"
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
        term="token"
        className="w-20"
        min={1}
        max={32_768}
        fractionDigits={0}
        value={value.maxTokens}
        onValueChange={(maxTokens) => maxTokens !== null && onChange({ maxTokens })}
      />
      <Setting
        name={t('seed')}
        term="seed"
        className="w-24"
        min={0}
        max={2_147_483_647}
        fractionDigits={0}
        placeholder={t('random')}
        value={value.seed}
        onValueChange={(seed) => onChange({ seed })}
      />
    </>
  )
}
