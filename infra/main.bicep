targetScope = 'resourceGroup'

metadata description = 'The whole system: storage, vault, function app, monitoring with alarms, and optionally a network of its own.'

import { Settings, defaults } from 'settings.bicep'
import { AppSettings, Reach, Tags } from 'types.bicep'

@description('Beginning of the resources\' names, such as the product\'s or the firm\'s.')
@minLength(2)
@maxLength(8)
param name string = 'clv'

@description('Which environment it is, in names and tags.')
@minLength(2)
@maxLength(9)
param stage string

param location string = resourceGroup().location

@description('Tags of every resource, besides product and stage.')
param tags Tags = {}

@description('The program that is deployed: that of `clv publish`, or of `clv publish --head isolated`.')
param head 'customHandler' | 'isolatedWorker' = 'customHandler'

@description('Settings of the product that differ from its defaults.')
param settings Settings = {}

@description('Who tells callers apart (docs/access.md).')
param access 'FunctionKeys' | 'AppService' | 'ApiKeys' = 'FunctionKeys'

@description('The roles that have keys, with access ApiKeys: each needs its secret in the vault.')
param apiKeyRoles ('Agent' | 'Analyst' | 'Operator')[] = ['Agent', 'Analyst', 'Operator']

@description('The app registration that people sign in with, with access AppService.')
param signInClientId string = ''

@description('Standard settings of OpenTelemetry (OTEL_*), such as OTEL_EXPORTER_OTLP_ENDPOINT; a header with a secret as a Key Vault reference.')
param openTelemetry AppSettings = {}

@description('Public: storage and vault can be reached from anywhere, with a role. Firewall: from the app\'s subnet and dataIpRanges. Private: through endpoints in the network, and from dataIpRanges.')
param network Reach = 'Public'

@description('Address space of the network, at least a /24.')
param addressSpace string = '10.40.0.0/24'

@description('The app itself can be reached from the network alone, with network Private.')
param privateApp bool = false

@description('Ranges that may call the app; empty for everybody.')
param callerIpRanges string[] = []

@description('Ranges that may reach storage and vault besides the app: the CRM\'s, the operators\'.')
param dataIpRanges string[] = []

@description('Memory of an instance, in MB.')
param instanceMemoryMB 512 | 2048 | 4096 = 2048

@description('Instances at most.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances that are always there, so that no lookup waits for one to start.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

@description('What survives the loss of a data centre: nothing, the data, or the app as well, which then keeps two instances of each function and bills them.')
param zoneRedundant 'None' | 'Storage' | 'All' = 'None'

@description('Days after which delivered extracts are deleted; 0 to keep them. More than any night may be late by.')
@minValue(0)
@maxValue(3650)
param extractDays int = 30

@description('Days for which a deleted blob could be restored. More than 0 keeps what was erased of a person for so long.')
@minValue(0)
@maxValue(365)
param blobRestoreDays int = 0

@description('Logs who reads and writes blobs.')
param auditBlobs bool = false

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 30

@description('Gigabytes of logs a day above which nothing more is taken in, alarms included; -1 for no limit.')
param logQuotaGb int = -1

@description('Who gets the alarms by e-mail.')
param alarmEmails string[] = []

@description('Groups of actions that alarms set off besides, by id.')
param alarmActionGroupIds string[] = []

@description('The share of failed lookups that is an alarm.')
param failedLookupShare string = '0.02'

@description('The mean of a quarter of an hour above which lookups are slow, in milliseconds.')
@minValue(1)
param slowLookupMilliseconds int = 500

@description('The share of a night\'s rows set aside that is an alarm, below the one that holds the run.')
param quarantineShare string = '0.02'

@description('Looks at the app from outside every five minutes.')
param healthTest bool = true

@description('Keeps storage and vault from being deleted.')
param lock bool = false

@description('A deleted vault keeps its secrets, and its name, for 90 days. Without, for 7, and it can be purged before: for what is torn down and made again. It cannot be turned off.')
param purgeProtection bool = true

@description('Who delivers extracts: the object id of an identity or a group.')
param uploaderPrincipalId string = ''

@description('Who takes events from the queue clv-events.')
param eventsPrincipalId string = ''

@description('Who reads the container clv-exports.')
param exportsPrincipalId string = ''

@description('Who sets the secrets.')
param vaultOfficerPrincipalId string = ''

var unique = take(uniqueString(resourceGroup().id, name, stage), 8)
var suffix = '${name}-${stage}-${unique}'
var identityName = 'id-${suffix}'
// A vault's name takes no two hyphens in a row.
var vaultName = 'kv-${take(replace(name, '-', ''), 5)}-${take(replace(stage, '-', ''), 5)}-${unique}'
var allTags = union({ product: 'clv-functions', stage: stage }, tags)
var productSettings = union(defaults, settings)
var hasNetwork = network != 'Public'
var isPrivateApp = privateApp ? (network == 'Private' ? true : fail('privateApp needs network Private.')) : false
var signIn = access == 'AppService'
  ? (empty(signInClientId) ? fail('access AppService needs signInClientId.') : signInClientId)
  : ''

module identity 'modules/identity.bicep' = {
  params: {
    name: identityName
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    suffix: suffix
    location: location
    tags: allTags
    retentionDays: logDays
    dailyQuotaGb: logQuotaGb
    appIdentity: identityName
    appPrincipalId: identity.outputs.principalId
  }
}

module net 'modules/network.bicep' = if (hasNetwork) {
  params: {
    name: 'vnet-${suffix}'
    location: location
    tags: allTags
    addressSpace: addressSpace
    serviceEndpoints: network == 'Firewall'
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: toLower('st${take(replace(name, '-', ''), 6)}${take(replace(stage, '-', ''), 6)}${unique}')
    location: location
    tags: allTags
    sku: zoneRedundant == 'None' ? 'Standard_LRS' : 'Standard_ZRS'
    reach: network
    ipRanges: dataIpRanges
    subnetId: net.?outputs.appSubnetId ?? ''
    appIdentity: identityName
    appPrincipalId: identity.outputs.principalId
    uploaderPrincipalId: uploaderPrincipalId
    eventsPrincipalId: eventsPrincipalId
    exportsPrincipalId: exportsPrincipalId
    extractDays: extractDays
    blobRestoreDays: blobRestoreDays
    auditBlobs: auditBlobs
    workspaceId: monitoring.outputs.workspaceId
    lock: lock
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    name: vaultName
    location: location
    tags: allTags
    reach: network
    ipRanges: dataIpRanges
    subnetId: net.?outputs.appSubnetId ?? ''
    appIdentity: identityName
    appPrincipalId: identity.outputs.principalId
    officerPrincipalId: vaultOfficerPrincipalId
    purgeProtection: purgeProtection
    workspaceId: monitoring.outputs.workspaceId
    lock: lock
  }
}

var endpoints = concat(
  map(['blob', 'queue', 'table'], service => {
    group: service
    zone: 'privatelink.${service}.${environment().suffixes.storage}'
  }),
  [{ group: 'vault', zone: 'privatelink.vaultcore.azure.net' }]
)

module endpoint 'modules/endpoint.bicep' = [
  for each in (network == 'Private' ? endpoints : []): {
    params: {
      name: 'pe-${each.group}-${suffix}'
      location: location
      tags: allTags
      serviceId: each.group == 'vault' ? vault.outputs.id : storage.outputs.id
      group: each.group
      zone: each.zone
      networkId: net!.outputs.id
      subnetId: net!.outputs.endpointSubnetId
    }
  }
]

module app 'modules/app.bicep' = {
  // Its first start needs storage and the secret.
  dependsOn: [endpoint]
  params: {
    // At most 32 characters: the host tells apps on one storage account apart by no more of it.
    name: 'func-${suffix}'
    planName: 'plan-${suffix}'
    location: location
    tags: allTags
    zoneRedundant: zoneRedundant == 'All'
    isolatedWorker: head == 'isolatedWorker'
    identityId: identity.outputs.id
    deploymentContainer: storage.outputs.deploymentContainer
    settings: union(
      toObject(items(productSettings), each => 'Clv__${each.key}', each => each.value),
      {
        Clv__Access: access
        Clv__HashKey: '@Microsoft.KeyVault(VaultName=${vault.outputs.name};SecretName=clv-hash-key)'
        AzureWebJobsStorage__accountName: storage.outputs.name
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identity.outputs.clientId
        // Else the host shows its own page at the agent's address while it has no functions, as if all were well.
        AzureWebJobsDisableHomepage: 'true'
        APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
      },
      toObject(
        access == 'ApiKeys' ? apiKeyRoles : [],
        role => 'Clv__ApiKeys__${role}',
        role => '@Microsoft.KeyVault(VaultName=${vault.outputs.name};SecretName=clv-api-key-${toLower(role)})'
      ),
      openTelemetry
    )
    instanceMemoryMB: instanceMemoryMB
    maximumInstances: maximumInstances
    alwaysReadyInstances: alwaysReadyInstances
    callerIpRanges: callerIpRanges
    private: isPrivateApp
    subnetId: net.?outputs.appSubnetId ?? ''
    signInClientId: signIn
  }
}

module appEndpoint 'modules/endpoint.bicep' = if (isPrivateApp) {
  params: {
    name: 'pe-app-${suffix}'
    location: location
    tags: allTags
    serviceId: app.outputs.id
    group: 'sites'
    zone: 'privatelink.azurewebsites.net'
    networkId: net!.outputs.id
    subnetId: net!.outputs.endpointSubnetId
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    suffix: suffix
    location: location
    tags: allTags
    insightsId: monitoring.outputs.insightsId
    isolatedWorker: head == 'isolatedWorker'
    emails: alarmEmails
    actionGroupIds: alarmActionGroupIds
    lateHours: productSettings.LateHours
    failedLookupShare: failedLookupShare
    slowLookupMilliseconds: slowLookupMilliseconds
    quarantineShare: quarantineShare
    // With function keys the host asks for one in front of all of the API, so the agent's page is what answers anybody.
    healthTest: healthTest && !isPrivateApp && empty(callerIpRanges)
    healthUrl: 'https://${app.outputs.host}${access == 'FunctionKeys' ? '/' : '/api/healthz'}'
    healthText: access == 'FunctionKeys' ? 'Customer value' : '"status":"ok"'
  }
}

@description('Name of the function app, to deploy the package to.')
output appName string = app.outputs.name

@description('Where the app answers.')
output appUrl string = 'https://${app.outputs.host}'

@description('Name of the vault, to set the hash key in.')
output vaultName string = vault.outputs.name

@description('Name of the storage account, to deliver extracts to.')
output storageName string = storage.outputs.name

@description('The workspace of the logs, to ask it by.')
output workspaceId string = monitoring.outputs.workspaceCustomerId
