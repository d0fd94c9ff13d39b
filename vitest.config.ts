import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const serverOnly = fileURLToPath(new URL('tests/support/server-only.ts', import.meta.url))

const project = (name: string, include: string, slow = false) => ({
  resolve: { alias: { 'server-only': serverOnly } },
  test: {
    name,
    include: [include],
    environment: 'node' as const,
    setupFiles: ['tests/support/quiet.ts'],
    testTimeout: slow ? 120_000 : 20_000,
    hookTimeout: slow ? 120_000 : 20_000,
    pool: 'forks' as const,
  },
})

export default defineConfig({
  test: {
    projects: [
      project('unit', 'tests/unit/**/*.test.ts'),
      project('api', 'tests/api/**/*.test.ts'),
      project('engine', 'tests/engine/**/*.test.ts', true),
      project('product', 'tests/product/**/*.test.ts', true),
      // Only `npm run test:long` waits for these.
      ...(process.env.LIMERICK_LONG ? [project('long', 'tests/long/**/*.test.ts', true)] : []),
    ],
  },
})
