'use client'
import { useTranslations } from 'use-intl'
import { useKeyLine } from '#components/shell/key-line.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { type CodeLanguage, codeOf, filesOf, type Target } from '#lib/jobs/request-code.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import type { ProviderWithHealth } from '#lib/providers/schema.ts'

/** Code reaches the built-in engine through the `/v1` of this installation. */
function targetOf(provider: ProviderWithHealth | null): Target {
  // Code is rendered only in the browser: the server renders the form instead.
  const { origin } = location
  return !provider || provider.id === 'embedded'
    ? { baseURL: `${origin}/v1`, keyName: 'LIMERICK_KEY', origin }
    : { baseURL: provider.address, keyName: 'OPENAI_API_KEY', origin }
}

/** The code has OpenAI's paths, below an address without a query. */
const speaksOpenAI = ({ capabilities, address }: ProviderWithHealth): boolean =>
  capabilities.openaiJobs && !address.includes('?')

interface FormCodeProps {
  language: CodeLanguage
  draft: JobDraft
  provider: ProviderWithHealth | null
  dataset: DatasetSummary | undefined
}

/** The same request as code; it follows the form. */
export function FormCode({ language, draft, provider, dataset }: FormCodeProps) {
  const t = useTranslations('launch.code')
  const target = targetOf(provider)
  const line = useKeyLine()
  const preference = dataset?.method === 'preference'
  if (provider && !speaksOpenAI(provider))
    return (
      <Panel aria-label={t('title')}>
        <PanelHead title={t('title')} />
        <PanelBody className="text-2">{t('own')}</PanelBody>
      </Panel>
    )
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={t('meta')} />
      <PanelBody className="grid gap-3">
        <p className="text-2">
          {t('files')}{' '}
          {filesOf(draft, target.origin).map(({ field, name, address }) => (
            <a
              key={field}
              href={address}
              download
              className="me-2 rounded-xs font-medium text-accent hover:underline"
            >
              {name}
            </a>
          ))}
        </p>
        <p className="text-2">{t('key', { name: target.keyName })}</p>
        {target.keyName === 'LIMERICK_KEY' && <CodeBlock code={line} label={t('keyLine')} />}
        <CodeBlock code={codeOf(language, { draft, target, preference })} label={t(language)} />
      </PanelBody>
    </Panel>
  )
}
