'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { usePrices } from '#components/providers/use-prices.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { costOf, trainingPrice } from '#lib/providers/prices.ts'
import { DataName } from '../data-name.tsx'
import { JobTags } from '../job-tags.tsx'

const Mono = ({ children }: { children: string }) => (
  <bdi dir="ltr" title={children} className="font-mono text-meta">
    {children}
  </bdi>
)

interface DataProps {
  id: string | null
  name: string | null
  file: string | null
  version?: JobDetail['datasetVersion']
}

/** A known dataset as a link to the version that was used; an unknown file by its id. */
function Data({ id, name, file, version = null }: DataProps) {
  const t = useTranslations('jobs.config')
  if (id !== null && name !== null) {
    return (
      <TextLink href={version ? `/datasets/${id}/versions#${version.id}` : `/datasets/${id}`}>
        <DataName name={name} version={version} />
      </TextLink>
    )
  }
  return file === null ? <span className="text-3">{t('none')}</span> : <TruncatedId id={file} />
}

function Cost({ job: { providerId, model, trainedTokens, status } }: { job: JobDetail }) {
  const { dollars } = useFormat()
  const t = useTranslations('jobs.config')
  const price = trainingPrice(usePrices(), providerId, model)
  if (price?.perMillion === 0) return t('here', { cost: dollars(0) })
  if (!price || (trainedTokens === null && status !== 'failed')) return '–'
  return t('about', { cost: dollars(costOf(price, trainedTokens ?? 0)) })
}

function Hyperparameters({ job: { hyperparameters, providerId } }: { job: JobDetail }) {
  const { count, fixed } = useFormat()
  const t = useTranslations('jobs.config')
  const { nEpochs, batchSize, learningRateMultiplier, learningRate, beta, auto } = hyperparameters
  const isAbsolute = capabilitiesOf(providerId).absoluteRate
  const isPreference = beta !== null || auto.includes('beta')
  const shown = [
    ['nEpochs', 'epochs', count(nEpochs)],
    ['batchSize', 'batch', count(batchSize)],
    isAbsolute
      ? (['learningRate', 'rate', learningRate === null ? '–' : String(learningRate)] as const)
      : (['learningRateMultiplier', 'multiplier', fixed(learningRateMultiplier, 1)] as const),
    ...(isPreference ? ([['beta', 'beta', fixed(beta)]] as const) : []),
  ] as const
  return shown.map(([name, label, value]) => (
    <Fact key={name} label={t(label)}>
      {(hyperparameters[name] !== null || !auto.includes(name)) && value}{' '}
      {auto.includes(name) && <span className="text-3">{t('auto')}</span>}
    </Fact>
  ))
}

const maybe = (label: string, value: string | null, shown: (value: string) => ReactNode) =>
  value !== null && <Fact label={label}>{shown(value)}</Fact>

/** What trains the job, on which device, and what that takes; the built-in trainer is not worth a word. */
function Run({ run, tokensPerSecond }: Pick<JobDetail, 'run' | 'tokensPerSecond'>) {
  const { bytes, count, list } = useFormat()
  const t = useTranslations('trainers')
  const speed = useTranslations('job')
  if (run === null) return null
  const { trainer, launcher, method, maxLength, devices, memory } = run
  const { estimate = null, measured = null } = memory ?? {}
  const name = t(`name.${launcher === 'ray' ? launcher : trainer}`)
  return (
    <>
      {trainer !== 'onnx' && (
        <>
          <Fact label={t('job.trainer')}>
            {devices.length === 0 ? name : t('job.trainerOn', { trainer: name, devices: list(devices) })}
          </Fact>
          <Fact label={t('job.method')}>{t(`method.${method}`)}</Fact>
        </>
      )}
      {maxLength !== null && <Fact label={t('job.maxLength')}>{t('job.tokens', { count: maxLength })}</Fact>}
      {trainer !== 'onnx' && tokensPerSecond !== null && (
        <Fact label={t('job.speed')}>{speed('speed', { tokens: count(Math.round(tokensPerSecond)) })}</Fact>
      )}
      {estimate !== null && (
        <Fact label={t('job.memory')}>
          {measured === null
            ? t('job.estimated', { estimate: bytes(estimate) })
            : t('job.measured', { measured: bytes(measured), estimate: bytes(estimate) })}
        </Fact>
      )}
    </>
  )
}

const shortId = (id: string) => <TruncatedId id={id} head={9} tail={4} />

/** Settings and usage of the job, always as the provider reports them. */
export function ConfigurationPanel({ job }: { job: JobDetail }) {
  const { count } = useFormat()
  const t = useTranslations('jobs')
  const nameOf = useProviderName()
  return (
    <Panel aria-label={t('config.title')}>
      <PanelHead title={t('config.title')} terms={['epoch', 'batch', 'multiplier', 'seed', 'token']}>
        {job.remoteId && (
          <TruncatedId id={job.remoteId} head={9} tail={3} copy copyLabel={t('config.copyId')} />
        )}
      </PanelHead>
      <Facts>
        <Fact label={t('config.provider')}>{nameOf(job.providerId)}</Fact>
        <Fact label={t('config.model')}>
          <Mono>{job.model}</Mono>
        </Fact>
        <Fact label={t('config.training')}>
          <Data
            id={job.datasetId}
            name={job.datasetName}
            version={job.datasetVersion}
            file={job.trainingFile}
          />
        </Fact>
        <Fact label={t('config.validation')}>
          <Data
            id={job.validationDatasetId}
            name={job.validationDatasetName}
            version={job.validationDatasetId === job.datasetId ? job.datasetVersion : null}
            file={job.validationFile}
          />
        </Fact>
        <Run run={job.run} tokensPerSecond={job.tokensPerSecond} />
        <Hyperparameters job={job} />
        {job.patience !== null && (
          <Fact label={t('config.patience')}>{t('config.patienceOf', { count: job.patience })}</Fact>
        )}
        <Fact label={t('config.seed')}>{job.seed ?? '–'}</Fact>
        <Fact label={t('config.tokens')}>{count(job.trainedTokens)}</Fact>
        <Fact label={t('config.cost')}>
          <Cost job={job} />
        </Fact>
        {job.datasetId !== null && maybe(t('page.trainingFile'), job.trainingFile, shortId)}
        {job.validationDatasetId !== null && maybe(t('page.validationFile'), job.validationFile, shortId)}
        {job.name && maybe(t('config.suffix'), job.suffix, (suffix) => <bdi>{suffix}</bdi>)}
        {job.resultFiles.map((file) => (
          <Fact key={file} label={t('page.resultFile')}>
            {shortId(file)}
          </Fact>
        ))}
      </Facts>
      {job.tags.length > 0 && (
        <div className="border-t px-4 py-3">
          <JobTags tags={job.tags} />
        </div>
      )}
      {job.providerRaw !== null && (
        <details className="border-t px-4 py-3 text-meta">
          <summary className="cursor-pointer font-medium">{t('config.raw')}</summary>
          <CodeBlock
            code={JSON.stringify(job.providerRaw, null, 2)}
            label={t('config.raw')}
            className="mt-2 max-h-96 overflow-auto"
          />
        </details>
      )}
      {job.note && (
        <p dir="auto" className="people-text border-t px-4 py-3 text-2">
          {job.note}
        </p>
      )}
    </Panel>
  )
}
