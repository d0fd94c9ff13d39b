import { fileURLToPath } from 'node:url'

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // The optimizer was the way in for two published remote executions; nothing here needs it.
  images: { unoptimized: true },
  serverExternalPackages: ['onnxruntime-node', 'kysely'],
  turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) },
}
