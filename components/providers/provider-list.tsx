'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { State } from '#components/ui/state.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { providerKind } from '#lib/providers/kinds.ts'
import type { Capabilities, ProviderId, ProviderWithHealth } from '#lib/providers/schema.ts'
import { BackoffNote } from './backoff-note.tsx'
import { ProviderActions } from './provider-actions.tsx'
import { useOwnName } from './use-provider-name.ts'

const NAMES = [
  'train',
  'preference',
  'events',
  'stepMetrics',
  'checkpoints',
  'chat',
  'deleteModels',
] as const satisfies readonly (keyof Capabilities)[]

const EXPLAINED = ['azure', 'nebius', 'together', 'fireworks'] as const

/** Which words say what a kind of provider does not offer, and why; null for one that offers what OpenAI does. */
function lacksOf(id: ProviderId): (typeof EXPLAINED)[number] | 'serving' | null {
  if (!capabilitiesOf(id).train) return 'serving'
  return EXPLAINED.find((kind) => kind === providerKind(id)) ?? null
}

const Detail = ({ name, wide, children }: { name: string; wide?: boolean; children: ReactNode }) => (
  <div className={cn('min-w-0', wide && 'sm:col-span-full')}>
    <dt className="text-3 text-micro">{name}</dt>
    <dd className="wrap-anywhere text-2">{children}</dd>
  </div>
)

function KeyWords({ id, keyEnd }: Pick<ProviderWithHealth, 'id' | 'keyEnd'>) {
  const t = useTranslations('providers')
  if (!keyEnd) return t(id === 'embedded' ? 'noKeyNeeded' : 'noKeySet')
  return t.rich('keyEnd', {
    end: () => (
      <bdi dir="ltr" className="font-mono text-meta">
        {keyEnd}
      </bdi>
    ),
  })
}

function Entry({ provider }: { provider: ProviderWithHealth }) {
  const { list } = useFormat()
  const t = useTranslations('providers')
  const say = useErrorWords()
  const nameOf = useOwnName()
  const { id, health, hold, address, keyEnd, capabilities } = provider
  const lacks = lacksOf(id)
  const can = NAMES.filter((one) => capabilities[one]).map((one) => t(`capability.${one}`))
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3 not-first:border-t sm:grid-cols-[minmax(12rem,1fr)_minmax(0,3fr)]">
      <div>
        <div className="flex items-center justify-between gap-2">
          <h3 className="min-w-0 font-medium wrap-anywhere">
            <bdi>{nameOf(provider)}</bdi>
          </h3>
          {provider.own && <ProviderActions provider={provider} />}
        </div>
        <p className="flex flex-wrap items-center gap-x-2">
          <State quiet tone={health.state}>
            {t(`state.${hold ? 'held' : health.state}`)}
          </State>
          {health.ms !== null && <span className="text-3 text-meta">{t('took', { ms: health.ms })}</span>}
        </p>
        {health.message && !hold && <p className="text-bad text-meta">{say(health)}</p>}
      </div>
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)_minmax(0,5fr)]">
        <Detail name={t('address')}>{id === 'embedded' ? t('here') : <bdi dir="ltr">{address}</bdi>}</Detail>
        <Detail name={t('key')}>
          <KeyWords id={id} keyEnd={keyEnd} />
        </Detail>
        <Detail name={t('can')}>{list(can)}</Detail>
        {lacks && (
          <Detail name={t('notOffered')} wide>
            {t(`lacks.${lacks}`)}
          </Detail>
        )}
      </dl>
      <BackoffNote provider={provider} />
    </li>
  )
}

/** Before it is known who answers: the built-in engine is always there. */
const Asked = () => (
  <div aria-hidden="true" className="grid gap-4 px-4 py-5 sm:grid-cols-[minmax(12rem,1fr)_minmax(0,3fr)]">
    <Skeleton className="w-28" />
    <Skeleton className="w-4/5" />
  </div>
)

interface ProviderListProps {
  /** undefined while they are asked. */
  providers: readonly ProviderWithHealth[] | undefined
}

/** The configured providers with their health and capabilities. */
export function ProviderList({ providers }: ProviderListProps) {
  if (!providers) return <Asked />
  return (
    <ul>
      {providers.map((provider) => (
        <Entry key={provider.id} provider={provider} />
      ))}
    </ul>
  )
}
