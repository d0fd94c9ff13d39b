'use client'
import { type ReactNode, useId } from 'react'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import type { Plan } from './form-plan.ts'
import type { DraftEstimate } from './form-trade-off.tsx'
import { about } from './format-eta.ts'

const strong = 'font-semibold [overflow-wrap:anywhere]'

const marks = {
  b: (words: ReactNode) => <b className={strong}>{words}</b>,
  id: (words: ReactNode) => (
    <bdi dir="ltr" className={strong}>
      {words}
    </bdi>
  ),
  name: (words: ReactNode) => <bdi className={strong}>{words}</bdi>,
}

/** Price certainty: free on this computer, published, or unknown. */
function costKind({ cost, price }: Plan) {
  if (cost === null) return 'unknown'
  return price?.perMillion ? 'about' : 'exact'
}

function Sentence({ draft, plan, estimate }: { draft: JobDraft; plan: Plan; estimate: DraftEstimate }) {
  const format = useFormat()
  const { count, dollars } = format
  const t = useTranslations('jobs.form')
  return t.rich('sentence', {
    ...marks,
    model: shortName(draft.model),
    dataset: plan.dataset.name,
    rows: plan.rows,
    tokens: count(plan.tokens),
    epochs: plan.resolved.nEpochs.value,
    steps: plan.steps,
    price: costKind(plan),
    cost: dollars(plan.cost),
    kept: plan.kept,
    time: estimate.seconds === null ? 'none' : about(estimate.seconds, format),
  })
}

/** The whole job in one sentence, before the request is sent. */
export function FormSentence({
  draft,
  plan,
  estimate,
}: {
  draft: JobDraft
  plan: Plan | null
  estimate: DraftEstimate
}) {
  const t = useTranslations('jobs.form')
  const whole = plan && draft.model ? plan : null
  return (
    <Panel aria-label={t('summary')}>
      <PanelBody className="sm:px-5 sm:py-4">
        <p aria-live="polite" className={whole ? 'text-sentence' : 'text-3'}>
          {whole ? <Sentence draft={draft} plan={whole} estimate={estimate} /> : t('incomplete')}
        </p>
      </PanelBody>
    </Panel>
  )
}

const Working = ({ children }: { children: ReactNode }) => (
  <span className="block text-3 text-meta">{children}</span>
)

function usePriceWords({ cost, price }: Plan): string {
  const { dollars } = useFormat()
  const t = useTranslations('jobs.form')
  if (!price || cost === null) return t('priceUnknown')
  if (price.perMillion === 0) return t('priceHere')
  return t('pricePer', { price: dollars(price.perMillion), asOf: price.asOf })
}

/** The calculation behind the sentence. */
export function FormSums({ plan }: { plan: Plan }) {
  const { count, dollars } = useFormat()
  const t = useTranslations('jobs.form')
  const heading = useId()
  const { nEpochs, batchSize } = plan.resolved
  return (
    <Panel aria-labelledby={heading}>
      <PanelHead id={heading} title={t('sums')} />
      <Facts>
        <Fact label={t('steps')}>
          {count(plan.steps)}
          <Working>
            {t('stepsOf', { rows: plan.rows, batch: batchSize.value, epochs: nEpochs.value })}
          </Working>
        </Fact>
        <Fact label={t('billed')}>
          {count(plan.billed)}
          <Working>{t('billedOf', { tokens: count(plan.tokens), epochs: nEpochs.value })}</Working>
        </Fact>
        <Fact label={t('price')}>
          {dollars(plan.cost)}
          <Working>{usePriceWords(plan)}</Working>
        </Fact>
        <Fact label={t('validation')}>
          {plan.validation
            ? t('validationOf', { count: plan.validation.examples })
            : t('validationNone').toLowerCase()}
        </Fact>
      </Facts>
    </Panel>
  )
}
