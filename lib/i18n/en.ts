import aliases from './en/aliases.json' with { type: 'json' }
import apiKeys from './en/api-keys.json' with { type: 'json' }
import auth from './en/auth.json' with { type: 'json' }
import charts from './en/charts.json' with { type: 'json' }
import conversation from './en/conversation.json' with { type: 'json' }
import datasets from './en/datasets.json' with { type: 'json' }
import errors from './en/errors.ts'
import estimate from './en/estimate.json' with { type: 'json' }
import evals from './en/evals.json' with { type: 'json' }
import finish from './en/finish.json' with { type: 'json' }
import help from './en/help.json' with { type: 'json' }
import home from './en/home.json' with { type: 'json' }
import imports from './en/imports.json' with { type: 'json' }
import issues from './en/issues.json' with { type: 'json' }
import job from './en/job.json' with { type: 'json' }
import jobList from './en/job-list.json' with { type: 'json' }
import jobs from './en/jobs.json' with { type: 'json' }
import keys from './en/keys.json' with { type: 'json' }
import language from './en/language.json' with { type: 'json' }
import launch from './en/launch.json' with { type: 'json' }
import library from './en/library.json' with { type: 'json' }
import line from './en/line.json' with { type: 'json' }
import models from './en/models.json' with { type: 'json' }
import palette from './en/palette.json' with { type: 'json' }
import playground from './en/playground.json' with { type: 'json' }
import prompts from './en/prompts.json' with { type: 'json' }
import providers from './en/providers.json' with { type: 'json' }
import quiz from './en/quiz.json' with { type: 'json' }
import recording from './en/recording.json' with { type: 'json' }
import report from './en/report.json' with { type: 'json' }
import rescue from './en/rescue.json' with { type: 'json' }
import ruleTitles from './en/rule-titles.json' with { type: 'json' }
import ruleWhy from './en/rule-why.json' with { type: 'json' }
import rules from './en/rules.json' with { type: 'json' }
import scores from './en/scores.json' with { type: 'json' }
import settings from './en/settings.json' with { type: 'json' }
import shell from './en/shell.json' with { type: 'json' }
import spending from './en/spending.json' with { type: 'json' }
import storage from './en/storage.json' with { type: 'json' }
import terms from './en/terms.json' with { type: 'json' }
import trainers from './en/trainers.json' with { type: 'json' }
import ui from './en/ui.json' with { type: 'json' }
import verdict from './en/verdict.json' with { type: 'json' }
import versions from './en/versions.json' with { type: 'json' }
import views from './en/views.json' with { type: 'json' }
import worth from './en/worth.json' with { type: 'json' }
import type { Locale } from './locale.ts'

/** The English catalogue, by room. */
export const en = {
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
}

/** A catalogue of the same keys in another language. */
type Like<Texts> = { readonly [Key in keyof Texts]: Texts[Key] extends string ? string : Like<Texts[Key]> }
export type Catalogue = Like<typeof en>

declare module 'use-intl' {
  interface AppConfig {
    Messages: typeof en
    Locale: Locale
  }
}
