export default {
  aliased:
    '{names} {count, plural, one {points} other {point}} to this model. Point {count, plural, one {it} other {them}} to another model first.',
  aliasNamed:
    'An alias is called {name}: programs that ask for this model by its name would not get it. Remove the alias first.',
  modelNamed: 'There is already a model called {name}. Choose another name.',
  noAlias: 'There is no alias "{name}" here.',
  noModel: 'The built-in engine has no model {model}: it may have been deleted.',
  notDeletable: '{model} cannot be deleted by its provider.',
  notExportable: '{model} is not on this computer: only models of the built-in engine can be exported.',
  notMeasurable: 'Only models of the built-in engine can be measured.',
  pointedNowhere: '{name} has no previous model.',
  pointsAlready: '{name} points to {model} already.',

  aliasEnds: 'A name must start and end with a letter or a digit.',
  aliasForm: 'Use lowercase letters, digits, hyphens and dots.',
  aliasMissing: 'Give the alias a name.',
  aliasTaken: 'The built-in engine has this name. Choose another one.',
  aliasTooLong: 'A name can have at most {maximum} characters.',
  repoForm: 'Write it as owner/name, for example HuggingFaceTB/SmolLM2-135M-Instruct.',
  folderMissing: 'Give the path of a folder.',
  whyTooLong: 'At most {maximum} characters.',
} as const
