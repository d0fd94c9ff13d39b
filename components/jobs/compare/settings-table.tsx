'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import type { Series } from '#components/ui/series.ts'
import { Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { WideTable } from '#components/ui/wide-table.tsx'
import type { ComparedSetting, JobDetail } from '#lib/jobs/schema.ts'
import { jobName } from '../job-name.ts'
import { JobScore } from '../job-score.tsx'
import { JobTile } from '../job-tile.tsx'
import type { Compared } from './use-compared.ts'
import { useSay } from './use-say.ts'

/** ms */
const trained = ({ runningAt, finishedAt }: JobDetail): number | null =>
  runningAt === null || finishedAt === null ? null : finishedAt - runningAt

interface ColumnsProps {
  compared: readonly Compared[]
}

const Name = ({ one: { job, colour } }: { one: Compared }) => (
  <span className="inline-flex items-center gap-2">
    <JobTile number={job.number} series={colour as Series} />
    <span>
      <bdi>{jobName(job)}</bdi> <span className="font-normal text-3">{job.number}</span>
    </span>
  </span>
)

/** Settings of the jobs side by side; by default only the differences. */
export function SettingsTable({
  compared,
  settings,
}: ColumnsProps & { settings: readonly ComparedSetting[] }) {
  const t = useTranslations('jobList.compare')
  const words = useTranslations('jobList.compare.names')
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
        <WideTable label={t('settingsTable')} caption={t('settings')}>
          <thead>
            <tr>
              <Th>{t('setting')}</Th>
              {compared.map((one) => (
                <Th key={one.job.id} className="h-10! text-2!">
                  <Name one={one} />
                </Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, values, differs }) => (
              <Tr key={name}>
                <Td quiet>{words(name)}</Td>
                {values.map((value, index) => (
                  <Td key={compared[index]?.job.id} className={differs ? 'font-medium' : 'text-3'}>
                    <span dir="auto" title={String(value ?? '')} className="block max-w-44 truncate">
                      {say(name, value)}
                    </span>
                  </Td>
                ))}
              </Tr>
            ))}
          </tbody>
        </WideTable>
      )}
    </Panel>
  )
}

/** Results of the jobs, one row per job. */
export function ResultsTable({ compared }: ColumnsProps) {
  const { dollars, duration, fixed } = useFormat()
  const t = useTranslations('jobList.compare')
  const words = useTranslations('jobList.compare.verdicts')
  return (
    <Panel aria-label={t('results')}>
      <PanelHead title={t('results')} />
      <WideTable label={t('resultsTable')} caption={t('results')}>
        <thead>
          <tr>
            <Th>{t('run')}</Th>
            <Th>{t('verdict')}</Th>
            <Th align="end">{t('score')}</Th>
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
          {compared.map(({ job, colour }) => (
            <Tr key={job.id}>
              <Td className="font-medium">
                <Name one={{ job, colour }} />
              </Td>
              <Td quiet className="w-full whitespace-normal!">
                {words(job.diagnosis.kind)}
              </Td>
              <Td align="end">
                <JobScore score={job.score} />
              </Td>
              <Td align="end">{fixed(job.lastLoss)}</Td>
              <Td align="end">{fixed(job.bestValid)}</Td>
              <Td align="end" className="hidden sm:table-cell">
                {duration(trained(job))}
              </Td>
              <Td align="end" className="hidden sm:table-cell">
                {dollars(job.cost)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </WideTable>
    </Panel>
  )
}
