export default {
  addressRefused:
    'Limerick does not connect to {host}: its address is {reach, select, public {on this computer, in your network or reserved. If the server is yours, allow that when you add it} other {reserved}}.',
  answerBrokeOff: "The provider's answer was cut off.",
  streamTooLarge: "The provider's answer was stopped: it is larger than {megabytes} MB.",
  eventTooLarge: "The provider's answer was stopped: one event of it is larger than {megabytes} MB.",
  answerTooLarge: "The provider's answer is larger than {megabytes} MB, so it was not read.",
  backoff:
    '{provider} {reason, select, bad_key {does not accept the key} forbidden {forbids this} quota {says that the quota is used up} other {asked for a pause}} ("{said}"), so nothing was sent. {until, select, none {When that is solved, choose "Check again" on the Providers page.} other {Try again after {until} UTC.}}',
  checkpointElsewhere:
    "{said} It may belong to another project: only the project that trained a checkpoint can use it, or a project it is shared with. Use that project's key, or share the checkpoint with the project of this key.",
  closed:
    'OpenAI is closing fine-tuning: accounts that had not used it lost job creation on 2026-05-07, inactive ones on 2026-07-02, everyone on {date}. The built-in engine trains the same data on this computer. The provider\'s own words: "{said}"',
  armRefused: 'Azure refused it ({status}): {said}',
  armUnreachable:
    'Azure Resource Manager did not answer. Whether the deployment is being created is not known: the same name once more is the same deployment.',
  notAzure: 'Only models at Azure are deployed from here.',
  deploymentTaken: 'The deployment {name} has another model there ({model}). Choose another name.',
  dailyLimit:
    '{provider} {jobs, select, unknown {accepts no more jobs of this model today} other {accepts {jobs} jobs a day for this model}} ({model}). Your earliest of the last 24 hours was started at {earliest}, so try again after {until}. Other models, chat and evaluations still work. The provider\'s own words: "{said}"',
  engineAnswers: 'The built-in engine answers again, so it was not restarted.',
  engineDoesNotStart: 'The built-in engine does not start: {reason}',
  engineLate: 'The built-in engine did not answer in time. Try again in a moment.',
  engineNotKept: 'Limerick is being stopped, so the built-in engine is not restarted.',
  engineSilent:
    'The built-in engine has sent no heartbeat for some seconds. If that continues, it restarts by itself. Try again in a moment.',
  engineStarting: 'The built-in engine is starting. Try again in a moment.',
  keyChanged:
    'The stored key of this provider was changed and cannot be read. Remove the provider and add it again.',
  keyFile:
    'The file that the keys of providers are encrypted with can be neither read nor made: {file} ({code}). Set LIMERICK_KEY_FILE to a file that Limerick may write.',
  keyFileDamaged:
    'The file that the keys of providers are encrypted with is damaged: {file}. Put the right one there.',
  keyFileOther:
    'The key of this provider was encrypted with another file than {file}. Put that file back, or remove the provider and add it again.',
  late: 'The provider did not answer in time.',
  needsConfirmation: 'This is expected to cost {estimate}, which is over your confirmation limit of {limit}.',
  none: 'There is no provider "{id}" here. Configured providers are listed on the Providers page.',
  notDeployed:
    '{said} At this provider a model answers only once it is deployed: deploy it there, then name the deployment in the menu of the model on the Models page.',
  notWhatWasAsked:
    'The answer of {provider} is not {what, select, file {a file} job {a fine-tuning job} json {JSON} jobs {a list of jobs} library {a list of models to add} list {a list} model {a model} models {a list of models} tokens {a text\'s tokens} other {what was asked for}}{field, select, none {} other {: "{field}" is missing or not as it should be}}.',
  overLimit:
    'This is expected to cost {estimate}. Of the limit of {limit} a month, {spent} is spent and {reserved} is reserved for work in progress.',
  unpriced:
    'What this costs is not known, and there is a limit of {limit} a month. Confirm the unknown cost, or set a price on the Providers page.',
  unreachable: 'The provider could not be reached.',
  webPage: 'The provider answered with a web page.',

  addressForm: 'Enter an address such as https://models.example.org/v1.',
  addressNotBare:
    'An address must hold no user, password, question mark or hash: the key goes into its own field.',
  azureAddress:
    'Enter the address of a resource or project, such as https://NAME.openai.azure.com/openai/v1, or with ?api-version=2024-10-21 for the classic API.',
  keyForm: 'A key is one line of 8 to 4096 printable characters, without spaces.',
  keyMissing: 'Enter the key.',
  noAccount: 'The address must end with your account: https://api.fireworks.ai/v1/accounts/ACCOUNT.',
  nameMissing: 'Enter a name.',
  nameTooLong: 'A name has at most {maximum} characters.',
  dateForm: 'Enter a day, such as 2026-11-22.',
  priceNegative: 'A price cannot be below zero.',
  priceNotNumber: 'A price must be a number.',
  priceTooHigh: 'A price can be at most a million dollars.',
  sourceMissing: 'Where does the price come from?',
  sumNegative: 'An amount cannot be below zero.',
  sumNotNumber: 'An amount must be a number.',
  azureResource:
    'This is no id of a resource. It begins with /subscriptions/ and ends with the name of the account.',
  azureDeploymentName: 'Name the deployment: 2 to 64 letters, digits, dots, hyphens or underscores.',
  azureToken: 'Enter a token of Azure Resource Manager.',
} as const
