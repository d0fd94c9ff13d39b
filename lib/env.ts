import 'server-only'
import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'

/** Names and addresses of this computer. */
export const LOOPBACK = ['127.0.0.1', 'localhost', '::1']

const Key = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,512}$/, 'must be one line of 8 to 512 printable characters, without spaces')

/** The studio shows the address and appends paths to it. */
function isBare(address: string): boolean {
  const { username, password } = URL.parse(address) ?? {}
  return !username && !password && !/[?#]/.test(address)
}

const isLocal = (address: string): boolean =>
  [...LOOPBACK, '[::1]'].includes(URL.parse(address)?.hostname ?? '')

function isReadableFolder(folder: string): boolean {
  try {
    accessSync(/* turbopackIgnore: true */ folder, constants.R_OK | constants.X_OK)
    return statSync(/* turbopackIgnore: true */ folder).isDirectory()
  } catch {
    return false
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(/* turbopackIgnore: true */ file, constants.X_OK)
    return statSync(/* turbopackIgnore: true */ file).isFile()
  } catch {
    return false
  }
}

const UNITS = { MB: 1e6, GB: 1e9 }

const Bytes = z
  .string()
  .regex(/^\d+(\.\d+)? ?(MB|GB)$/, 'must be a number with MB or GB, such as 4GB')
  .transform((text) => Number.parseFloat(text) * UNITS[text.slice(-2) as keyof typeof UNITS])
  .refine((bytes) => bytes > 0, 'must be more than 0')

const Settings = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  LIMERICK_HOST: z
    .enum(LOOPBACK, `must be one of ${LOOPBACK.join(', ')}: other addresses wait until accounts exist`)
    .default('127.0.0.1'),
  LIMERICK_DATA: z.string().min(1).default('.limerick'),
  LIMERICK_MODELS: z
    .string()
    .refine(isReadableFolder, 'must be a folder that is there and can be read')
    .optional(),
  LIMERICK_MEMORY: Bytes.optional(),
  LIMERICK_PYTHON: z
    .string()
    .refine(isProgram, 'must be the path of a Python interpreter that is there and can be run')
    .optional(),
  LIMERICK_RAY: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .refine(
      isBare,
      'must hold no user, password, question mark or hash: the token goes into LIMERICK_RAY_TOKEN',
    )
    .refine((address) => URL.parse(address)?.pathname === '/', 'must be an address without a path')
    .optional(),
  LIMERICK_RAY_TOKEN: Key.optional(),
  LIMERICK_RAY_PYTHON: z.string().min(1).default('python'),
  LIMERICK_CLUSTER_DIR: z
    .string()
    .refine(isReadableFolder, 'must be a folder that is there, and that all nodes of the cluster see too')
    .optional(),
  LIMERICK_VLLM: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .refine(isBare, 'must hold no user, password, question mark or hash: the key goes into LIMERICK_VLLM_KEY')
    .refine(isLocal, 'must be an address of this computer: anyone who reaches vLLM can make it load files')
    .optional(),
  LIMERICK_VLLM_KEY: Key.optional(),
  LIMERICK_TORCH_ANSWERS: z
    .enum(['auto', 'always', 'never'], 'must be auto, always or never')
    .default('auto'),
  OPENAI_API_KEY: Key.optional(),
  LIMERICK_KEY_FILE: z.string().optional(),
  XDG_CACHE_HOME: z.string().default(path.join(homedir(), '.cache')),
  XDG_CONFIG_HOME: z.string().default(path.join(homedir(), '.config')),
  npm_lifecycle_event: z.string().optional(),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .refine(isBare, 'must hold no user, password, question mark or hash: the key goes into OPENAI_API_KEY')
    .optional(),
  HF_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .refine(isBare, 'must hold no user, password, question mark or hash: the token goes into HF_TOKEN')
    .default('https://huggingface.co'),
  HF_TOKEN: Key.optional(),
  AZURE_ARM_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .refine(isBare, 'must hold no user, password, question mark or hash')
    .transform((address) => address.replace(/\/+$/, ''))
    .default('https://management.azure.com'),
})

/** The settings, validated. */
export interface Env {
  port: number
  host: string
  /** Absolute path of the folder that holds all data. */
  dataFolder: string
  /** Absolute path of a folder with further base models, or null. */
  modelsFolder: string | null
  /** The most memory that a training may use, in bytes; null for all that is free. */
  memoryLimit: number | null
  /** Absolute path of a Python interpreter that can train, or null. */
  python: string | null
  /** Where a Python environment is made when the user asks for one, and what pip has to know of indexes and proxies. */
  environment: { folder: string; variables: Record<string, string> }
  /** A Ray cluster that can train, or null. */
  cluster: { address: string; token: string | null; folder: string; python: string } | null
  /** A vLLM server of this computer, or null. */
  vllm: { address: string; key: string | null } | null
  /** Whether PyTorch answers: large models where there is a GPU, every model that it can, or none. */
  torchAnswers: 'auto' | 'always' | 'never'
  /** Started as an npm script: npm's shell then gets the signals first. */
  underNpm: boolean
  /** Absolute path of the file that the keys of providers are encrypted with. */
  keyFile: string
  openaiKey: string | null
  openaiBaseUrl: string | null
  /** Where base models are downloaded from, and the access token for it. */
  hub: { endpoint: string; token: string | null }
  /** Azure Resource Manager, which other clouds of Azure have at addresses of their own. */
  armEndpoint: string
}

/** Empty means unset, as shells and compose files write it. */
const present = (source: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))

/** Variables that pip reads: its own, and those of proxies and certificates. */
const PIP = /^(pip_\w+|(https?|all|no)_proxy|ssl_cert_(file|dir)|requests_ca_bundle)$/i

const ofPip = (source: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) => (value && PIP.test(name) ? [[name, value]] : [])),
  )

type Read = z.infer<typeof Settings>

const cannotStart = (...lines: string[]) =>
  new Error(`Limerick cannot start with these settings:\n${lines.map((line) => `  ${line}`).join('\n')}`)

/** With our own address as provider, requests would loop for ever. */
function refuseOurselves(baseUrl: string | undefined, port: number): void {
  if (!baseUrl) return
  if (isLocal(baseUrl) && Number(new URL(baseUrl).port || 80) === port)
    throw cannotStart(
      'OPENAI_BASE_URL is the address of Limerick itself. Unset it: the built-in engine is always there.',
    )
}

/** A cluster without a token lets anybody who reaches it run programs on it. */
function clusterIn(data: Read): Env['cluster'] {
  const { LIMERICK_RAY: address, LIMERICK_CLUSTER_DIR: folder, LIMERICK_RAY_TOKEN: token = null } = data
  if (!address) return null
  if (!folder)
    throw cannotStart('LIMERICK_CLUSTER_DIR must be set beside LIMERICK_RAY: a folder that all nodes see.')
  if (token === null && !isLocal(address))
    throw cannotStart(
      'LIMERICK_RAY_TOKEN must be set for a cluster that is not on this computer: without a token anybody who reaches it can run programs on it. Start Ray with RAY_AUTH_MODE=token.',
    )
  const shared = path.resolve(/* turbopackIgnore: true */ folder)
  return { address, token, folder: shared, python: data.LIMERICK_RAY_PYTHON }
}

/**
 * Reads the settings; nothing else in the studio reads them.
 * @throws Error that names each invalid setting and what it must be, never its value
 */
function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const read = Settings.safeParse(present(source))
  if (!read.success)
    throw cannotStart(...read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  const { data } = read
  refuseOurselves(data.OPENAI_BASE_URL, data.PORT)
  return {
    port: data.PORT,
    host: data.LIMERICK_HOST,
    dataFolder: path.resolve(/* turbopackIgnore: true */ data.LIMERICK_DATA),
    modelsFolder: data.LIMERICK_MODELS
      ? path.resolve(/* turbopackIgnore: true */ data.LIMERICK_MODELS)
      : null,
    memoryLimit: data.LIMERICK_MEMORY ?? null,
    python: data.LIMERICK_PYTHON ? path.resolve(/* turbopackIgnore: true */ data.LIMERICK_PYTHON) : null,
    environment: {
      folder: path.join(/* turbopackIgnore: true */ data.XDG_CACHE_HOME, 'limerick'),
      variables: ofPip(source),
    },
    cluster: clusterIn(data),
    vllm: data.LIMERICK_VLLM
      ? { address: new URL(data.LIMERICK_VLLM).origin, key: data.LIMERICK_VLLM_KEY ?? null }
      : null,
    torchAnswers: data.LIMERICK_TORCH_ANSWERS,
    underNpm: data.npm_lifecycle_event !== undefined,
    keyFile: path.resolve(
      /* turbopackIgnore: true */ data.LIMERICK_KEY_FILE ??
        path.join(/* turbopackIgnore: true */ data.XDG_CONFIG_HOME, 'limerick', 'key'),
    ),
    openaiKey: data.OPENAI_API_KEY ?? null,
    openaiBaseUrl: data.OPENAI_BASE_URL ?? null,
    hub: { endpoint: data.HF_ENDPOINT, token: data.HF_TOKEN ?? null },
    armEndpoint: data.AZURE_ARM_ENDPOINT,
  }
}

let settings: Env | undefined

/** The settings of this process, read once. */
export function env(): Env {
  settings ??= readEnv()
  return settings
}
