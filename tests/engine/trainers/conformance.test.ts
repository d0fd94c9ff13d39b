/**
 * What every trainer of `limerick.run/1` has to do, by the modules that the engine uses: the fake one always, and
 * `python -m limerick_trainer` where LIMERICK_PYTHON names an interpreter.
 */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import type { RunLine, RunSpec } from '#lib/engine/trainers/contract.ts'
import { followLines } from '#lib/engine/trainers/follow.ts'
import {
  type Command,
  type Ended,
  endOf,
  type Launcher,
  localLauncher,
} from '#lib/engine/trainers/launcher.ts'
import { trlCommand } from '#lib/engine/trainers/python.ts'
import {
  askToStop,
  forgetStop,
  isComplete,
  type RunFolder,
  readClaim,
  runFolder,
  writeRun,
} from '#lib/engine/trainers/run-folder.ts'
import { specOf } from '#lib/engine/trainers/spec.ts'
import { limericks, until } from '#tests/support/engine.ts'
import { hasSmallDisks, type SmallDisk, smallDisk } from '#tests/support/small-disk.ts'

const python = process.env.LIMERICK_PYTHON
const base = fileURLToPath(new URL('../../../lib/engine/base', import.meta.url))
const fake = fileURLToPath(new URL('../../support/fake-trainer.ts', import.meta.url))

/** ms of a step of the fake trainer. */
const STEP = 10

interface Subject {
  name: string
  command: (run: RunFolder, env?: Record<string, string>) => Command
}

const subjects: Subject[] = [
  {
    name: 'the fake trainer',
    command: (run, env = {}) => ({
      argv: [process.execPath, fake, 'train', run.root],
      env: { FAKE_STEP: String(STEP), ...env },
      yields: false,
    }),
  },
]
if (python)
  subjects.push({
    name: 'limerick_trainer',
    command(run, more = {}) {
      const { argv, env } = trlCommand(python, run, { devices: [], threads: 1 })
      return { argv, env: { ...env, ...more }, yields: false }
    },
  })

const ROWS = 6
const BATCH = 2
const PER_EPOCH = ROWS / BATCH
/** Longer than any test waits: what is stopped or killed here cannot end by itself. */
const LONG = 400

const folders: string[] = []
const begun: [Launcher, RunFolder][] = []
afterEach(() => {
  for (const [launcher, run] of begun.splice(0)) launcher.kill(run)
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-run-'))
  folders.push(folder)
  return folder
}

const SPEC: RunSpec = specOf(
  {
    ...{ kind: 'train', base, folder: '', training: '', validation: '', method: 'lora', preference: null },
    ...{ epochs: 2, batchSize: BATCH, learningRate: 1e-3, weightDecay: 0, patience: null, seed: 7 },
    ...{ date: 0, threads: 1, memoryLimit: null },
  },
  {
    ...{ job: 'ftjob-test', start_adapter: null, context: 512, devices: 0, bf16: false, quantization: null },
    base: { folder: base, name: 'limerick-base', revision: null, fingerprint: null },
  },
)

/** A run folder as the engine lays it down. @param more of the spec, whatever its names */
async function lay(more: object = {}, inside = newFolder()): Promise<RunFolder> {
  const run = runFolder(path.join(inside, 'run'))
  const files = { training: path.join(inside, 'a.jsonl'), validation: path.join(inside, 'b.jsonl') }
  writeFileSync(files.training, `${limericks(ROWS).join('\n')}\n`)
  writeFileSync(files.validation, `${limericks(2).join('\n')}\n`)
  await writeRun(run, { ...SPEC, ...more }, files)
  return run
}

async function start(subject: Subject, run: RunFolder, env?: Record<string, string>): Promise<Launcher> {
  const launcher = localLauncher()
  begun.push([launcher, run])
  await launcher.start(run, subject.command(run, env))
  return launcher
}

const over = (launcher: Launcher, run: RunFolder): Promise<Ended> =>
  until('the end of the trainer', async () => endOf(await launcher.state(run)))

/** All whole lines that are there. */
async function linesOf(run: RunFolder): Promise<RunLine[]> {
  const lines = []
  for await (const line of followLines(run.events, 0, AbortSignal.abort())) lines.push(line)
  return lines
}

const reached = (run: RunFolder, step: number) =>
  until(`step ${step}`, async () => {
    const lines = await linesOf(run)
    const [failed] = of(lines, 'failed')
    if (failed) throw new Error(failed.message)
    return of(lines, 'step').some((line) => line.step >= step)
  })

const of = <Kind extends RunLine['kind']>(lines: RunLine[], kind: Kind) =>
  lines.filter((line): line is Extract<RunLine, { kind: Kind }> => line.kind === kind)

/** Steps of the complete states, newest first. */
const statesOf = ({ root }: RunFolder): number[] =>
  readdirSync(path.join(root, 'state'))
    .filter((name) => /^checkpoint-\d+$/.test(name))
    .filter((name) => existsSync(path.join(root, 'state', name, 'COMPLETE')))
    .map((name) => Number(name.split('-')[1]))
    .sort((a, b) => b - a)

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** Runs it to its end, once. */
async function ran(subject: Subject, run: RunFolder, env?: Record<string, string>) {
  const { code } = await over(await start(subject, run, env), run)
  return { code, lines: await linesOf(run) }
}

describe.each(subjects)('$name', (subject) => {
  test('tells a whole training in order, without a gap, and leaves complete checkpoints', async () => {
    const run = await lay()
    const { code, lines } = await ran(subject, run)
    expect(of(lines, 'failed')).toEqual([])
    expect(code).toBe(0)
    expect(lines.map(({ seq }) => seq)).toEqual(range(1, lines.length))
    expect(
      lines.filter(({ kind }) => /^(hello|prepared|started|done|failed)$/.test(kind)).map(({ kind }) => kind),
    ).toEqual(['hello', 'prepared', 'started', 'done'])
    const steps = of(lines, 'step')
    expect(steps.map(({ step }) => step)).toEqual(range(1, 2 * PER_EPOCH))
    for (const { totalSteps, rows, metrics } of steps) {
      expect(totalSteps).toBe(2 * PER_EPOCH)
      expect(rows).toHaveLength(BATCH)
      expect(metrics.trainLoss).toBeGreaterThan(0)
    }
    expect(new Set(steps.slice(0, PER_EPOCH).flatMap(({ rows }) => rows))).toEqual(
      new Set(range(0, ROWS - 1)),
    )
    const checkpoints = of(lines, 'checkpoint')
    expect(checkpoints.map(({ step, folder }) => [step, folder])).toEqual(
      [PER_EPOCH, 2 * PER_EPOCH].map((step) => [step, `checkpoint-${step}`]),
    )
    for (const { folder, metrics } of checkpoints) {
      expect(metrics.fullValidLoss).toBeGreaterThan(0)
      expect(await isComplete(path.join(run.root, folder))).toBe(true)
      expect(readdirSync(path.join(run.root, folder))).toEqual(
        expect.arrayContaining(['adapter_config.json', 'adapter_model.safetensors']),
      )
    }
    expect(lines.at(-1)).toMatchObject({ kind: 'done', step: 2 * PER_EPOCH })
    expect(of(lines, 'done')[0]?.trainedTokens).toBeGreaterThan(0)
  })

  test.each([
    ['an unknown key of the spec', { colour: 'blue' }],
    ['a newer contract', { contract: 'limerick.run/2' }],
  ])('refuses %s before it reads a weight', async (_, more) => {
    const { code, lines } = await ran(subject, await lay(more))
    expect(code).toBe(10)
    expect(lines.at(-1)).toMatchObject({ kind: 'failed', code: 'contract' })
    expect(of(lines, 'prepared')).toEqual([])
  })

  test('stops without keeping anything', async () => {
    const run = await lay({ epochs: LONG })
    const launcher = await start(subject, run)
    await reached(run, 1)
    askToStop(run, false)
    expect((await over(launcher, run)).code).toBe(0)
    expect((await linesOf(run)).at(-1)?.kind).toBe('stopped')
  })

  test('stops, keeps its step, and goes on from there', async () => {
    const run = await lay({ epochs: LONG })
    const launcher = await start(subject, run)
    await reached(run, PER_EPOCH + 1)
    askToStop(run, true)
    expect((await over(launcher, run)).code).toBe(0)
    const lines = await linesOf(run)
    expect(lines.at(-1)?.kind).toBe('stopped')
    const at = of(lines, 'stopped')[0]?.step ?? 0
    expect(of(lines, 'checkpoint').at(-1)?.step).toBe(at)
    expect(await isComplete(path.join(run.root, `checkpoint-${at}`))).toBe(true)

    forgetStop(run)
    await launcher.start(run, subject.command(run))
    await reached(run, at + 1)
    launcher.kill(run)
    await over(launcher, run)
    const more = (await linesOf(run)).slice(lines.length)
    expect(of(more, 'started')[0]?.step).toBe(at)
    expect(of(more, 'checkpoint')[0]?.step).toBe(at) // told again: it might have been killed before it told
    expect(of(more, 'step')[0]?.step).toBe(at + 1)
  })

  test('SIGTERM is a stop that keeps nothing', async () => {
    const run = await lay({ epochs: LONG })
    const launcher = await start(subject, run)
    await reached(run, 1)
    process.kill(readClaim(run)?.pid ?? 0, 'SIGTERM')
    expect((await over(launcher, run)).code).toBe(0)
    expect((await linesOf(run)).at(-1)?.kind).toBe('stopped')
  })

  test('killed in the middle of a line, it cuts that line off and goes on from its last complete state', async () => {
    const run = await lay({ epochs: 12 })
    const launcher = await start(subject, run)
    await reached(run, PER_EPOCH + 1)
    launcher.kill(run)
    expect(await over(launcher, run)).toMatchObject({ code: null, reason: 'SIGKILL' })
    const before = await linesOf(run)
    const [newest] = statesOf(run)
    appendFileSync(run.events, '{"v":1,"seq":99,"kind":"st')

    await launcher.start(run, subject.command(run))
    expect((await over(launcher, run)).code).toBe(0)
    const lines = await linesOf(run)
    expect(lines.map(({ seq }) => seq)).toEqual(range(1, lines.length))
    expect(lines.slice(0, before.length)).toEqual(before)
    const [started] = of(lines.slice(before.length), 'started')
    expect(started?.step).toBe(newest)
    expect(newest).toBeGreaterThanOrEqual(of(before, 'checkpoint').at(-1)?.step ?? Infinity)
    expect(lines.at(-1)).toMatchObject({ kind: 'done', step: 12 * PER_EPOCH })
  })

  test('a state without COMPLETE does not exist', async () => {
    const run = await lay({ epochs: LONG })
    const launcher = await start(subject, run)
    await reached(run, 2 * PER_EPOCH + 1)
    launcher.kill(run)
    await over(launcher, run)
    const [newest, older] = statesOf(run)
    rmSync(path.join(run.root, 'state', `checkpoint-${newest}`, 'COMPLETE'))
    const before = (await linesOf(run)).length
    await launcher.start(run, subject.command(run))
    const started = await until('its start', async () => of((await linesOf(run)).slice(before), 'started')[0])
    expect(started.step).toBe(older)
  })

  test('after memory ran out it asks to be run again, and goes on with fewer rows at once', async () => {
    const run = await lay()
    const env = { LIMERICK_TRAINER_FAULT: 'oom:2' }
    const first = await ran(subject, run, env)
    expect(first.code).toBe(75)
    expect(first.lines.at(-1)).toMatchObject({ kind: 'again', code: 'oom' })
    expect(of(first.lines, 'notice')).toContainEqual(expect.objectContaining({ code: 'oom' }))
    const last = await until('an end that is no "again"', async () => {
      const { code, lines } = await ran(subject, run, env)
      return code !== 75 && lines
    })
    expect(last.map(({ seq }) => seq)).toEqual(range(1, last.length))
    expect(last.at(-1)).toMatchObject({ kind: 'done', step: 2 * PER_EPOCH })
  })

  test('outlives the engine that started it, is found again, and is never there twice', async () => {
    const run = await lay({ epochs: LONG })
    await start(subject, run)
    await reached(run, 1)
    const next = localLauncher()
    expect(await next.state(run)).toBe('running')
    const by = readClaim(run)
    await next.start(run, subject.command(run))
    expect(readClaim(run)).toEqual(by)
    const seen = (await linesOf(run)).length
    for await (const line of followLines(run.events, seen, new AbortController().signal)) {
      expect(line.seq).toBe(seen + 1)
      break
    }
    next.kill(run)
    expect(await over(next, run)).toMatchObject({ code: null })
    expect(of(await linesOf(run), 'hello')).toHaveLength(1)
  })

  test('ends when nobody wants its run any more', async () => {
    const run = await lay({ epochs: LONG })
    const launcher = await start(subject, run)
    await reached(run, 1)
    rmSync(run.spec)
    expect((await over(launcher, run)).reason).not.toContain('SIGKILL')
  })

  test.runIf(hasSmallDisks())('says so when the disk is full', async () => {
    const disk: SmallDisk = await smallDisk(256 << 20)
    try {
      const run = await lay({ epochs: LONG }, disk.outside)
      const command = subject.command(runFolder(path.join(disk.folder, 'run')))
      const launcher = localLauncher()
      begun.push([launcher, run])
      await launcher.start(run, { ...command, argv: [...disk.through, ...command.argv] })
      await reached(run, 1)
      // It must not write while the room is measured and taken.
      const { pid = 0 } = readClaim(run) ?? {}
      process.kill(pid, 'SIGSTOP')
      disk.fill(64 << 10)
      process.kill(pid, 'SIGCONT')
      expect((await over(launcher, run)).code).toBe(10)
      disk.empty()
      expect((await linesOf(run)).at(-1)).toMatchObject({ kind: 'failed', code: 'disk' })
    } finally {
      await disk.close()
    }
  })
})
