'use client'
import { useTranslations } from 'use-intl'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { ShellCommand } from '#components/ui/shell-command.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { type Installation, SET } from './installation.ts'

const EXAMPLE = { PORT: '3001' }

/** What the environment sets, and how it is changed: only a new start reads it. */
export function EnvironmentPanel({ variables }: Pick<Installation, 'variables'>) {
  const t = useTranslations('settings.environment')
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={t('meta')} />
      <Table caption={t('title')} compact flow>
        <thead>
          <tr>
            <Th>{t('name')}</Th>
            <Th>{t('value')}</Th>
            <Th className="hidden sm:table-cell">{t('does')}</Th>
          </tr>
        </thead>
        <tbody>
          {variables.map(({ name, value }) => (
            <Tr key={name}>
              <Td className="whitespace-normal!">
                <bdi dir="ltr" className="font-mono text-meta">
                  {name}
                </bdi>
                <span className="block text-3 text-meta sm:hidden">{t(`meaning.${name}`)}</span>
              </Td>
              <Td className="max-w-80 whitespace-normal! [overflow-wrap:anywhere]">
                {value === null ? (
                  <span className="text-3">{t('unset')}</span>
                ) : (
                  <bdi dir="ltr" className="font-mono text-meta">
                    {value === SET ? t('set') : value}
                  </bdi>
                )}
              </Td>
              <Td quiet className="hidden sm:table-cell">
                {t(`meaning.${name}`)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <PanelBody className="grid gap-2 border-t">
        <h3 className="font-medium">{t('change')}</h3>
        <p className="max-w-[72ch] text-2">{t('changeMeaning')}</p>
        <ShellCommand variables={EXAMPLE} label={t('command')} />
      </PanelBody>
    </Panel>
  )
}
