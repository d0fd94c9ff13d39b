import { fileURLToPath } from 'node:url'

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // The optimizer was the way in for two published remote executions; nothing here needs it.
  images: { unoptimized: true },
  // Types are checked by the tests; a person who only starts the product need not wait for it.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['onnxruntime-node', 'kysely', 'undici', '@zip.js/zip.js'],
  turbopack: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    // Reads texts that lib/i18n/compiled.ts has compiled; the usual one brings a parser into every page.
    resolveAlias: { 'use-intl/format-message': 'use-intl/format-message/format-only' },
  },
}
