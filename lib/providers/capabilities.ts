import { type Capabilities, type ProviderId, providerKind } from './schema.ts'

const SPEAKS_ALL: Capabilities = {
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
  pollMs: 3_000,
}

/** What each kind of provider can do. A step of the built-in engine takes tens of ms, so it is polled often. */
export const capabilitiesOf = (id: ProviderId): Capabilities =>
  providerKind(id) === 'embedded'
    ? {
        ...SPEAKS_ALL,
        ...{ exportModels: true, stopKeeping: true, pause: true, stopEarly: true, chooseTrainer: true },
        ...{ trainCheckpoints: true, stepRows: true, pollMs: 250 },
      }
    : SPEAKS_ALL
