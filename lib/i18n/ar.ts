import type { Messages } from 'use-intl/core'
import aliases from './ar/aliases.json' with { type: 'json' }
import apiKeys from './ar/api-keys.json' with { type: 'json' }
import auth from './ar/auth.json' with { type: 'json' }
import charts from './ar/charts.json' with { type: 'json' }
import conversation from './ar/conversation.json' with { type: 'json' }
import datasets from './ar/datasets.json' with { type: 'json' }
import errors from './ar/errors.ts'
import estimate from './ar/estimate.json' with { type: 'json' }
import evals from './ar/evals.json' with { type: 'json' }
import finish from './ar/finish.json' with { type: 'json' }
import help from './ar/help.json' with { type: 'json' }
import home from './ar/home.json' with { type: 'json' }
import imports from './ar/imports.json' with { type: 'json' }
import issues from './ar/issues.json' with { type: 'json' }
import job from './ar/job.json' with { type: 'json' }
import jobList from './ar/job-list.json' with { type: 'json' }
import jobs from './ar/jobs.json' with { type: 'json' }
import keys from './ar/keys.json' with { type: 'json' }
import language from './ar/language.json' with { type: 'json' }
import launch from './ar/launch.json' with { type: 'json' }
import library from './ar/library.json' with { type: 'json' }
import line from './ar/line.json' with { type: 'json' }
import models from './ar/models.json' with { type: 'json' }
import palette from './ar/palette.json' with { type: 'json' }
import playground from './ar/playground.json' with { type: 'json' }
import prompts from './ar/prompts.json' with { type: 'json' }
import providers from './ar/providers.json' with { type: 'json' }
import quiz from './ar/quiz.json' with { type: 'json' }
import recording from './ar/recording.json' with { type: 'json' }
import report from './ar/report.json' with { type: 'json' }
import rescue from './ar/rescue.json' with { type: 'json' }
import ruleTitles from './ar/rule-titles.json' with { type: 'json' }
import ruleWhy from './ar/rule-why.json' with { type: 'json' }
import rules from './ar/rules.json' with { type: 'json' }
import scores from './ar/scores.json' with { type: 'json' }
import settings from './ar/settings.json' with { type: 'json' }
import shell from './ar/shell.json' with { type: 'json' }
import spending from './ar/spending.json' with { type: 'json' }
import storage from './ar/storage.json' with { type: 'json' }
import terms from './ar/terms.json' with { type: 'json' }
import trainers from './ar/trainers.json' with { type: 'json' }
import ui from './ar/ui.json' with { type: 'json' }
import verdict from './ar/verdict.json' with { type: 'json' }
import versions from './ar/versions.json' with { type: 'json' }
import views from './ar/views.json' with { type: 'json' }
import worth from './ar/worth.json' with { type: 'json' }
import type { Catalogue } from './en.ts'

/** The Arabic catalogue, by room: the keys of the English one. */
const catalogue = {
  aliases,
  apiKeys,
  auth,
  charts,
  conversation,
  datasets,
  errors,
  estimate,
  evals,
  finish,
  help,
  home,
  imports,
  issues,
  job,
  jobList,
  jobs,
  keys,
  language,
  launch,
  library,
  line,
  models,
  palette,
  playground,
  prompts,
  providers,
  quiz,
  recording,
  report,
  rescue,
  ruleTitles,
  ruleWhy,
  rules,
  scores,
  settings,
  shell,
  spending,
  storage,
  terms,
  trainers,
  ui,
  verdict,
  versions,
  views,
  worth,
} satisfies Catalogue

/** With the types of the English sentences, from which the compiler knows their values. */
export const ar = catalogue as unknown as Messages
