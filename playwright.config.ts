import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from './tests/support/chromium.ts'

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  // Each has a product and a browser of its own: while one waits for its training the other goes on.
  workers: 2,
  // A merge does not wait for a browser that hangs once in a thousand times: what passes only then is named as flaky.
  retries: process.env.CI ? 1 : 0,
  // ms. Only what hangs meets them: no machine is too slow for a test.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  use: {
    actionTimeout: 120_000,
    navigationTimeout: 120_000,
    launchOptions: { executablePath: chromiumPath(), args: CHROMIUM_ARGS },
    // A trace of every step is a quarter of a journey's work: `--trace on` makes one of a test that fails.
    screenshot: 'only-on-failure',
  },
})
