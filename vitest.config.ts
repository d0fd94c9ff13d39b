import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const parts = fileURLToPath(new URL('node_modules/@base-ui/react', import.meta.url))
const serverOnly = fileURLToPath(new URL('tests/support/server-only.ts', import.meta.url))

/** ms. Only a test that hangs meets it: no machine is too slow for a test. */
const LIMIT = 1_200_000

const project = (name: string, include: string) => ({
  resolve: { alias: { 'server-only': serverOnly, '@base-ui/parts': parts } },
  test: {
    name,
    include: [include],
    environment: 'node' as const,
    setupFiles: ['tests/support/fail-on-console-error.ts'],
    testTimeout: LIMIT,
    hookTimeout: LIMIT,
    pool: 'forks' as const,
  },
})

export default defineConfig({
  test: {
    // While one waits for a process of its own the other goes on; left alone, two cores would run one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project('unit', 'tests/unit/**/*.test.ts'),
      project('api', 'tests/api/**/*.test.ts'),
      project('engine', 'tests/engine/**/*.test.ts'),
      project('product', 'tests/product/**/*.test.ts'),
      // Only where a known model is at hand: tests/real-model.
      ...(process.env.LIMERICK_REAL_MODEL ? [project('real-model', 'tests/real-model/**/*.test.ts')] : []),
      // Only `npm run test:long` waits for these.
      ...(process.env.LIMERICK_LONG ? [project('long', 'tests/long/**/*.test.ts')] : []),
    ],
  },
})
