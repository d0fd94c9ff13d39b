import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from './tests/support/chromium.ts'

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  // Each has a product and a browser of its own: while one waits for its training the other goes on.
  workers: 2,
  // ms. Only a test that hangs meets them: no machine is too slow for a test.
  timeout: 1_800_000,
  expect: { timeout: 120_000 },
  use: {
    launchOptions: { executablePath: chromiumPath(), args: CHROMIUM_ARGS },
    // Without pictures of every moment, a seventh of a journey's work: a failure has its pages all the same.
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
})
