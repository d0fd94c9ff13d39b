/** What the engine does at the border to a trainer, whatever the trainer does. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { bootId, processInfo } from '#lib/core/process-info.ts'
import type { RunLine, RunSpec, TrainerFacts } from '#lib/engine/trainers/contract.ts'
import { followLines } from '#lib/engine/trainers/follow.ts'
import { type Command, capLog, endOf, localLauncher } from '#lib/engine/trainers/launcher.ts'
import { trlCommand, trlProbe } from '#lib/engine/trainers/python.ts'
import { startRun } from '#lib/engine/trainers/run.ts'
import {
  claim,
  isComplete,
  type RunFolder,
  readSpec,
  runFolder,
  writePaths,
  writeRun,
} from '#lib/engine/trainers/run-folder.ts'
import { deviceCount, devicesOf } from '#lib/engine/trainers/trl.ts'
import { until } from '#tests/support/engine.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newRun(): RunFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-run-'))
  folders.push(folder)
  return runFolder(folder)
}

const shell = (script: string): Command => ({
  argv: ['/bin/sh', '-c', script],
  env: { PATH: process.env.PATH ?? '' },
  yields: false,
})

const lineOf = (seq: number, kind = 'stopped', fields: object = { step: 1 }): string =>
  `${JSON.stringify({ v: 1, seq, at: 1, kind, ...fields })}\n`

async function read(run: RunFolder, seen = 0): Promise<RunLine[]> {
  const lines = []
  for await (const line of followLines(run.events, seen, AbortSignal.abort())) lines.push(line)
  return lines
}

test('lines come as they are written, after the last one that was seen, and a half one only when it is whole', async () => {
  const run = newRun()
  const over = new AbortController()
  const found: number[] = []
  const reading = (async () => {
    for await (const { seq } of followLines(run.events, 2, over.signal)) found.push(seq)
  })()
  appendFileSync(run.events, lineOf(1) + lineOf(2) + lineOf(3) + lineOf(4).slice(0, 9))
  await until('the third line', () => found.length === 1)
  appendFileSync(run.events, lineOf(4).slice(9) + lineOf(5))
  await until('the rest', () => found.length === 3)
  over.abort()
  await reading
  expect(found).toEqual([3, 4, 5])
})

test('a half line that is cut off and written anew is read once', async () => {
  const run = newRun()
  const over = new AbortController()
  const found: RunLine[] = []
  const reading = (async () => {
    for await (const line of followLines(run.events, 0, over.signal)) found.push(line)
  })()
  writeFileSync(run.events, `${lineOf(1)}{"v":1,"seq":2,"kind":"heart`)
  await until('the first line', () => found.length === 1)
  writeFileSync(run.events, lineOf(1) + lineOf(2))
  await until('the second line', () => found.length === 2)
  over.abort()
  await reading
  expect(found.map(({ kind }) => kind)).toEqual(['stopped', 'stopped'])
})

test.each([
  ['a kind that is not known', lineOf(2, 'frobnicate'), 'line 2: its kind "frobnicate" is not known'],
  ['no JSON', 'Traceback (most recent call last):\n', 'line 2 is not JSON'],
  ['a gap', lineOf(3), 'line 2 is numbered 3'],
  ['a field of another type', lineOf(2, 'stopped', { step: 'one' }), 'line 2: step: Invalid input'],
  [
    'a checkpoint elsewhere',
    lineOf(2, 'checkpoint', { step: 1, epoch: 1, folder: '../a', metrics: {} }),
    'line 2: folder',
  ],
  ['a line without an end', 'x'.repeat(70_000), 'line 2 is not JSON'],
])('a report with %s fails in words, and nothing after it is read', async (_, text, words) => {
  const run = newRun()
  writeFileSync(run.events, lineOf(1) + text + lineOf(3))
  const [first, second, ...more] = await read(run)
  expect(first?.kind).toBe('stopped')
  expect(second).toMatchObject({ kind: 'failed', code: 'contract', message: expect.stringContaining(words) })
  expect(more).toEqual([])
})

test('fields that are not known, and values that were not measured, do no harm', async () => {
  const run = newRun()
  const metrics = { trainLoss: null, trainAccuracy: 0.5, validLoss: null, entropy: 3 }
  const fields = { step: 1, totalSteps: 2, epoch: 1, rows: [0], losses: null, seconds: 1, colour: 'blue' }
  writeFileSync(run.events, lineOf(1, 'step', { ...fields, metrics }))
  const [line] = await read(run)
  expect(line).toMatchObject({
    kind: 'step',
    metrics: { trainLoss: null, trainAccuracy: 0.5, gradNorm: null },
  })
  expect(line).not.toHaveProperty('colour')
})

test('a process that has got the id of a trainer is neither taken for it nor signalled', async () => {
  const run = newRun()
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' })
  await once(stranger, 'spawn')
  const pid = stranger.pid as number
  const launcher = localLauncher()
  const started = processInfo(pid)?.started ?? ''
  for (const other of [{ started: `${started}0` }, { boot: 'another' }]) {
    claim(run, { pid, started, boot: bootId(), ...other })
    expect(await launcher.state(run)).toMatchObject({ code: null })
    launcher.kill(run)
    expect(processInfo(pid)?.started).toBe(started)
  }
  expect(launcher.wasCutOff(run)).toBe(true)
  // The right one is.
  const gone = once(stranger, 'exit')
  claim(run, { pid, started, boot: bootId() })
  expect(await launcher.state(run)).toBe('running')
  expect(launcher.wasCutOff(run)).toBe(false)
  launcher.kill(run)
  expect(await gone).toEqual([null, 'SIGKILL'])
  launcher.forget(run)
  expect(await launcher.state(run)).toBeNull()
})

test('a killed trainer takes what it has started with it, also what has a group of its own', async () => {
  const run = newRun()
  const launcher = localLauncher()
  const child = path.join(run.root, 'child')
  const script = `setsid sh -c 'echo $$ > ${child}; sleep 600' & wait`
  await launcher.start(run, shell(script))
  const pid = await until('its child', () => existsSync(child) && Number(readFileSync(child, 'utf8')))
  expect(processInfo(pid)).not.toBeNull()
  launcher.kill(run)
  await until('the end of both', async () => endOf(await launcher.state(run)) && processInfo(pid) === null)
})

test('a program that does not start, or ends at once, says why', async () => {
  const run = newRun()
  const launcher = localLauncher()
  const end = () => until('its end', async () => endOf(await launcher.state(run)))
  await launcher.start(run, { argv: ['/nowhere/python'], env: {}, yields: true })
  expect(await end()).toMatchObject({
    code: 127,
    reason: expect.stringMatching(/^exit code 127: .*not found/),
  })
  await launcher.start(run, shell('echo no torch here >&2; exit 3'))
  expect(await end()).toEqual({ code: 3, reason: 'exit code 3: no torch here' })
})

test('a trainer that works on the processor yields to all others, with all that it starts', async () => {
  const run = newRun()
  const launcher = localLauncher()
  for (const yields of [true, false])
    await launcher
      .start(run, { ...shell('nice; sh -c nice'), yields })
      .then(() => until('its end', async () => endOf(await launcher.state(run))))
  const mine = getPriority()
  expect(readFileSync(run.log, 'utf8').trim().split('\n').map(Number)).toEqual([19, 19, mine, mine])
})

test('nothing of this process’s environment reaches a trainer', async () => {
  const run = newRun()
  const launcher = localLauncher()
  await launcher.start(run, { argv: ['/usr/bin/env'], env: { OMP_NUM_THREADS: '2' }, yields: false })
  await until('its end', async () => endOf(await launcher.state(run)))
  const names = readFileSync(run.log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0])
  expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name ?? ''))).toEqual([
    'OMP_NUM_THREADS',
  ])
})

test('what its libraries print is kept up to a limit, the end of it', () => {
  const run = newRun()
  writeFileSync(run.log, '0123456789')
  capLog(run, 10, 4)
  expect(readFileSync(run.log, 'utf8')).toBe('0123456789')
  appendFileSync(run.log, 'abc')
  capLog(run, 10, 4)
  expect(readFileSync(run.log, 'utf8')).toBe('9abc')
})

test('a checkpoint is complete with the very files of its COMPLETE', async () => {
  const run = newRun()
  const folder = path.join(run.root, 'checkpoint-1')
  mkdirSync(folder)
  const file = path.join(folder, 'a.txt')
  writeFileSync(file, 'abc')
  expect(await isComplete(folder)).toBe(false)
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  const complete = (files: object) =>
    writeFileSync(path.join(folder, 'COMPLETE'), JSON.stringify({ step: 1, epoch: 1, files }))
  complete({ 'a.txt': { bytes: 3, sha256 } })
  expect(await isComplete(folder)).toBe(true)
  complete({ 'a.txt': { bytes: 3, sha256 }, 'b.txt': { bytes: 3, sha256 } })
  expect(await isComplete(folder)).toBe(false)
  writeFileSync(path.join(run.root, 'outside'), 'abc')
  complete({ '../outside': { bytes: statSync(file).size, sha256 } })
  expect(await isComplete(folder)).toBe(false)
  complete({ 'a.txt': { bytes: 3, sha256 } })
  writeFileSync(file, 'abd')
  expect(await isComplete(folder)).toBe(false)
})

test('a run that goes on finds its models where they lie now, and nothing else of its spec changes', async () => {
  const run = newRun()
  writeFileSync(path.join(run.root, 'rows'), '{}\n')
  const base = { folder: '/before/base', name: 'base', revision: null, fingerprint: 'sha256:abc' }
  const spec = { base, start_adapter: { folder: '/before/adapter' }, epochs: 3 } as unknown as RunSpec
  await writeRun(run, spec, { training: path.join(run.root, 'rows'), validation: null })
  expect(existsSync(run.validation)).toBe(false)
  writePaths(run, { base: { ...base, folder: '/now/base' }, start_adapter: { folder: '/now/adapter' } })
  expect(readSpec(run)).toEqual({
    base: { ...base, folder: '/now/base' },
    start_adapter: { folder: '/now/adapter' },
    epochs: 3,
  })
})

/** A training by a shell script, in its run folder. */
async function scripted(run: RunFolder, script: string, adopt = async (folder: string) => folder) {
  const training = await startRun({
    ...{ run, launcher: localLauncher(), seen: 0, keepPatience: 0 },
    command: async () => shell(script),
    adopt,
  })
  const reports = await Array.fromAsync(training.reports)
  return { reports, ended: await training.ended() }
}

test('a failure has the engine’s code, and says what may help', async () => {
  const run = newRun()
  const failed = { code: 'oom', message: 'There is not enough memory.', suggest: 'shorter rows' }
  writeFileSync(path.join(run.root, 'line'), lineOf(1, 'failed', failed))
  const { reports } = await scripted(run, 'cat line >> events.jsonl; exit 10')
  expect(reports).toEqual([
    expect.objectContaining({
      code: 'out_of_memory',
      message: 'There is not enough memory. What may help: shorter rows.',
    }),
  ])
})

/** A run whose script tells of a checkpoint and of its end. */
function runWithCheckpoint(): RunFolder {
  const run = newRun()
  const folder = path.join(run.root, 'checkpoint-1')
  mkdirSync(folder)
  writeFileSync(path.join(folder, 'model'), 'abc')
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  const files = { model: { bytes: 3, sha256 } }
  writeFileSync(path.join(folder, 'COMPLETE'), JSON.stringify({ step: 1, epoch: 1, files }))
  const checkpoint = { step: 1, epoch: 1, folder: 'checkpoint-1', metrics: {} }
  const lines = lineOf(1, 'checkpoint', checkpoint) + lineOf(2, 'done', { step: 1, trainedTokens: 1 })
  writeFileSync(path.join(run.root, 'lines'), lines)
  return run
}

test('a checkpoint that its trainer deletes while it is read is passed over, one that cannot be read is not', async () => {
  const script = 'cat lines >> events.jsonl'
  const whole = await scripted(runWithCheckpoint(), script)
  expect(whole.reports.map(({ kind }) => kind)).toEqual(['checkpoint', 'done'])
  const gone = await scripted(runWithCheckpoint(), script, async (folder) => {
    rmSync(path.join(folder, 'model'))
    return readFileSync(path.join(folder, 'model'), 'utf8')
  })
  expect(gone.reports.map(({ kind }) => kind)).toEqual(['done'])
  const unreadable = scripted(runWithCheckpoint(), script, async () => {
    throw new Error('This adapter cannot be used.')
  })
  await expect(unreadable).rejects.toThrow('This adapter cannot be used.')
})

test('an end that nobody told is a death, and an exit code of 75 another start', async () => {
  const run = newRun()
  writeFileSync(path.join(run.root, 'line'), lineOf(1, 'heartbeat', {}))
  const script = 'test -s events.jsonl && exit 3; cat line >> events.jsonl; exit 75'
  const { reports, ended } = await scripted(run, script)
  expect(reports.map(({ kind }) => kind)).toEqual(['heartbeat'])
  expect(ended).toBe('exit code 3')
})

test('a trainer that asks for another start again and again is given up', async () => {
  const run = newRun()
  const { reports, ended } = await scripted(run, 'echo start >> starts; exit 75')
  expect(reports).toEqual([])
  expect(ended).toBe('exit code 75')
  expect(readFileSync(path.join(run.root, 'starts'), 'utf8').trim().split('\n')).toHaveLength(13)
})

const gpu = (index: number, uuid: string | null = null) => ({ index, uuid, name: 'GPU', memory: 8e9 })

test('one device is one process, several are torchrun’s', () => {
  const run = runFolder('/runs/a')
  const command = (devices: ReturnType<typeof gpu>[]) =>
    trlCommand('/venv/bin/python', run, { devices, threads: 4 })
  const plain = ['/venv/bin/python', '-m', 'limerick_trainer', 'train', '/runs/a']
  expect(command([])).toMatchObject({ argv: plain, yields: true })
  expect(command([]).env).toMatchObject({
    CUDA_VISIBLE_DEVICES: '',
    OMP_NUM_THREADS: '4',
    HF_HUB_OFFLINE: '1',
    HOME: '/runs/a',
  })
  expect(command([gpu(3, 'GPU-c')])).toMatchObject({ argv: plain, env: { CUDA_VISIBLE_DEVICES: 'GPU-c' } })
  const two = command([gpu(0), gpu(2)])
  expect(two.argv).toEqual([
    ...['/venv/bin/python', '-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', '2'],
    ...['-m', 'limerick_trainer', 'train', '/runs/a'],
  ])
  expect(two.yields).toBe(false)
  expect(two.env.CUDA_VISIBLE_DEVICES).toBe('0,2')
})

test('a job gets the GPUs that nobody works with, no more than it has rows for, and one at least', () => {
  const device = (index: number, free: number | null) => ({ ...gpu(index), free })
  const facts = (...devices: ReturnType<typeof device>[]): TrainerFacts => ({
    ...{ contract: 'limerick.run/1', trainer: 'trl', versions: {}, bf16: true, devices },
    ...{ quantization: [], missing: [], problems: [] },
  })
  const indices = (found: TrainerFacts, most: number) =>
    devicesOf(found)
      .slice(0, deviceCount(found, most))
      .map(({ index }) => index)
  const three = facts(device(0, 1e9), device(1, 8e9), device(2, 7.5e9))
  expect(indices(three, 8)).toEqual([1, 2])
  expect(indices(three, 1)).toEqual([1])
  expect(indices(facts(device(0, 1e9), device(1, 4e9)), 8)).toEqual([1])
  expect(indices(facts(device(0, null), device(1, null)), 8)).toEqual([0, 1])
  expect(indices(facts(), 8)).toEqual([])
})

test.each([
  [null, 'unset', 'set LIMERICK_PYTHON'],
  ['/nowhere/python', 'broken', 'cannot run limerick_trainer: it ends with ENOENT'],
  ['/bin/false', 'broken', 'cannot run limerick_trainer: it ends with 1'],
  ['/bin/echo', 'version', 'of another version'],
] as const)(
  'an interpreter that is not there or lacks the trainer is a reason in words: %s',
  async (python, state, words) => {
    const probe = trlProbe(() => python)
    const found = { state, problem: expect.stringContaining(words) }
    expect(await probe.ask()).toEqual(found)
    expect(probe.peek()).toEqual(found)
  },
)

test('a probe is asked in the background, once, and names the packages that are missing', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-probe-'))
  const [python, count] = [path.join(folder, 'python'), path.join(folder, 'count')]
  const facts = {
    contract: 'limerick.run/1',
    trainer: 'trl',
    missing: ['trl', 'peft'],
    versions: { torch: '2' },
  }
  const script = `#!/bin/sh\necho x >> '${count}'\necho '${JSON.stringify(facts)}'\nexit 10\n`
  writeFileSync(python, script, { mode: 0o755 })
  const probe = trlProbe(() => python)
  expect([probe.peek(), probe.peek()]).toEqual([null, null])
  const found = await until('its answer', () => probe.peek())
  expect(found).toMatchObject({
    state: 'incomplete',
    missing: ['trl', 'peft'],
    problem: expect.stringContaining('lacks the Python packages trl, peft'),
  })
  expect(readFileSync(count, 'utf8')).toBe('x\n')
  expect([probe.peek(true), probe.peek(true), probe.peek()]).toEqual([null, null, null])
  await until('its second answer', () => probe.peek())
  expect(readFileSync(count, 'utf8')).toBe('x\nx\n')
  rmSync(folder, { recursive: true })
})
