/** Keys of a room, as the sheet shows them; their words are in the catalogue under `keys`. */
export interface KeyGroup {
  room: 'everywhere' | 'editor'
  keys: readonly (readonly [key: string, does: string])[]
}

const everywhere: KeyGroup = { room: 'everywhere', keys: [['?', 'sheet']] }

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
    ['U', 'undo'],
    ['Esc', 'leave'],
  ],
}

/** What works on a page, the page's own first. */
export const keysAt = (path: string): KeyGroup[] =>
  /^\/datasets\/[^/]+$/.test(path) ? [editor, everywhere] : [everywhere]
