export default {
  damaged:
    'The file {file} in the data folder is missing or damaged. "Bring everything home" asks the provider for it again, if it still has it; otherwise put it back from a backup.',
} as const
