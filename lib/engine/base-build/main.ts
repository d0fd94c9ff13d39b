/**
 * Builds a base model and, if told so, puts it in the place of the shipped one.
 * Usage: npm run base:build -- [--out FOLDER] [--seed N] [--minutes N] [--steps N] [--save-every SECONDS] [--short] [--install]
 */
import { copyFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { withCauses } from '#lib/core/errors.ts'
import { build, MODEL_FILES, WEIGHTS } from './build.ts'
import { SHIPPED, SHORT } from './recipe.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: path.join(tmpdir(), 'limerick-base') },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    steps: { type: 'string' },
    'save-every': { type: 'string' },
    short: { type: 'boolean', default: false },
    install: { type: 'boolean', default: false },
  },
})

const shipped = fileURLToPath(new URL('../base', import.meta.url))

async function run(): Promise<void> {
  const recipe = values.short ? SHORT : SHIPPED
  await build({
    folder: values.out,
    seed: Number(values.seed),
    recipe: values.steps ? { ...recipe, steps: Number(values.steps) } : recipe,
    minutes: values.minutes ? Number(values.minutes) : null,
    log: console.log,
    ...(values['save-every'] ? { saveEvery: Number(values['save-every']) } : {}),
  })
  if (values.install)
    for (const name of [...MODEL_FILES, WEIGHTS])
      copyFileSync(path.join(values.out, name), path.join(shipped, name))
}

await run().catch((thrown) => {
  console.error(withCauses(thrown))
  process.exitCode = 1
})
