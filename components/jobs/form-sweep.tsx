'use client'
import { useId } from 'react'
import { useTranslations } from 'use-intl'
import { Chip } from '#components/ui/chip.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { combinationsOf, isValidSweep, type SweepValues } from '#lib/jobs/combinations.ts'
import { MOST_SWEPT } from '#lib/jobs/constants.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'

/** Values as they are typed. */
export interface SweepText {
  epochs: string
  rates: string
}

export const NO_SWEEP: SweepText = { epochs: '', rates: '' }

const numbersIn = (text: string): number[] =>
  text
    .split(/[\s,;،]/)
    .filter(Boolean)
    .map(Number)

const valuesOf = ({ epochs, rates }: SweepText): SweepValues => ({
  epochs: numbersIn(epochs),
  rates: numbersIn(rates),
})

/** What a sweep launches; null where nothing is varied, or the typed text is none. */
export function sweepOf(text: SweepText, { providerId }: JobDraft): SweepValues | null {
  const values = valuesOf(text)
  const count = combinationsOf(values).length
  return providerId === 'embedded' && isValidSweep(values) && count > 1 && count <= MOST_SWEPT ? values : null
}

/** Why a sweep cannot start; null if it can, or nothing is typed. */
export function sweepProblem(text: SweepText): 'values' | 'single' | 'many' | null {
  const values = valuesOf(text)
  if (values.epochs.length + values.rates.length === 0) return null
  if (!isValidSweep(values)) return 'values'
  const count = combinationsOf(values).length
  return count === 1 ? 'single' : count > MOST_SWEPT ? 'many' : null
}

interface FormSweepProps {
  draft: JobDraft
  text: SweepText
  onChange: (text: SweepText) => void
}

/** Several values of two settings: one job for each combination. At the built-in engine alone, which costs nothing. */
export function FormSweep({ draft, text, onChange }: FormSweepProps) {
  const t = useTranslations('launch.sweep')
  const { count } = useFormat()
  const heading = useId()
  if (draft.providerId !== 'embedded') return null
  const problem = sweepProblem(text)
  const values = sweepOf(text, draft)
  const field = (name: keyof SweepText, placeholder: string) => (
    <Field label={t(name)}>
      <Input
        mono
        dir="ltr"
        value={text[name]}
        onValueChange={(next) => onChange({ ...text, [name]: next })}
        placeholder={placeholder}
      />
    </Field>
  )
  return (
    <Panel aria-labelledby={heading}>
      <PanelHead id={heading} title={t('title')} meta={t('meta', { most: MOST_SWEPT })} />
      <PanelBody className="grid gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          {field('epochs', '5, 10, 20')}
          {field('rates', '0.5, 1, 2')}
        </div>
        {problem && (
          <p role="alert" className="text-bad text-meta">
            {t(`problem.${problem}`, { most: MOST_SWEPT })}
          </p>
        )}
        {values && (
          <ul className="flex flex-wrap gap-1.5" aria-label={t('jobs')}>
            {combinationsOf(values).map(({ epochs, rate }) => (
              <li key={`${epochs} ${rate}`}>
                <Chip>
                  {t('one', {
                    epochs: epochs === null ? 'none' : count(epochs),
                    rate: rate === null ? 'none' : String(rate),
                  })}
                </Chip>
              </li>
            ))}
          </ul>
        )}
      </PanelBody>
    </Panel>
  )
}
