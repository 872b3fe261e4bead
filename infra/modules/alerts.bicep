import { Tags } from '../types.bicep'

@description('Ending of the names.')
param suffix string

param location string

param tags Tags

@description('The Application Insights that the app reports to.')
param insightsId string

@description('The isolated worker instead of the custom handler.')
param isolatedWorker bool

@description('Who gets the alarms by e-mail; empty for nobody.')
param emails string[]

@description('Groups of actions that the alarms set off besides, by id.')
param actionGroupIds string[]

@description('Hours after which served scores are late, and a night should have started: Clv:LateHours.')
param lateHours string

@description('The share of failed lookups that is an alarm.')
param failedLookupShare string

@description('The mean of a quarter of an hour above which lookups are slow, in milliseconds.')
param slowLookupMilliseconds int

@description('The share of a night\'s rows set aside that is an alarm, below the one that holds the run.')
param quarantineShare string

@description('Looks at the app from outside.')
param healthTest bool

@description('An address of the app that answers without a key.')
param healthUrl string

@description('What the answer has in it.')
param healthText string

// The number of an event in a line of the custom handler's log, as the host passes it on:
//   warn: Clv.Functions.Night.Watchdog[32] Lookups are served from run ...
var lines = '''
traces
| extend event = toint(extract(@"^(?:warn|fail|crit): Clv\.[A-Za-z.]+\[([0-9]+)\] ", 1, message))
| where event in ({0})'''

// What the isolated worker sends itself has no such beginning, but the number beside it. What it logs with an exception becomes one.
var records = '''
union traces, (exceptions | extend message = outerMessage)
| where tostring(customDimensions.CategoryName) startswith "Clv."
| extend event = toint(customDimensions.EventId)
| where event in ({0})'''

var logged = isolatedWorker ? records : lines

// An alarm per message, since it names the run and the reason. None holds anything personal (docs/operations.md).
var perMessage = [{ name: 'message', operator: 'Include', values: ['*'] }]

// Events that ask somebody to do something. Those that do not (3, 21, 22, 35, 51) are told in docs/operations.md alone.
var events = [
  {
    name: 'run-failed'
    events: [4, 31]
    title: 'A night failed or was given up'
    severity: 1
    atLeast: 1
    split: true
  }
  {
    name: 'run-held'
    events: [20]
    title: 'A night is held and not published'
    severity: 1
    atLeast: 1
    split: true
  }
  {
    name: 'run-stuck'
    events: [30, 39]
    title: 'A night is stuck, or its record was put right'
    severity: 2
    atLeast: 1
    split: true
  }
  {
    name: 'events-untold'
    events: [41]
    title: 'Campaign tools were not told all that a night has changed'
    severity: 2
    atLeast: 1
    split: true
  }
  {
    name: 'poison-messages'
    events: [33, 34]
    title: 'A message in the queue of work is no unit of work'
    severity: 2
    atLeast: 1
    split: true
  }
  {
    name: 'unit-failing'
    events: [5]
    title: 'Calls of timers and units fail again and again'
    severity: 3
    atLeast: 5
    split: false
  }
  {
    name: 'storage-unreachable'
    events: [6]
    title: 'Storage cannot be reached: lookups answer 503'
    severity: 1
    atLeast: 3
    split: false
  }
  {
    name: 'request-failed'
    events: [8]
    title: 'Requests fail for a reason that nobody foresaw'
    severity: 2
    atLeast: 1
    split: false
  }
  {
    name: 'snapshot-needed'
    events: [9]
    title: 'What is served was made by an earlier version: a snapshot is needed'
    severity: 2
    atLeast: 1
    split: false
  }
  {
    name: 'strays'
    events: [38]
    title: 'Files or tables of runs that the table of runs does not know'
    severity: 3
    atLeast: 1
    split: true
  }
  {
    name: 'access-refused'
    events: [50]
    title: 'Callers ask again and again for what their role does not allow'
    severity: 3
    atLeast: 20
    split: false
  }
]

var measures = [
  {
    name: 'night-late'
    title: 'No night was published for too long: what is served is late'
    severity: 1
    window: 'PT15M'
    frequency: 'PT5M'
    query: '''
union
  ({0}),
  (customMetrics | where name == "clv.published.age" and value > {1} * 3600)'''
    values: [format(logged, 32), lateHours]
    least: 1
  }
  {
    name: 'lookup-errors'
    title: 'Lookups fail'
    severity: 1
    window: 'PT15M'
    frequency: 'PT5M'
    query: '''
customMetrics
| where name == "clv.lookup.duration"
| summarize all = sum(valueCount), failed = sumif(valueCount, tostring(customDimensions.outcome) == "failed")
| where failed >= 3 and failed > {0} * all'''
    values: [failedLookupShare]
    least: 1
  }
  {
    name: 'lookup-slow'
    title: 'Lookups are slow'
    severity: 2
    window: 'PT15M'
    frequency: 'PT5M'
    query: '''
customMetrics
| where name == "clv.lookup.duration"
| summarize all = sum(valueCount), seconds = sum(valueSum)
| where all >= 10 and seconds * 1000 > {0} * all'''
    values: [string(slowLookupMilliseconds)]
    least: 1
  }
  // The share that is told once a run's books balance, not the rows as they are counted: those that are set aside are counted when files are read,
  // most of those that are used a phase later, so that in a window or a run that ends between, all rows would seem set aside.
  {
    name: 'quarantine-share'
    title: 'Many rows of a kind of file were set aside'
    severity: 2
    window: 'PT6H'
    frequency: 'PT1H'
    query: '''
customMetrics
| where name == "clv.night.quarantine.share" and value > {0}
| summarize share = max(value) by kind = tostring(customDimensions.kind)'''
    values: [quarantineShare]
    least: 1
  }
]

// What the host says of the calls of timers. An app that does not run tells nobody anything, so its silence is an alarm; and before the first
// night is published nothing is late, so that a night that never starts is one too.
var executions = [
  {
    name: 'watch-silent'
    title: 'The watchdog does not run'
    description: 'The timer Watch did not succeed for half an hour: the app is stopped, cannot start, or cannot reach storage'
    enabled: true
    window: 'PT30M'
    frequency: 'PT15M'
    query: 'traces | where message startswith "Executed \'Functions.Watch\' (Succeeded"'
    operator: 'LessThan'
  }
  {
    // No timer is called again before its next time, so once is enough.
    name: 'night-start-failed'
    title: 'The timer could not start a night'
    description: 'The timer StartNight failed: storage cannot be reached or does not fit the settings, or the app was stopped meanwhile'
    enabled: true
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'traces | where message startswith "Executed \'Functions.StartNight\' (Failed"'
    operator: 'GreaterThanOrEqual'
  }
  {
    name: 'night-not-started'
    title: 'The timer did not start a night'
    description: 'The timer StartNight did not succeed for ${lateHours} hours (Clv:LateHours)'
    // Of the windows that rules may have, a day is too short for what comes once a day, and the next one, two days, is the longest. Turned off
    // and not left out, since a deployment would leave the rule of the one before.
    enabled: int(split(lateHours, '.')[0]) < 48
    window: 'P2D'
    frequency: 'PT1H'
    query: 'traces | where timestamp > ago(${lateHours}h) and message startswith "Executed \'Functions.StartNight\' (Succeeded"'
    operator: 'LessThan'
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: 'ag-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'clv'
    emailReceivers: [
      for (email, place) in emails: {
        name: 'operator-${place}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

var groups = concat(
  actionGroupIds,
  empty(emails) ? [] : [resourceId('Microsoft.Insights/actionGroups', 'ag-${suffix}')]
)

resource eventAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in events: {
    name: '${alert.name}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    dependsOn: [group]
    properties: {
      displayName: alert.title
      description: 'Event ${join(map(alert.events, event => string(event)), ', ')} of docs/operations.md'
      severity: alert.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      // Longer than the frequency: a line that is taken in late is still seen.
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: format(logged, join(map(alert.events, event => string(event)), ', '))
            timeAggregation: 'Count'
            operator: 'GreaterThanOrEqual'
            threshold: alert.atLeast
            dimensions: alert.split ? perMessage : []
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: groups }
    }
  }
]

resource measureAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in measures: {
    name: '${alert.name}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    dependsOn: [group]
    properties: {
      displayName: alert.title
      description: 'See docs/operations.md'
      severity: alert.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: format(alert.query, alert.values[0], alert.values[?1] ?? '')
            timeAggregation: 'Count'
            operator: 'GreaterThanOrEqual'
            threshold: alert.least
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: groups }
    }
  }
]

resource executionAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in executions: {
    name: '${alert.name}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    dependsOn: [group]
    properties: {
      displayName: alert.title
      description: alert.description
      severity: 1
      enabled: alert.enabled
      scopes: [insightsId]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: alert.operator
            threshold: 1
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: groups }
    }
  }
]

resource health 'Microsoft.Insights/webtests@2022-06-15' = if (healthTest) {
  name: 'health-${suffix}'
  location: location
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: 'health-${suffix}'
    SyntheticMonitorId: 'health-${suffix}'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'emea-gb-db3-azr' }
      { Id: 'emea-fr-pra-edge' }
    ]
    Request: {
      RequestUrl: healthUrl
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
      ContentValidation: {
        ContentMatch: healthText
        PassIfTextFound: true
      }
    }
  }
}

resource unhealthy 'Microsoft.Insights/metricAlerts@2018-03-01' = if (healthTest) {
  name: 'unhealthy-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The function app does not answer from outside'
    severity: 1
    enabled: true
    scopes: [health.id, insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      componentId: insightsId
      webTestId: health.id
      failedLocationCount: 2
    }
    actions: [for id in groups: { actionGroupId: id }]
  }
  dependsOn: [group]
}
