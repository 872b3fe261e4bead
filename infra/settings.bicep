@export()
@sealed()
@description('The product\'s settings, as the app reads them (docs/settings.md): a number is text with a point, and what is left out has the product\'s default.')
type Settings = {
  @description('When the night starts, NCRONTAB in UTC.')
  Schedule: string?

  @description('When the watchdog looks, NCRONTAB in UTC.')
  WatchSchedule: string?

  @description('Requests a minute of one caller from one address, in each process; 0 for no limit.')
  RequestsPerMinute: string?

  @description('Whose calendar decides which extract folder is tonight\'s: an IANA time zone.')
  TimeZone: string?

  @description('The country whose dialling rules apply to phone numbers without an international prefix; empty for none.')
  PhoneRegion: string?

  @description('Weeks of the future that count.')
  HorizonWeeks: string?

  @description('What a year costs, as a share.')
  DiscountRate: string?

  @description('Units per fan-out; fixed until the next snapshot.')
  Partitions: string?

  @description('Customers above which the models see a reproducible sample.')
  FitCustomers: string?

  @description('Weeks held out to test the models on.')
  BacktestWeeks: string?

  @description('A run with a smaller share of the published run\'s customers is held.')
  MinimumCustomerShare: string?

  @description('A run with a greater multiple of the published run\'s customers is held.')
  MaximumCustomerShare: string?

  @description('A run from which a greater share of the people of the night before is gone is held.')
  MaximumGoneShare: string?

  @description('A run whose total future value changed by a greater share is held.')
  MaximumValueChange: string?

  @description('A run of one of whose files a greater share of rows was set aside is held.')
  MaximumQuarantineShare: string?

  @description('An erasures file that names a greater share of the last run\'s people is refused.')
  MaximumErasedShare: string?

  @description('A run with models that were kept for longer, in days, is held.')
  MaximumModelAgeDays: string?

  @description('Published runs that are kept whole.')
  RetainedRuns: string?

  @description('Days that the audit is kept.')
  AuditDays: string?

  @description('Whether each night writes its scores as files for analysts too: true or false.')
  ExportScores: string?

  @description('Minutes without progress after which what is missing of a run is queued again.')
  StuckMinutes: string?

  @description('Hours after which served scores are told to be late: more than the longest pause of Schedule.')
  LateHours: string?
}

@export()
@description('The product\'s defaults; of the schedules, which have none, the usual ones.')
var defaults = {
  Schedule: '0 0 2 * * *'
  WatchSchedule: '0 */5 * * * *'
  RequestsPerMinute: '600'
  TimeZone: 'UTC'
  PhoneRegion: ''
  HorizonWeeks: '52'
  DiscountRate: '0.10'
  Partitions: '64'
  FitCustomers: '5000000'
  BacktestWeeks: '26'
  MinimumCustomerShare: '0.5'
  MaximumCustomerShare: '2'
  MaximumGoneShare: '0.5'
  MaximumValueChange: '0.5'
  MaximumQuarantineShare: '0.1'
  MaximumErasedShare: '0.1'
  MaximumModelAgeDays: '30'
  RetainedRuns: '7'
  AuditDays: '365'
  ExportScores: 'true'
  StuckMinutes: '30'
  LateHours: '26'
}
