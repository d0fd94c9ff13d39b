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

const trained = ({ runningAt, finishedAt }: JobDetail): string =>
  runningAt === null || finishedAt === null ? '–' : duration(finishedAt - runningAt)

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
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label={t('settings')}
          className="-outline-offset-2! overflow-x-auto rounded-b-lg"
        >
          <Table caption={t('settings')} className="overflow-visible!">
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
        </section>
      )}
    </Panel>
  )
}

/** What became of them, a run a row. */
export function ResultsTable({ runs }: ColumnsProps) {
  const t = useTranslations('runs.compare')
  const words = useTranslations('runs.compare.verdicts')
  return (
    <Panel aria-label={t('results')}>
      <PanelHead title={t('results')} />
      <Table caption={t('results')}>
        <thead>
          <tr>
            <Th>{t('run')}</Th>
            <Th>{t('verdict')}</Th>
            <Th align="end">{t('final')}</Th>
            <Th align="end">{t('best')}</Th>
            <Th align="end" className="hidden sm:table-cell">
              {t('time')}
            </Th>
            <Th align="end" className="hidden sm:table-cell">
              {t('cost')}
            </Th>
          </tr>
        </thead>
        <tbody>
          {runs.map((job) => (
            <Tr key={job.id}>
              <Td>
                <bdi>{runName(job)}</bdi> <span className="text-3">{job.number}</span>
              </Td>
              <Td quiet className="w-full whitespace-normal!">
                {words(job.diagnosis.kind)}
              </Td>
              <Td align="end">{fixed(job.lastLoss)}</Td>
              <Td align="end">{fixed(job.bestValid)}</Td>
              <Td align="end" className="hidden sm:table-cell">
                {trained(job)}
              </Td>
              <Td align="end" className="hidden sm:table-cell">
                {dollars(job.cost)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
