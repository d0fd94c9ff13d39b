'use client'
import { type ReactNode, useId } from 'react'
import { useTranslations } from 'use-intl'
import { NumberField, type NumberFieldProps } from '#components/ui/number-field.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { type TermName, Terms } from '#components/ui/terms.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Hyperparameters, JobDraft } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { AUTOMATIC_BETA, epochRuleOf, MAX_BETA, MAX_EPOCHS, resolve } from '#lib/training-data/plan.ts'
import type { Resolved } from '#lib/training-data/plan-schema.ts'
import type { FormFieldsProps } from './form-fields.tsx'
import type { Plan } from './form-plan.ts'

const columns = 'sm:grid-cols-[8.5rem_7rem_5rem_minmax(0,1fr)]'

interface SettingProps
  extends Pick<NumberFieldProps, 'value' | 'onValueChange' | 'min' | 'max' | 'step' | 'fractionDigits'> {
  label: string
  term?: TermName
  placeholder: string
  becomes: ReactNode
  why: ReactNode
  error?: string
}

function Setting({ label, term, becomes, why, error, ...field }: SettingProps) {
  const id = useId()
  return (
    <div
      className={`grid grid-cols-[8.5rem_minmax(0,1fr)] items-center gap-x-4 gap-y-1 px-4 py-1.5 ${columns}`}
    >
      <span className="flex items-center gap-2 font-medium">
        <label htmlFor={id}>{label}</label>
        {term && <Terms of={[term]} />}
      </span>
      <NumberField id={id} {...field} />
      <span className="col-start-2 tabular-nums max-sm:hidden sm:col-start-auto">{becomes}</span>
      <span className="col-start-2 text-3 text-meta sm:col-start-auto">
        <span className="text-2 tabular-nums sm:hidden">{becomes} · </span>
        {error ? (
          <span role="alert" className="text-bad">
            {error}
          </span>
        ) : (
          why
        )}
      </span>
    </div>
  )
}

function useWhy(rows: number) {
  const { fixed } = useFormat()
  const t = useTranslations('jobs.form')
  return (now: Resolved, auto: Resolved, digits: number) => {
    if (now.reason) return t(`reasons.${now.reason}`, { rows, seen: rows * now.value })
    return t('wouldBe', { value: fixed(auto.value, digits) })
  }
}

const AUTO: Hyperparameters = { nEpochs: 'auto', batchSize: 'auto', learningRateMultiplier: 'auto' }

const limits = {
  nEpochs: { min: 1, max: 50, step: 1, digits: 0 },
  batchSize: { min: 1, max: 256, step: 1, digits: 0 },
  learningRateMultiplier: { min: 0.01, max: 1000, step: 0.1, digits: 2 },
} as const satisfies Record<keyof Hyperparameters, object>

const names = { nEpochs: 'epochs', batchSize: 'batch', learningRateMultiplier: 'multiplier' } as const

const terms = { nEpochs: 'epoch', batchSize: 'batch', learningRateMultiplier: 'multiplier' } as const

interface HyperProps extends Pick<FormFieldsProps, 'draft' | 'change' | 'errors'> {
  plan: Plan | null
}

function Hyperparameter({ of, draft, change, errors, plan }: HyperProps & { of: keyof Hyperparameters }) {
  const { fixed } = useFormat()
  const t = useTranslations('jobs.form')
  const why = useWhy(plan?.rows ?? 0)
  const value = draft.hyperparameters[of]
  const { digits, ...limit } = limits[of]
  const isGuess = of === 'batchSize' && plan?.resolved[of].reason === 'own'
  const set = (next: number | null) =>
    change({ hyperparameters: { ...draft.hyperparameters, [of]: next ?? 'auto' } })
  return (
    <Setting
      label={t(names[of])}
      term={terms[of]}
      placeholder={t('auto')}
      value={value === 'auto' ? null : value}
      onValueChange={set}
      {...limit}
      becomes={plan ? (isGuess ? t('auto') : fixed(plan.resolved[of].value, digits)) : '–'}
      why={
        plan && why(plan.resolved[of], resolve(AUTO, plan.rows, epochRuleOf(draft.providerId))[of], digits)
      }
      error={errors[`hyperparameters.${of}`]}
    />
  )
}

/** Of training on preference pairs (DPO). */
function Beta({ draft, change, errors, plan }: HyperProps) {
  const t = useTranslations('jobs.form')
  const { fixed } = useFormat()
  const { beta, providerId } = draft
  if (plan?.dataset.method !== 'preference') return null
  // Other providers choose theirs, and do not say which.
  const auto = providerId === 'embedded' ? fixed(AUTOMATIC_BETA, 2) : t('auto')
  return (
    <Setting
      label={t('beta')}
      placeholder={t('auto')}
      value={beta}
      onValueChange={(next) => change({ beta: next })}
      min={0.01}
      max={MAX_BETA}
      step={0.05}
      becomes={beta === null ? auto : fixed(beta, 2)}
      why={beta === null ? t('betaMeaning') : t('wouldBe', { value: auto })}
      error={errors.beta}
    />
  )
}

function Seed({ draft, change, errors }: Pick<HyperProps, 'draft' | 'change' | 'errors'>) {
  const { count } = useFormat()
  const t = useTranslations('jobs.form')
  const { seed }: JobDraft = draft
  return (
    <Setting
      label={t('seed')}
      term="seed"
      placeholder={t('seedAny')}
      value={seed}
      onValueChange={(next) => change({ seed: next })}
      min={0}
      max={2_147_483_647}
      step={1}
      becomes={seed === null ? t('seedAny') : count(seed).replaceAll(',', '')}
      why={seed === null ? t('seedNone') : t('seedSet')}
      error={errors.seed}
    />
  )
}

/** The learning rate itself, where the provider takes no multiple of one; its default is its own. */
function LearningRate({ draft, change, errors }: Pick<HyperProps, 'draft' | 'change' | 'errors'>) {
  const t = useTranslations('jobs.form')
  const { learningRate } = draft
  return (
    <Setting
      label={t('rate')}
      placeholder={t('auto')}
      value={learningRate}
      onValueChange={(next) => change({ learningRate: next })}
      min={0.00000001}
      max={1}
      step={0.00001}
      fractionDigits={10}
      becomes={learningRate === null ? t('auto') : String(learningRate)}
      why={t(learningRate === null ? 'reasons.own' : 'rateMeaning')}
      error={errors.learningRate}
    />
  )
}

/** Early stopping; only where validation says when, and the provider can. */
function Patience({ draft, change, errors }: Pick<HyperProps, 'draft' | 'change' | 'errors'>) {
  const { count } = useFormat()
  const t = useTranslations('jobs.form')
  const { patience, validation, providerId } = draft
  if (validation === null || !capabilitiesOf(providerId).stopEarly) return null
  return (
    <Setting
      label={t('patience')}
      placeholder={t('patienceNone')}
      value={patience}
      onValueChange={(next) => change({ patience: next })}
      min={1}
      max={MAX_EPOCHS}
      step={1}
      becomes={patience === null ? t('patienceNone') : count(patience)}
      why={patience === null ? t('patienceOff') : t('patienceOn', { count: patience })}
      error={errors.patience}
    />
  )
}

/** Hyperparameters. An empty field shows the value it will get, and the rule behind it. */
export function FormHyper({ plan, ...form }: HyperProps) {
  const t = useTranslations('jobs.form')
  const heading = useId()
  return (
    <Panel aria-labelledby={heading} className="pb-1.5">
      <PanelHead id={heading} title={t('hyper')} />
      <div
        aria-hidden="true"
        className={`hidden gap-x-4 border-b px-4 py-2 text-3 text-micro sm:mb-1.5 sm:grid ${columns}`}
      >
        <span>{t('setting')}</span>
        <span>{t('value')}</span>
        <span>{t('becomes')}</span>
        <span>{t('why')}</span>
      </div>
      <Hyperparameter of="nEpochs" plan={plan} {...form} />
      <Hyperparameter of="batchSize" plan={plan} {...form} />
      {capabilitiesOf(form.draft.providerId).absoluteRate ? (
        <LearningRate {...form} />
      ) : (
        <Hyperparameter of="learningRateMultiplier" plan={plan} {...form} />
      )}
      <Beta plan={plan} {...form} />
      <Patience {...form} />
      <Seed {...form} />
    </Panel>
  )
}
