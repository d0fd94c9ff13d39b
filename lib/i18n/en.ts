import charts from './en/charts.json' with { type: 'json' }
import datasets from './en/datasets.json' with { type: 'json' }
import errors from './en/errors.json' with { type: 'json' }
import home from './en/home.json' with { type: 'json' }
import jobs from './en/jobs.json' with { type: 'json' }
import models from './en/models.json' with { type: 'json' }
import playground from './en/playground.json' with { type: 'json' }
import providers from './en/providers.json' with { type: 'json' }
import rules from './en/rules.json' with { type: 'json' }
import shell from './en/shell.json' with { type: 'json' }
import ui from './en/ui.json' with { type: 'json' }

/** The English catalogue: one group per room. */
export const en = { charts, datasets, errors, home, jobs, models, playground, providers, rules, shell, ui }

declare module 'use-intl' {
  interface AppConfig {
    Messages: typeof en
    Locale: 'en'
  }
}
