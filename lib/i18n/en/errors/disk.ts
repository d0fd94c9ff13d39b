export default {
  full: 'The disk of the data folder is full, so this was not saved. Free some space on it, then try again. What was saved before is safe.',
  tooSmall:
    'This needs {needed} on the disk of the data folder, and {free} are free. Free some space, then try again.',
} as const
