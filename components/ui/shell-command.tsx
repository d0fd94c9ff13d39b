'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { CodeBlock } from './code-block.tsx'
import { Segmented } from './segmented.tsx'

type Shell = 'posix' | 'powershell' | 'cmd'

/** Environment variables and their values, as the user sets them. */
type Variables = Readonly<Record<string, string>>

const writers: Record<Shell, (variables: Variables) => string> = {
  posix: (variables) =>
    [...Object.entries(variables).map(([name, value]) => `${name}=${value}`), 'npm start'].join(
      Object.keys(variables).length > 1 ? ' \\\n  ' : ' ',
    ),
  powershell: (variables) =>
    [...Object.entries(variables).map(([name, value]) => `$env:${name} = '${value}'`), 'npm start'].join(
      '\n',
    ),
  cmd: (variables) =>
    [...Object.entries(variables).map(([name, value]) => `set "${name}=${value}"`), 'npm start'].join('\n'),
}

interface ShellCommandProps {
  variables: Variables
  label: string
  copyLabel?: string
}

/** Starts Limerick with settings, as each shell writes it. */
export function ShellCommand({ variables, label, copyLabel }: ShellCommandProps) {
  const t = useTranslations('ui.shells')
  const [shell, setShell] = useState<Shell>('posix')
  return (
    <div className="grid gap-1.5">
      <Segmented
        label={t('label')}
        value={shell}
        onValueChange={setShell}
        options={[
          { value: 'posix', label: t('posix') },
          { value: 'powershell', label: 'PowerShell' },
          { value: 'cmd', label: 'cmd' },
        ]}
        className="justify-self-start"
      />
      <CodeBlock code={writers[shell](variables)} label={label} copyLabel={copyLabel} />
    </div>
  )
}
