'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { count, dollars, duration, fixed } from '#components/ui/format.ts'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import type { ComparedSetting, JobDetail } from '#lib/jobs/schema.ts'
import { runName } from '../run-name.ts'

type Value = ComparedSetting['values'][number]

const COUNTED = new Set(['trainRows', 'nEpochs', 'batchSize', 'totalSteps', 'trainedTokens'])

function useSay() {
  const t = useTranslations('jobs.page.provider')
  return (name: ComparedSetting['name'], value: Value): string => {
    if (value === null || value === '') return '–'
    if (name === 'provider') return t(value as 'embedded')
    if (name === 'model') return shortName(String(value))
    if (typeof value !== 'number') return value
    return COUNTED.has(name) ? count(value) : String(value)
  }
}

interface ColumnsProps {
  runs: readonly JobDetail[]
}

const Heads = ({ runs }: ColumnsProps) => (
  <>
    {runs.map((job) => (
      <Th key={job.id}>
        <bdi>{runName(job)}</bdi> {job.number}
      </Th>
    ))}
  </>
)

/** What the runs were given, side by side; at first only what differs. */
export function SettingsTable({ runs, settings }: ColumnsProps & { settings: readonly ComparedSetting[] }) {
  const t = useTranslations('runs.compare')
  const words = useTranslations('runs.compare.names')
  const [all, setAll] = useState(false)
  const say = useSay()
  const shown = settings.filter(({ differs }) => all || differs)
  return (
    <Panel aria-label={t('settings')}>
      <PanelHead title={t('settings')}>
        <Segmented
          label={t('settings')}
          value={all ? 'all' : 'different'}
          onValueChange={(which) => setAll(which === 'all')}
          options={[
            { value: 'different', label: t('onlyDifferences') },
            { value: 'all', label: t('all') },
          ]}
        />
      </PanelHead>
      {shown.length === 0 ? (
        <p className="px-4 py-4 text-3">{t('none')}</p>
      ) : (
        <Table caption={t('settings')}>
          <thead>
            <tr>
              <Th>{t('setting')}</Th>
              <Heads runs={runs} />
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, values, differs }) => (
              <Tr key={name}>
                <Td quiet>{words(name)}</Td>
                {values.map((value, index) => (
                  <Td key={runs[index]?.id} className={differs ? 'font-medium' : 'text-3'}>
                    <span dir="auto" title={String(value ?? '')} className="block max-w-56 truncate">
                      {say(name, value)}
                    </span>
                  </Td>
                ))}
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  )
}

/** What became of them. */
export function ResultsTable({ runs }: ColumnsProps) {
  const t = useTranslations('runs.compare')
  const words = useTranslations('runs.compare.verdicts')
  const rows: readonly (readonly [string, (job: JobDetail) => string])[] = [
    ['verdict', (job) => words(job.diagnosis.kind)],
    ['final', (job) => fixed(job.lastLoss)],
    ['best', (job) => fixed(job.bestValid)],
    [
      'time',
      ({ runningAt, finishedAt }) =>
        runningAt === null || finishedAt === null ? '–' : duration(finishedAt - runningAt),
    ],
    ['cost', (job) => dollars(job.cost)],
  ]
  return (
    <Panel aria-label={t('results')}>
      <PanelHead title={t('results')} />
      <Table caption={t('results')}>
        <thead>
          <tr>
            <Th>
              <span className="sr-only">{t('results')}</span>
            </Th>
            <Heads runs={runs} />
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, read]) => (
            <Tr key={name}>
              <Td quiet>{t(name as 'final')}</Td>
              {runs.map((job) => (
                <Td key={job.id}>{read(job)}</Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
