import type { Metadata } from 'next'
import { type Installation, SET } from '#components/settings/installation.ts'
import { SettingsPage } from '#components/settings/settings-page.tsx'
import { env } from '#lib/env.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { origin } from '../origin.ts'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('settings'))('title'),
})

/** What is in force; of a key only that it is there. */
function installation(): Installation {
  const {
    dataFolder,
    port,
    host,
    modelsFolder,
    memoryLimit,
    python,
    keyFile,
    openaiKey,
    openaiBaseUrl,
    hub,
    armEndpoint,
  } = env()
  const secret = (value: string | null) => (value === null ? null : SET)
  return {
    dataFolder,
    variables: [
      { name: 'PORT', value: String(port) },
      { name: 'LIMERICK_HOST', value: host },
      { name: 'LIMERICK_DATA', value: dataFolder },
      { name: 'LIMERICK_MODELS', value: modelsFolder },
      { name: 'LIMERICK_MEMORY', value: memoryLimit === null ? null : `${memoryLimit / 1e6} MB` },
      { name: 'LIMERICK_PYTHON', value: python },
      { name: 'LIMERICK_KEY_FILE', value: keyFile },
      { name: 'OPENAI_API_KEY', value: secret(openaiKey) },
      { name: 'OPENAI_BASE_URL', value: openaiBaseUrl },
      { name: 'HF_ENDPOINT', value: hub.endpoint },
      { name: 'HF_TOKEN', value: secret(hub.token) },
      { name: 'AZURE_ARM_ENDPOINT', value: armEndpoint },
    ],
  }
}

export default async function Settings() {
  // Must come first: it makes Next.js render the page per request, never at build time.
  await origin()
  return <SettingsPage installation={installation()} />
}
