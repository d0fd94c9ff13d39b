import { providerKind } from './kinds.ts'
import type { Capabilities, ProviderId, ProviderKind } from './schema.ts'

/** What OpenAI's own API does. */
const OPENAI: Capabilities = {
  train: true,
  preference: true,
  events: true,
  stepMetrics: true,
  checkpoints: true,
  chat: true,
  deleteModels: true,
  exportModels: false,
  stopKeeping: false,
  trainCheckpoints: false,
  pause: false,
  stopEarly: false,
  chooseTrainer: false,
  stepRows: false,
  absoluteRate: false,
  deploys: false,
  tiers: [],
  keptEpochs: 3,
  openaiJobs: true,
  countsStreams: true,
  olderLimit: false,
  probabilities: true,
  pollMs: 3_000,
}

/** A server that speaks OpenAI's API, nobody knows how well. */
const COMPATIBLE: Capabilities = {
  ...OPENAI,
  ...{ keptEpochs: 0, countsStreams: false, olderLimit: true, probabilities: false },
}

/** Our engine behind another door. */
const OURS: Capabilities = {
  ...OPENAI,
  ...{ stopKeeping: true, pause: true, stopEarly: true, trainCheckpoints: true, stepRows: true },
}

/** A server that only answers. */
const SERVING: Capabilities = {
  ...OPENAI,
  ...{ train: false, preference: false, events: false, stepMetrics: false, checkpoints: false },
  ...{ deleteModels: false, keptEpochs: 0, openaiJobs: false, olderLimit: true, probabilities: false },
}

/** A step of the built-in engine takes tens of ms, so it is polled often. */
const CAPABILITIES: Record<ProviderKind, Capabilities> = {
  embedded: { ...OURS, exportModels: true, chooseTrainer: true, pollMs: 250 },
  openai: OPENAI,
  compatible: COMPATIBLE,
  azure: {
    ...OPENAI,
    ...{ deploys: true, tiers: ['standard', 'globalStandard', 'developerTier'], pollMs: 10_000 },
  },
  nebius: {
    ...COMPATIBLE,
    ...{ preference: false, stepMetrics: false, deleteModels: false, absoluteRate: true, deploys: true },
    ...{ keptEpochs: 50, openaiJobs: false, countsStreams: true, pollMs: 15_000 },
  },
  together: {
    ...COMPATIBLE,
    ...{ deleteModels: false, stopEarly: true, trainCheckpoints: true, absoluteRate: true, deploys: true },
    ...{ keptEpochs: 50, openaiJobs: false, countsStreams: true, pollMs: 10_000 },
  },
  fireworks: {
    ...COMPATIBLE,
    ...{ events: false, stepMetrics: false, checkpoints: false, absoluteRate: true, deploys: true },
    ...{ openaiJobs: false, countsStreams: true, pollMs: 15_000 },
  },
  limerick: { ...OURS, pollMs: 1_000 },
  vllm: SERVING,
  llamacpp: SERVING,
  ollama: SERVING,
  lmstudio: SERVING,
}

/** What each kind of provider can do; docs/providers.md has the reasons. */
export const capabilitiesOf = (id: ProviderId): Capabilities => CAPABILITIES[providerKind(id)]
