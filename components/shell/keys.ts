import { rooms as sections } from './rooms.ts'

/** Shortcuts of a section, as listed on the sheet; their labels are in the catalogue under `keys`. */
export interface KeyGroup {
  room: 'everywhere' | 'list' | 'editor' | 'runs' | 'curves' | 'run' | 'evaluation' | 'playground' | 'form'
  keys: readonly (readonly [key: string, does: string])[]
}

const everywhere: KeyGroup = {
  room: 'everywhere',
  keys: [
    ['Ctrl K', 'palette'],
    ...sections.map(({ name, jump }) => [`G ${jump.toUpperCase()}`, `go.${name}`] as const),
    ['?', 'sheet'],
  ],
}

const editor: KeyGroup = {
  room: 'editor',
  keys: [
    ['J', 'next'],
    ['K', 'previous'],
    ['/', 'search'],
    ['E', 'edit'],
    ['N', 'add'],
    ['Ctrl Enter', 'save'],
    ['Ctrl D', 'duplicate'],
    ['Alt ↑ ↓', 'move'],
    ['W', 'weight'],
    ['T', 'split'],
    ['X', 'discard'],
    ['R', 'review'],
    ['Shift ↑ ↓', 'choose'],
    ['Ctrl Space', 'chooseOne'],
    ['Ctrl A', 'chooseAll'],
    ['U', 'undo'],
    ['Shift U', 'redo'],
    ['Esc', 'leave'],
  ],
}

const list: KeyGroup = { room: 'list', keys: [['/', 'search']] }

const runs: KeyGroup = {
  room: 'runs',
  keys: [
    ['/', 'search'],
    ['C', 'compareJobs'],
  ],
}

const run: KeyGroup = {
  room: 'run',
  keys: [
    ['C', 'compare'],
    ['← →', 'crosshair'],
    ['Enter', 'openStep'],
    ['Shift ← →', 'range'],
    ['Esc', 'zoomOut'],
  ],
}

const curves: KeyGroup = {
  room: 'curves',
  keys: [
    ['← →', 'crosshair'],
    ['Shift ← →', 'range'],
    ['Enter', 'zoomIn'],
    ['Esc', 'zoomOut'],
  ],
}

const evaluation: KeyGroup = {
  room: 'evaluation',
  keys: [
    ['J ↓', 'nextRow'],
    ['K ↑', 'previousRow'],
    ['D', 'wordDiff'],
    ['F', 'fix'],
    ['Esc', 'closeRow'],
  ],
}

const playground: KeyGroup = {
  room: 'playground',
  keys: [
    ['Ctrl Enter', 'runAll'],
    ['R', 'runAll'],
    ['Esc', 'stopAll'],
    ['N', 'nextHeldOut'],
    ['1 2', 'voteFor'],
    ['0', 'voteTie'],
    ['B', 'blind'],
    ['D', 'diffAnswers'],
    ['S', 'saveRow'],
    ['P', 'savePair'],
  ],
}

const form: KeyGroup = { room: 'form', keys: [['Ctrl Enter', 'start']] }

const rooms: readonly (readonly [path: RegExp, keys: KeyGroup])[] = [
  [/^\/datasets$/, list],
  [/^\/datasets\/[^/]+$/, editor],
  [/^\/jobs$/, runs],
  [/^\/jobs\/compare$/, curves],
  [/^\/jobs\/(?!new$|compare$)[^/]+$/, run],
  [/^\/evals\/(?!new$)[^/]+$/, evaluation],
  [/^\/playground$/, playground],
  [/^\/(jobs|evals)\/new$/, form],
]

/** Shortcuts that work on a page, the page-specific ones first. */
export const keysAt = (path: string): KeyGroup[] => [
  ...rooms.flatMap(([address, keys]) => (address.test(path) ? [keys] : [])),
  everywhere,
]
