'use client'
import { useTranslations } from 'use-intl'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { type CodeLanguage, codeOf, type Target } from '#lib/jobs/request-code.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import type { ProviderWithHealth } from '#lib/providers/schema.ts'

/** Code reaches the embedded engine through this installation's own `/v1`. */
const targetOf = (provider: ProviderWithHealth | undefined): Target =>
  !provider || provider.id === 'embedded'
    ? { baseURL: `${globalThis.location?.origin ?? 'http://localhost:3000'}/v1`, keyName: 'LIMERICK_KEY' }
    : { baseURL: provider.address, keyName: 'OPENAI_API_KEY' }

const link = 'rounded-xs font-medium text-accent hover:underline'

interface FormCodeProps {
  language: CodeLanguage
  draft: JobDraft
  provider: ProviderWithHealth | undefined
  dataset: DatasetSummary | undefined
}

/** The same request as a program: it follows the form. */
export function FormCode({ language, draft, provider, dataset }: FormCodeProps) {
  const t = useTranslations('launch.code')
  const preference = dataset?.method === 'preference'
  const { training, validation } = draft
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={t('meta')} />
      <PanelBody className="grid gap-3">
        <p className="text-2">
          {t('files')}{' '}
          <a href={`/api/datasets/${training.datasetId}/export?split=train`} download className={link}>
            train.jsonl
          </a>
          {validation && (
            <>
              {', '}
              <a
                href={`/api/datasets/${validation.datasetId}/export?split=${validation.split}`}
                download
                className={link}
              >
                valid.jsonl
              </a>
            </>
          )}
        </p>
        <CodeBlock
          code={codeOf(language, { draft, target: targetOf(provider), preference })}
          label={t(language)}
        />
      </PanelBody>
    </Panel>
  )
}
