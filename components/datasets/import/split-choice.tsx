'use client'
import { useTranslations } from 'use-intl'
import { RadioCards } from '#components/ui/radio-cards.tsx'
import type { Split } from '#lib/datasets/schema.ts'

/** `share`: most rows become training rows, and a random share is held out. */
type Choice = Split | 'same' | 'share'

export interface SplitChoiceProps<Value extends Choice> {
  value: Value
  options: readonly Value[]
  onValueChange: (value: Value) => void
}

/** The split for the imported rows. */
export function SplitChoice<Value extends Choice>({
  value,
  options,
  onValueChange,
}: SplitChoiceProps<Value>) {
  const t = useTranslations('imports.split')
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 font-medium">{t('label')}</legend>
      <RadioCards<Choice>
        label={t('label')}
        value={value}
        onValueChange={(choice) => onValueChange(choice as Value)}
        className="sm:grid-cols-1!"
        options={options.map((choice: Choice) => ({
          value: choice,
          label: t(choice),
          hint: t(`${choice}Hint`),
        }))}
      />
    </fieldset>
  )
}
