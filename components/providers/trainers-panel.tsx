'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { State } from '#components/ui/state.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import type { Tone } from '#components/ui/tone.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { helpAddress } from '#lib/help/pages.ts'
import { checkTrainersMutation, environmentMutation, trainersQuery } from '#lib/providers/queries.ts'
import type {
  Cluster,
  Device,
  EngineTrainer,
  Environment,
  TrainerProblem,
  Vllm,
} from '#lib/providers/trainers-schema.ts'

const Detail = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid gap-x-4 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
    <dt className="text-3">{name}</dt>
    <dd className="wrap-anywhere text-2">{children}</dd>
  </div>
)

function Gpu({ device }: { device: Device }) {
  const { bytes } = useFormat()
  const t = useTranslations('trainers')
  const { name, memory, free, capability, driver, idle } = device
  const facts = [
    free === null
      ? t('gpuAll', { name, memory: bytes(memory) })
      : t('gpuOf', { name, free: bytes(free), memory: bytes(memory) }),
    ...(capability === null ? [] : [t('capability', { capability })]),
    ...(driver === null ? [] : [t('driver', { driver })]),
  ]
  return (
    <li>
      {facts.map((fact) => (
        <span key={fact} className="not-first:before:content-['_·_']">
          <bdi>{fact}</bdi>
        </span>
      ))}
      {!idle && <span className="block text-meta text-warn">{t('busy')}</span>}
    </li>
  )
}

function Processor({ cpu: { threads, memory, free } }: Pick<EngineTrainer, 'cpu'>) {
  const { bytes } = useFormat()
  const t = useTranslations('trainers')
  return (
    <Detail name={t('processor')}>
      {t('processorOf', { threads, free: bytes(free), memory: bytes(memory) })}
    </Detail>
  )
}

function Methods({ methods }: Pick<EngineTrainer, 'methods'>) {
  const { list } = useFormat()
  const t = useTranslations('trainers')
  const able = methods.filter(({ missing }) => missing === null)
  return (
    <Detail name={t('methods')}>
      {list(able.map(({ name }) => t(`method.${name}`)))}
      {methods.map(
        ({ name, missing }) =>
          missing && (
            <span key={name} className="block text-3 text-meta">
              {t(`without.${missing}`, { method: t(`method.${name}`) })}
            </span>
          ),
      )}
    </Detail>
  )
}

/** What a ready trl trainer can use. */
function Ready({ trainer }: { trainer: EngineTrainer }) {
  const t = useTranslations('trainers')
  const { devices, cpu, bf16, methods, answers } = trainer
  return (
    <>
      <Detail name={t('gpu')}>
        {devices.length === 0 ? (
          t('noGpu')
        ) : (
          <ul>
            {devices.map((device) => (
              <Gpu key={`${device.name} ${device.memory} ${device.free}`} device={device} />
            ))}
          </ul>
        )}
      </Detail>
      {devices.length === 0 && <Processor cpu={cpu} />}
      <Detail name={t('numbers')}>{t(bf16 ? 'bf16' : 'float32')}</Detail>
      <Methods methods={methods} />
      {answers !== 'none' && <Detail name={t('answers')}>{t(`answersOf.${answers}`)}</Detail>}
    </>
  )
}

/** Name and version of each package, in one direction. */
function Versions({ versions }: Pick<EngineTrainer, 'versions'>) {
  const t = useTranslations('trainers')
  const all = Object.entries(versions)
  if (all.length === 0) return null
  return (
    <Detail name={t('versions')}>
      <bdi dir="ltr" className="text-meta">
        {all.map(([name, version]) => `${name} ${version}`).join(', ')}
      </bdi>
    </Detail>
  )
}

const KNOWN = ['driver', 'no_cuda', 'old_gpu', 'shared_memory'] as const

function Problem({ problem: { code, message, values } }: { problem: TrainerProblem }) {
  const t = useTranslations('trainers.problem')
  const known = KNOWN.find((one) => one === code)
  const { driver = '', newest = '', cuda = '', name = '', capability = '', megabytes = '' } = values
  return (
    <p className="text-warn">
      {known ? (
        t(known, { driver, newest, cuda, name, capability, megabytes })
      ) : (
        <bdi dir="ltr" lang="en">
          {message}
        </bdi>
      )}
    </p>
  )
}

const MAKE = 'python3 -m venv ~/trl'
const INSTALL = '~/trl/bin/pip install --require-hashes -r trainer/requirements.txt'
const START = 'LIMERICK_PYTHON=~/trl/bin/python npm start'

const COMMANDS: Partial<Record<EngineTrainer['state'], string>> = {
  unset: [MAKE, INSTALL, START].join('\n'),
  incomplete: INSTALL,
  broken: [INSTALL, START].join('\n'),
}

/** Makes the environment of trl on a click, which names its size. */
function MakeEnvironment({
  environment: { state, doing, problem, bytes: size },
}: {
  environment: Environment
}) {
  const { bytes } = useFormat()
  const t = useTranslations('trainers.environment')
  const change = useMutation(environmentMutation())
  if (state === 'making')
    return (
      <div className="grid justify-items-start gap-2">
        <State quiet tone="busy" pulse>
          {t('making')}
        </State>
        <p className="wrap-anywhere text-3 text-meta">
          <bdi dir="ltr" lang="en">
            {doing}
          </bdi>
        </p>
        <Button size="sm" busy={change.isPending} onClick={() => change.mutate('DELETE')}>
          {t('cancel')}
        </Button>
      </div>
    )
  return (
    <div className="grid justify-items-start gap-2">
      <p className="text-2">{t('offer')}</p>
      {problem && (
        <p className="wrap-anywhere text-bad text-meta">
          {t('failed')}{' '}
          <bdi dir="ltr" lang="en">
            {problem}
          </bdi>
        </p>
      )}
      {change.error && <Failure error={change.error} />}
      <Button size="sm" busy={change.isPending} onClick={() => change.mutate('POST')}>
        {t('make', { size: bytes(size) })}
      </Button>
    </div>
  )
}

/** What a person can do about a trainer that is not ready. */
function Help({ trainer: { state, problem, missing }, environment }: EntryProps) {
  const { list } = useFormat()
  const t = useTranslations('trainers.help')
  if (state === 'ready') return null
  if (state === 'unset' && environment.state !== 'given')
    return (
      <>
        <MakeEnvironment environment={environment} />
        {environment.state !== 'making' && (
          <details>
            <summary className="cursor-pointer text-2">{t('byHand')}</summary>
            <div className="mt-2 grid gap-2">
              <p className="text-2">{t('unset')}</p>
              <CodeBlock code={COMMANDS.unset ?? ''} label={t('commands')} />
            </div>
          </details>
        )}
      </>
    )
  const code = COMMANDS[state]
  return (
    <div className="grid gap-2">
      <p className="text-2">{t(state, { names: list(missing) })}</p>
      {state === 'broken' && problem && (
        <p className="wrap-anywhere text-bad text-meta">
          <bdi dir="ltr" lang="en">
            {problem}
          </bdi>
        </p>
      )}
      {code && <CodeBlock code={code} label={t('commands')} />}
    </div>
  )
}

const TONES: Record<EngineTrainer['state'], Tone> = {
  ready: 'ok',
  asking: 'busy',
  unset: 'mute',
  system: 'mute',
  incomplete: 'bad',
  broken: 'bad',
  version: 'bad',
}

interface EntryProps {
  trainer: EngineTrainer
  environment: Environment
}

interface EntryLayoutProps {
  name: string
  state: ReactNode
  what: string
  children: ReactNode
}

const EntryLayout = ({ name, state, what, children }: EntryLayoutProps) => (
  <li className="grid gap-x-6 gap-y-2 px-4 py-3 not-first:border-t sm:grid-cols-[minmax(12rem,1fr)_minmax(0,3fr)]">
    <div>
      <h3 className="font-medium">{name}</h3>
      {state}
      <p className="text-3 text-meta">{what}</p>
    </div>
    <div className="grid content-start gap-2">{children}</div>
  </li>
)

function Entry({ trainer, environment }: EntryProps) {
  const t = useTranslations('trainers')
  const { name, state, versions, problems, cpu, methods } = trainer
  return (
    <EntryLayout
      name={t(`name.${name}`)}
      state={
        <State quiet tone={TONES[state]} pulse={state === 'asking'}>
          {t(`state.${state}`)}
        </State>
      }
      what={t(`what.${name}`)}
    >
      {problems.map((problem) => (
        <Problem key={problem.message} problem={problem} />
      ))}
      <Help trainer={trainer} environment={environment} />
      <dl className="grid gap-1">
        {name === 'onnx' && (
          <>
            <Processor cpu={cpu} />
            <Methods methods={methods} />
          </>
        )}
        {name === 'trl' && state === 'ready' && <Ready trainer={trainer} />}
        <Versions versions={versions} />
      </dl>
    </EntryLayout>
  )
}

const CLUSTER_TONES: Record<Cluster['state'], Tone> = {
  ready: 'ok',
  asking: 'busy',
  offline: 'bad',
  refused: 'bad',
  answer: 'bad',
}

/** A Ray cluster of the user, and what it has. */
function ClusterEntry({ cluster }: { cluster: Cluster }) {
  const { list } = useFormat()
  const t = useTranslations('trainers')
  const { address, state, version, nodes, cpus, gpus, kinds } = cluster
  return (
    <EntryLayout
      name={t('name.ray')}
      state={
        <State quiet tone={CLUSTER_TONES[state]} pulse={state === 'asking'}>
          {t(`cluster.state.${state}`)}
        </State>
      }
      what={t('what.ray')}
    >
      {state !== 'ready' && <p className="text-2">{t(`cluster.help.${state}`)}</p>}
      <dl className="grid gap-1">
        <Detail name={t('cluster.address')}>
          <bdi dir="ltr">{address}</bdi>
        </Detail>
        {state === 'ready' && (
          <>
            <Detail name={t('cluster.has')}>{t('cluster.sum', { nodes, gpus, cpus })}</Detail>
            {kinds.length > 0 && (
              <Detail name={t('gpu')}>
                <bdi dir="ltr">{list(kinds)}</bdi>
              </Detail>
            )}
          </>
        )}
        <Versions versions={version === null ? {} : { ray: version }} />
      </dl>
    </EntryLayout>
  )
}

function NoCluster() {
  const t = useTranslations('trainers.cluster')
  return (
    <li className="border-t px-4 py-3 text-3 text-meta">
      {t('none')} <TextLink href={helpAddress('cluster')}>{t('how')}</TextLink>
    </li>
  )
}

const VLLM_TONES: Record<Vllm['state'], Tone> = { ready: 'ok', asking: 'busy', offline: 'bad' }

/** A vLLM server of the user, which answers in the engine's place. */
function VllmEntry({ vllm }: { vllm: Vllm }) {
  const { count, list } = useFormat()
  const t = useTranslations('trainers')
  const { address, state, bases, adapters, refused } = vllm
  return (
    <EntryLayout
      name={t('vllm.name')}
      state={
        <State quiet tone={VLLM_TONES[state]} pulse={state === 'asking'}>
          {t(`cluster.state.${state}`)}
        </State>
      }
      what={t('vllm.what')}
    >
      {state === 'offline' && <p className="text-2">{t('vllm.offline')}</p>}
      {refused.map((words) => (
        <p key={words} className="wrap-anywhere text-warn">
          {t('vllm.refused')}{' '}
          <bdi dir="ltr" lang="en">
            {words}
          </bdi>
        </p>
      ))}
      <dl className="grid gap-1">
        <Detail name={t('cluster.address')}>
          <bdi dir="ltr">{address}</bdi>
        </Detail>
        {state === 'ready' && (
          <>
            <Detail name={t('vllm.bases')}>
              <bdi dir="ltr">{list(bases)}</bdi>
            </Detail>
            <Detail name={t('vllm.adapters')}>{count(adapters.length)}</Detail>
          </>
        )}
      </dl>
    </EntryLayout>
  )
}

/** What the built-in engine trains and answers with, on which devices, and how to get more. */
export function TrainersPanel() {
  const { bytes } = useFormat()
  const t = useTranslations('trainers')
  const { data, error, refetch } = useQuery(trainersQuery())
  const check = useMutation(checkTrainersMutation())
  return (
    <Panel aria-labelledby="trainers">
      <PanelHead id="trainers" title={t('title')} meta={data && t('diskOf', { free: bytes(data.disk) })}>
        <Button
          size="sm"
          icon={<RefreshCw size={14} aria-hidden />}
          busy={check.isPending}
          busyLabel={t('checking')}
          onClick={() => check.mutate()}
        >
          {t('check')}
        </Button>
      </PanelHead>
      {(check.error ?? error) && !data && <Failure error={check.error ?? error} onRetry={() => refetch()} />}
      <ul aria-live="polite" className="min-h-32">
        {data?.data.map((trainer) => (
          <Entry key={trainer.name} trainer={trainer} environment={data.environment} />
        ))}
        {data?.cluster && <ClusterEntry cluster={data.cluster} />}
        {data && !data.cluster && <NoCluster />}
        {data?.vllm && <VllmEntry vllm={data.vllm} />}
      </ul>
    </Panel>
  )
}
